// Work of the vector unit in the builder: activations, pools, norms, adds and concatenations.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "workload/presets/builder.hpp"

namespace weft::presets {
namespace {

// Rough scalar operations per element, each exp or division as one: maximum, subtract, exp, sum, divide.
constexpr double kSoftmaxOps = 5;
// Mean, variance (subtract, square, add), normalise, scale, shift.
constexpr double kLayerNormOps = 7;

std::int64_t pooled(std::int64_t in, const PoolSpec& spec) {
  const std::int64_t room = in + 2 * spec.pad - spec.kernel;
  if (room < 0) {
    throw std::invalid_argument("the resolution is too small for the network's pools");
  }
  if (spec.rounding == PoolSpec::Rounding::kDown) {
    return room / spec.stride + 1;
  }
  const std::int64_t out = ceil_div(room, spec.stride) + 1;
  // A window that would start beyond the padded input is dropped.
  return (out - 1) * spec.stride >= in + spec.pad ? out - 1 : out;
}

}  // namespace

Feature NetworkBuilder::activation(const Feature& in, const std::string& name, double ops_per_element) {
  const std::int64_t elements = checked_mul(batch_, in.elements());
  layer_of(in).post_ops.push_back({.name = name,
                                   .kind = VectorKind::kActivation,
                                   .elements = elements,
                                   .ops_per_element = ops_per_element,
                                   .output_words = elements});
  return in;
}

Feature NetworkBuilder::add(const Feature& in, const Feature& other) {
  WEFT_ENSURE(in.elements() == other.elements() && other.layer < in.layer,
              "a residual add joins two equal maps");
  Layer& layer = layer_of(in);
  const std::int64_t elements = checked_mul(batch_, in.elements());
  layer.post_ops.push_back({.name = "add",
                            .kind = VectorKind::kResidualAdd,
                            .elements = elements,
                            .extra_input_words = elements,
                            .output_words = elements});
  if (other.layer >= 0 &&
      std::find(layer.inputs.begin(), layer.inputs.end(), other.layer) == layer.inputs.end()) {
    layer.inputs.push_back(other.layer);
  }
  return in;
}

VectorOp NetworkBuilder::pool_op(const Feature& in, const Feature& out, double window) const {
  const std::int64_t elements = checked_mul(batch_, out.elements());
  const bool global = out.h * out.w == 1 && window == static_cast<double>(in.h * in.w);
  return {.name = "pool",
          .kind = global ? VectorKind::kGlobalPool : VectorKind::kPool,
          .elements = elements,
          .ops_per_element = window,
          .output_words = elements,
          .standalone = true};
}

Feature NetworkBuilder::max_pool(const Feature& in, const PoolSpec& spec) {
  const Feature out{in.layer, in.channels, pooled(in.h, spec), pooled(in.w, spec)};
  layer_of(in).post_ops.push_back(pool_op(in, out, static_cast<double>(spec.kernel * spec.kernel)));
  return out;
}

Feature NetworkBuilder::average_pool(const Feature& in, std::int64_t out_h, std::int64_t out_w) {
  const Feature out{in.layer, in.channels, out_h, out_w};
  const double window = static_cast<double>(ceil_div(in.h, out_h) * ceil_div(in.w, out_w));
  layer_of(in).post_ops.push_back(pool_op(in, out, window));
  return out;
}

Feature NetworkBuilder::softmax(const Feature& in, std::int64_t elements) {
  const std::int64_t total = checked_mul(batch_, elements);
  layer_of(in).post_ops.push_back({.name = "softmax",
                                   .kind = VectorKind::kSoftmax,
                                   .elements = total,
                                   .ops_per_element = kSoftmaxOps,
                                   .output_words = total,
                                   .standalone = true});
  return in;
}

Feature NetworkBuilder::layer_norm(const Feature& in) {
  Layer& layer = layer_of(in);
  const std::int64_t elements = checked_mul(batch_, in.elements());
  layer.post_ops.push_back({.name = "layer_norm",
                            .kind = VectorKind::kNormalisation,
                            .elements = elements,
                            .ops_per_element = kLayerNormOps,
                            .extra_input_words = 2 * in.channels,
                            .output_words = elements,
                            .standalone = true});
  layer.parameters += 2 * in.channels;
  return in;
}

Feature NetworkBuilder::pool_layer(const std::string& name, const Feature& in, const PoolSpec& spec) {
  Layer& layer = add_layer(name, {in});
  const Feature out{static_cast<int>(network_.layers.size()) - 1, in.channels, pooled(in.h, spec),
                    pooled(in.w, spec)};
  VectorOp op = pool_op(in, out, static_cast<double>(spec.kernel * spec.kernel));
  op.extra_input_words = checked_mul(batch_, in.elements());
  layer.post_ops.push_back(op);
  return out;
}

Feature NetworkBuilder::global_pool_layer(const std::string& name, const Feature& in) {
  Layer& layer = add_layer(name, {in});
  const Feature out{static_cast<int>(network_.layers.size()) - 1, in.channels, 1, 1};
  VectorOp op = pool_op(in, out, static_cast<double>(in.h * in.w));
  op.extra_input_words = checked_mul(batch_, in.elements());
  layer.post_ops.push_back(op);
  return out;
}

Feature NetworkBuilder::multiply_layer(const std::string& name, const Feature& in, const Feature& scale) {
  Layer& layer = add_layer(name, {in, scale});
  const std::int64_t elements = checked_mul(batch_, in.elements());
  layer.post_ops.push_back({.name = "multiply",
                            .kind = VectorKind::kMultiply,
                            .elements = elements,
                            .extra_input_words = elements + checked_mul(batch_, scale.elements()),
                            .output_words = elements,
                            .standalone = true});
  return {static_cast<int>(network_.layers.size()) - 1, in.channels, in.h, in.w};
}

Feature NetworkBuilder::concat(const std::string& name, const std::vector<Feature>& parts) {
  Layer& layer = add_layer(name, parts);
  Feature out = parts.front();
  out.layer = static_cast<int>(network_.layers.size()) - 1;
  out.channels = 0;
  for (const Feature& part : parts) {
    WEFT_ENSURE(part.h == out.h && part.w == out.w, "concatenated maps have one size");
    out.channels += part.channels;
  }
  const std::int64_t elements = checked_mul(batch_, out.elements());
  layer.post_ops.push_back({.name = "concat",
                            .kind = VectorKind::kConcat,
                            .elements = elements,
                            .ops_per_element = 0,
                            .extra_input_words = elements,
                            .output_words = elements,
                            .standalone = true});
  return out;
}

Feature NetworkBuilder::lookup(const std::string& name, const Feature& out, std::int64_t parameters) {
  Layer& layer = add_layer(name, {out});
  const std::int64_t elements = checked_mul(batch_, out.elements());
  layer.post_ops.push_back({.name = "lookup",
                            .kind = VectorKind::kOther,
                            .elements = elements,
                            .ops_per_element = 1,
                            .extra_input_words = elements,
                            .output_words = elements,
                            .standalone = true});
  layer.parameters = parameters;
  return {static_cast<int>(network_.layers.size()) - 1, out.channels, out.h, out.w};
}

}  // namespace weft::presets
