// See attention.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress/attention.hpp"

#include <algorithm>

namespace weft::compress {
namespace {

constexpr int kB = 0, kM = 1, kN = 2, kK = 3;

bool is_matmul(const Layer& layer) {
  return is_product(layer) && layer.problem->kind == "matmul";
}

bool has_softmax(const Layer& layer) {
  return std::any_of(layer.post_ops.begin(), layer.post_ops.end(),
                     [](const VectorOp& op) { return op.kind == VectorKind::kSoftmax; });
}

bool reads(const Layer& layer, std::size_t from) {
  return std::find(layer.inputs.begin(), layer.inputs.end(), static_cast<int>(from)) != layer.inputs.end();
}

// The layer that multiplies the values with what `scores` makes; 0: none.
std::size_t values_of(const Network& network, std::size_t scores) {
  const Problem& first = *network.layers[scores].problem;
  for (std::size_t i = scores + 1; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (reads(layer, scores) && is_matmul(layer) && layer.problem->size(kB) == first.size(kB) &&
        layer.problem->size(kM) == first.size(kM) && layer.problem->size(kK) == first.size(kN)) {
      return i;
    }
  }
  return 0;
}

Attention make_attention(const Network& network, std::size_t scores, std::size_t values) {
  const Problem& problem = *network.layers[scores].problem;
  Attention one{.scores = static_cast<int>(scores),
                .values = static_cast<int>(values),
                .tokens = problem.size(kM),
                .context = problem.size(kN)};
  for (const std::size_t reader : {scores, values}) {
    for (const int input : network.layers[reader].inputs) {
      const Layer& layer = network.layers[static_cast<std::size_t>(input)];
      const bool known =
          std::find(one.projections.begin(), one.projections.end(), input) != one.projections.end();
      if (!known && is_product(layer) && !is_matmul(layer)) {
        one.projections.push_back(input);
      }
    }
  }
  if (!one.projections.empty()) {
    const auto first = static_cast<std::size_t>(one.projections.front());
    const std::int64_t rows =
        network.layers[first].problem->size(kB) * network.layers[first].problem->size(kM);
    const std::int64_t images = rows / one.tokens;
    one.images =
        rows % one.tokens == 0 && problem.size(kB) % std::max<std::int64_t>(1, images) == 0 ? images : 1;
  }
  one.heads = problem.size(kB) / one.images;
  return one;
}

}  // namespace

bool is_product(const Layer& layer) {
  if (!layer.problem || layer.problem->rank() != 4) {
    return false;
  }
  const std::vector<Dim>& dims = layer.problem->dims;
  return dims[kB].name == "B" && dims[kM].name == "M" && dims[kN].name == "N" && dims[kK].name == "K";
}

std::vector<Attention> attentions(const Network& network) {
  std::vector<Attention> all;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (!is_matmul(layer) || !has_softmax(layer)) {
      continue;
    }
    if (const std::size_t values = values_of(network, i); values > 0) {
      all.push_back(make_attention(network, i, values));
    }
  }
  return all;
}

void resize_product(Problem& problem, std::int64_t b, std::int64_t m, std::int64_t n, std::int64_t k) {
  const bool batched = problem.tensor(Role::kWeights).ranks.size() == 3;
  Problem sized =
      make_gemm({.batch = b,
                 .m = m,
                 .n = n,
                 .k = k,
                 .weights = batched ? GemmShape::Weights::kBatched : GemmShape::Weights::kShared});
  sized.name = problem.name;
  sized.kind = problem.kind;
  for (const Role role : kAllRoles) {
    const TensorShape& from = problem.tensor(role);
    TensorShape& to = sized.tensor(role);
    to.name = from.name;
    to.bits = from.bits;
    to.density = from.density;
    to.model = from.model.pattern == Pattern::kMeasured ? DensityModel{} : from.model;
  }
  problem = std::move(sized);
}

}  // namespace weft::compress
