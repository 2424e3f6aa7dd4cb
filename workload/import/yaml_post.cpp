// The post-operations of a layer in a network file.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/checked.hpp"
#include "workload/import/yaml_layer.hpp"

namespace weft::network_yaml {
namespace {

using yaml::Section;
using yaml::Value;

// What an operation costs when the file only names it.
struct Known {
  const char* name;
  VectorKind kind;
  double ops;
  bool standalone;
};
constexpr Known kKnown[] = {
    {"bias", VectorKind::kBias, 1, false},
    {"relu", VectorKind::kActivation, 1, false},
    {"activation", VectorKind::kActivation, 1, false},
    {"gelu", VectorKind::kActivation, 8, false},
    {"normalisation", VectorKind::kNormalisation, 2, false},
    {"layer-norm", VectorKind::kNormalisation, 7, true},
    {"residual-add", VectorKind::kResidualAdd, 1, false},
    {"multiply", VectorKind::kMultiply, 1, false},
    {"softmax", VectorKind::kSoftmax, 5, true},
    {"pool", VectorKind::kPool, 4, true},
    {"global-pool", VectorKind::kGlobalPool, 1, true},
    {"concat", VectorKind::kConcat, 0, true},
    {"resize", VectorKind::kResize, 1, true},
    {"top-k", VectorKind::kTopK, 1, false},
    {"other", VectorKind::kOther, 1, true},
};

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const Known& known : kKnown) {
    names.emplace_back(known.name);
  }
  return names;
}

// Index into kKnown; an unknown name is reported.
std::optional<std::size_t> find_known(const Value& value) {
  const std::string name = value.text();
  const std::vector<std::string> names = known_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      return i;
    }
  }
  if (value.is_scalar()) {
    const std::string close = nearest(name, names);
    value.error("unknown-name", "unknown operation '" + name + "'",
                close.empty() ? "" : "did you mean '" + close + "'?");
  }
  return std::nullopt;
}

// Words that a bias or norm holds: one or two for each output channel.
std::int64_t channels(const Layer& layer) {
  if (!layer.problem) {
    return 0;
  }
  std::int64_t product = 1;
  for (int d = 0; d < layer.problem->rank(); ++d) {
    const bool channel = relevant(layer.problem->tensor(Role::kWeights), d) &&
                         relevant(layer.problem->tensor(Role::kOutputs), d);
    product = channel ? checked_mul(product, layer.problem->size(d)) : product;
  }
  return product;
}

std::int64_t default_extra(const Layer& layer, const VectorOp& op) {
  switch (op.kind) {
    case VectorKind::kBias:
      return channels(layer);
    case VectorKind::kNormalisation:
      return checked_mul(2, channels(layer));
    case VectorKind::kResidualAdd:
    case VectorKind::kMultiply:
      return op.elements;
    case VectorKind::kActivation:
    case VectorKind::kPool:
    case VectorKind::kGlobalPool:
    case VectorKind::kSoftmax:
    case VectorKind::kConcat:
    case VectorKind::kResize:
    case VectorKind::kTopK:
    case VectorKind::kOther:
      break;
  }
  return !layer.problem && layer.post_ops.empty() ? op.elements : 0;
}

// How many scores of each row a top-k keeps.
void read_top_k(Section& section, VectorOp& op) {
  op.rows = section.integer_or("rows", 1, 1, kMaxSize);
  const std::optional<Value> keep = section.required("keep");
  op.keep = keep ? keep->integer(1, kMaxSize) : 1;
  if (op.rows < 1 || op.elements % op.rows != 0) {
    section.error("out-of-range",
                  fmt::format("{} scores are no {} rows of equal length", op.elements, op.rows),
                  "rows divide elements");
    op.rows = 1;
  }
  if (keep && op.keep > op.elements / op.rows) {
    keep->error("out-of-range",
                fmt::format("a row has {} scores, {} cannot be kept", op.elements / op.rows, op.keep));
  }
}

VectorOp read_op(const Value& value, const Layer& layer, std::int64_t elements, int bits) {
  VectorOp op{.name = "?", .elements = elements, .bits = bits};
  const auto apply = [&op](const std::optional<std::size_t>& index) {
    if (index) {
      op.name = kKnown[*index].name;
      op.kind = kKnown[*index].kind;
      op.ops_per_element = kKnown[*index].ops;
      op.standalone = kKnown[*index].standalone;
    }
  };
  if (!value.is_section()) {
    apply(find_known(value));
    if (op.kind == VectorKind::kTopK) {
      value.error("missing-key", "'top-k' needs 'keep'", "{op: top-k, rows: 12, keep: 64}");
      op.keep = 1;
    }
    op.extra_input_words = default_extra(layer, op);
    op.output_words = op.elements;
    return op;
  }
  Section section = value.section();
  if (const std::optional<Value> named = section.required("op")) {
    apply(find_known(*named));
  }
  op.name = section.text_or("name", op.name);
  op.elements = section.integer_or("elements", elements, 0, kMaxSize);
  op.ops_per_element = section.number_or("ops_per_element", op.ops_per_element, 0.0, 1e9);
  op.extra_input_words = section.integer_or("reads", default_extra(layer, op), 0, kMaxSize);
  if (op.kind == VectorKind::kTopK) {
    read_top_k(section, op);
  }
  // What a top-k finds are places, which stay in its unit.
  op.output_words = section.integer_or("writes", op.kind == VectorKind::kTopK ? 0 : op.elements, 0, kMaxSize);
  op.standalone = section.boolean_or("standalone", op.standalone);
  op.bits = static_cast<int>(section.integer_or("bits", bits, 1, 64));
  section.done();
  return op;
}

}  // namespace

void read_post_ops(Section& section, Layer& layer, int bits) {
  const std::optional<Value> post = section.optional("post");
  if (!post) {
    return;
  }
  std::int64_t elements = layer.problem ? words(layer.problem->tensor(Role::kOutputs)) : 1;
  for (const Value& value : post->list()) {
    VectorOp op = read_op(value, layer, elements, bits);
    elements = op.elements;
    const bool trained = op.kind == VectorKind::kBias || op.kind == VectorKind::kNormalisation;
    layer.parameters = checked_add(layer.parameters, trained ? op.extra_input_words : 0);
    layer.post_ops.push_back(std::move(op));
  }
}

}  // namespace weft::network_yaml
