// Layers with a problem, and the bookkeeping of the builder.
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets/builder.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft::presets {

NetworkBuilder::NetworkBuilder(std::string name, std::int64_t batch) : batch_(batch) {
  if (batch < 1) {
    throw std::invalid_argument("the batch must be at least 1");
  }
  network_.name = std::move(name);
}

Feature NetworkBuilder::input(std::int64_t channels, std::int64_t h, std::int64_t w) const {
  if (h < 1 || w < 1 || h > 65536 || w > 65536) {
    throw std::invalid_argument("the resolution must be 1 to 65536");
  }
  return {-1, channels, h, w};
}

Layer& NetworkBuilder::add_layer(const std::string& name, const std::vector<Feature>& inputs) {
  Layer layer{.name = name};
  for (const Feature& input : inputs) {
    const bool known = std::find(layer.inputs.begin(), layer.inputs.end(), input.layer) != layer.inputs.end();
    if (input.layer >= 0 && !known) {
      layer.inputs.push_back(input.layer);
    }
  }
  network_.layers.push_back(std::move(layer));
  return network_.layers.back();
}

Layer& NetworkBuilder::layer_of(const Feature& feature) {
  WEFT_ENSURE(feature.layer >= 0, "the network's input has no layer to attach to");
  return network_.layers[static_cast<std::size_t>(feature.layer)];
}

void NetworkBuilder::finish_layer(Layer& layer, Finish finish, const Feature& out) {
  const std::int64_t elements = checked_mul(batch_, out.elements());
  layer.parameters = words(layer.problem->tensor(Role::kWeights));
  if (finish == Finish::kBias) {
    layer.post_ops.push_back({.name = "bias",
                              .kind = VectorKind::kBias,
                              .elements = elements,
                              .extra_input_words = out.channels,
                              .output_words = elements});
    layer.parameters += out.channels;
  } else if (finish == Finish::kNorm) {
    layer.post_ops.push_back({.name = "norm",
                              .kind = VectorKind::kNormalisation,
                              .elements = elements,
                              .ops_per_element = 2,
                              .extra_input_words = 2 * out.channels,
                              .output_words = elements});
    layer.parameters += 2 * out.channels;
  }
}

Feature NetworkBuilder::conv(const std::string& name, const Feature& in, const ConvSpec& spec) {
  const ConvShape shape{.name = name,
                        .batch = batch_,
                        .in_channels = in.channels,
                        .out_channels = spec.out,
                        .in_h = in.h,
                        .in_w = in.w,
                        .kernel_h = spec.kernel,
                        .kernel_w = spec.kernel,
                        .stride_h = spec.stride,
                        .stride_w = spec.stride,
                        .pad_top = spec.pad,
                        .pad_left = spec.pad,
                        .pad_bottom = spec.pad,
                        .pad_right = spec.pad,
                        .groups = spec.groups};
  Problem problem = make_conv(shape);
  Layer& layer = add_layer(name, {in});
  layer.problem = std::move(problem);
  const Feature out{static_cast<int>(network_.layers.size()) - 1, spec.out, out_h(shape), out_w(shape)};
  finish_layer(layer, spec.finish, out);
  return out;
}

Feature NetworkBuilder::upconv(const std::string& name, const Feature& in, std::int64_t out_channels,
                               std::int64_t size) {
  const Feature raw = conv(name, in, {.out = out_channels * size * size, .finish = Finish::kNothing});
  const Feature out{raw.layer, out_channels, in.h * size, in.w * size};
  finish_layer(layer_of(raw), Finish::kBias, out);
  return out;
}

Feature NetworkBuilder::linear(const std::string& name, const Feature& in, std::int64_t out_channels,
                               Finish finish) {
  Problem problem =
      make_gemm({.name = name, .m = checked_mul(batch_, in.h * in.w), .n = out_channels, .k = in.channels});
  problem.kind = "linear";
  Layer& layer = add_layer(name, {in});
  layer.problem = std::move(problem);
  const Feature out{static_cast<int>(network_.layers.size()) - 1, out_channels, in.h, in.w};
  finish_layer(layer, finish, out);
  return out;
}

Feature NetworkBuilder::tied_linear(const std::string& name, const Feature& in, std::int64_t out_channels) {
  const Feature out = linear(name, in, out_channels, Finish::kNothing);
  layer_of(out).parameters = 0;
  return out;
}

Feature NetworkBuilder::matmul(const std::string& name, const std::vector<Feature>& operands,
                               const MatmulSpec& spec) {
  Layer& layer = add_layer(name, operands);
  layer.problem = make_gemm({.name = name,
                             .batch = checked_mul(batch_, spec.heads),
                             .m = spec.m,
                             .n = spec.n,
                             .k = spec.k,
                             .weights = GemmShape::Weights::kBatched});
  return {static_cast<int>(network_.layers.size()) - 1, spec.heads * spec.n, spec.m, 1};
}

Feature NetworkBuilder::flatten(const Feature& in) {
  return {in.layer, in.elements(), 1, 1};
}

Network NetworkBuilder::take() {
  const std::string broken = validate(network_);
  WEFT_ENSURE(broken.empty(), "preset '" + network_.name + "': " + broken);
  return std::move(network_);
}

}  // namespace weft::presets
