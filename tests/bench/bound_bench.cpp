// Speed of what is known before any search: bounds and ski slopes.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "mapper/ski_slope.hpp"
#include "tests/bench/cases.hpp"
#include "workload/presets.hpp"

namespace weft::bench {
namespace {

// Items: tiles compared. The curve over all buffer sizes of one matrix product.
void ski_slope_gemm(benchmark::State& state) {
  const Problem problem = make_gemm({.name = "gemm", .m = 16384, .n = 1024, .k = 1024});
  const SlopeWidths widths = slope_widths(problem, small_case().accelerator);
  std::int64_t tiles = 0;
  for (auto _ : state) {
    tiles += ski_slope(problem, widths).tiles;
  }
  state.SetItemsProcessed(tiles);
}
BENCHMARK(ski_slope_gemm)->Unit(benchmark::kMillisecond);

// Items: layers of ResNet-50, one after the other, equal ones too.
void ski_slope_resnet50(benchmark::State& state) {
  const Network network = network_presets().at("resnet50")({});
  std::int64_t layers = 0;
  for (auto _ : state) {
    for (const Layer& layer : network.layers) {
      if (layer.problem) {
        const SlopeWidths widths = slope_widths(*layer.problem, small_case().accelerator);
        benchmark::DoNotOptimize(ski_slope(*layer.problem, widths));
        ++layers;
      }
    }
  }
  state.SetItemsProcessed(layers);
}
BENCHMARK(ski_slope_resnet50)->Unit(benchmark::kMillisecond);

// Items: layers of ResNet-50.
void bound_resnet50(benchmark::State& state) {
  const Network network = network_presets().at("resnet50")({});
  MapRequest request = request_of(small_case(), 1);
  std::int64_t layers = 0;
  for (auto _ : state) {
    for (const Layer& layer : network.layers) {
      if (layer.problem) {
        request.problem = &*layer.problem;
        benchmark::DoNotOptimize(lower_bound(request));
        ++layers;
      }
    }
  }
  state.SetItemsProcessed(layers);
}
BENCHMARK(bound_resnet50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
