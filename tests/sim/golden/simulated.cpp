// See simulated.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/golden/simulated.hpp"

#include <algorithm>

#include "arch/spec/accelerator.hpp"
#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"

namespace weft::testing {

namespace {

std::int64_t pieces(std::int64_t size, std::int64_t extent) {
  return (size + extent - 1) / extent;
}

// Levels: edge, column, unit.
Mapping mapping_of(const ArrayKind& kind, const Problem& problem, const Product& p, const TileExtents& tile,
                   const Accelerator& accelerator) {
  const int m = problem.dim("M");
  const int n = problem.dim("N");
  const int k = problem.dim("K");
  Mapping mapping = empty_mapping(accelerator);
  LevelMapping& edge = mapping.levels[0];
  LevelMapping& column = mapping.levels[1];
  LevelMapping& unit = mapping.levels[2];
  edge.spatial = {{n, tile.n, Axis::kX}};
  if (kind.stationary == ArrayKind::Stationary::kWeights) {
    edge.temporal = {{n, pieces(p.n, tile.n)}};
    column.temporal = {{m, pieces(p.m, tile.m)}, {k, pieces(p.k, tile.k)}};
    column.spatial = {{k, tile.k, Axis::kY}};
    unit.temporal = {{m, tile.m}};
  } else {
    edge.temporal = {{m, pieces(p.m, tile.m)}, {n, pieces(p.n, tile.n)}};
    column.spatial = {{m, tile.m, Axis::kY}};
    unit.temporal = {{k, p.k}};
  }
  return mapping;
}

struct Setting {
  Setting(const ArrayKind& kind, const Product& product, const TileExtents& extents)
      : accelerator(
            load_accelerator(std::string(WEFT_SOURCE_DIR "/tests/fixtures/arch/") + kind.name() + ".yaml")),
        problem(make_gemm({.name = "product", .m = product.m, .n = product.n, .k = product.k})) {
    if (!kind.double_buffered) {
      accelerator.levels.back().memories.front().buffering = Buffering::kSingle;
    }
    if (kind.stationary == ArrayKind::Stationary::kWeights) {
      auto& feed = accelerator.levels[1].memories.front().read_bandwidth;
      feed = *feed * (1.0 / static_cast<double>(kind.cycles_per_row));
    }
    problem.tensor(Role::kOutputs).bits = 32;
    mapping = mapping_of(kind, problem, product, extents, accelerator);
    const auto obstacle = check(mapping, problem, accelerator);
    WEFT_ENSURE(!obstacle, obstacle ? explain(*obstacle, problem, accelerator) : "");
  }
  Accelerator accelerator;
  Problem problem;
  Mapping mapping;
};

Tensor tensor_of(const TensorShape& shape, std::vector<std::int64_t> extents, const Words& words) {
  WEFT_ENSURE(!shape.ranks.empty(), "a tensor without ranks");
  Tensor tensor{std::move(extents), {}};
  for (const std::int64_t word : words) {
    tensor.values.push_back(static_cast<std::int32_t>(word));
  }
  return tensor;
}

}  // namespace

std::string ArrayKind::name() const {
  const char* what = stationary == Stationary::kWeights ? "weight_stationary_" : "output_stationary_";
  return what + std::to_string(size) + 'x' + std::to_string(size);
}

TileExtents extents_on(const ArrayKind& kind, const SizedProduct& p) {
  const std::int64_t n = std::min<std::int64_t>(p.n, kind.size);
  if (kind.stationary == ArrayKind::Stationary::kWeights) {
    return {p.m_tile > 0 ? p.m_tile : p.m, n, std::min<std::int64_t>(p.k, kind.size)};
  }
  return {std::min<std::int64_t>(p.m, kind.size), n, p.k};
}

std::vector<SizedProduct> sized_products() {
  return {
      {1, 1, 1},        {1, 8, 8},       {8, 1, 8},        {8, 8, 1},        {8, 8, 8},       {3, 5, 7},
      {16, 16, 16},     {5, 16, 16},     {16, 5, 16},      {16, 16, 5},      {13, 11, 9},     {64, 16, 16},
      {100, 8, 8},      {256, 16, 16},   {17, 17, 17},     {20, 20, 20},     {32, 32, 32},    {4, 32, 32},
      {4, 64, 64},      {2, 48, 96},     {1, 64, 64},      {10, 40, 40},     {31, 33, 35},    {50, 24, 9},
      {49, 12, 128},    {128, 16, 64},   {64, 64, 16},     {64, 10, 100},    {196, 32, 20},   {7, 64, 147},
      {12, 30, 200},    {64, 64, 64},    {96, 24, 40, 24}, {60, 16, 48, 12}, {40, 20, 33, 8}, {30, 17, 50, 5},
      {70, 37, 29, 32}, {128, 128, 128}, {3, 100, 3},      {9, 130, 24},
  };
}

ArrayRun simulate(const ArrayKind& kind, const Product& product, const TileExtents& extents) {
  const Setting setting(kind, product, extents);
  const Problem& problem = setting.problem;
  const sim::Operands operands = {
      tensor_of(problem.tensor(Role::kWeights), {product.k, product.n}, product.b),
      tensor_of(problem.tensor(Role::kInputs), {1, product.m, product.k}, product.a)};
  // Every tile a step of its own, however many.
  const Program program =
      lower(setting.mapping, problem, setting.accelerator, {.max_steps = product.m * product.n * product.k});
  const sim::Result result = simulate(setting.accelerator, program, {}, &operands);
  ArrayRun run{result.cycles, {}};
  for (const std::int64_t sum : result.outputs->values) {
    run.c.push_back(wrapped(sum, 32));
  }
  return run;
}

std::int64_t predicted(const ArrayKind& kind, const Product& product, const TileExtents& extents) {
  const Setting setting(kind, product, extents);
  return evaluate(setting.mapping, setting.problem, setting.accelerator).timing.cycles;
}

}  // namespace weft::testing
