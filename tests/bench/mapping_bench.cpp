// Speed of the mapper's inner loop: checking, evaluating and pricing mappings, and lowering one.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "dataflow/lower.hpp"
#include "tests/bench/cases.hpp"

namespace weft::bench {
namespace {

constexpr const char* kLayer = "conv3_2b";  // 3x3, 128 by 128 channels, 28 x 28 positions

// Items: mappings.
void evaluate_mapping(benchmark::State& state, const char* accelerator) {
  const Case& example = resnet50_case(accelerator, kLayer);
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluate(example.mapping, example.problem, example.accelerator));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(evaluate_mapping, gemmini, "gemmini");
BENCHMARK_CAPTURE(evaluate_mapping, eyeriss, "eyeriss");

// Items: mappings.
void check_mapping(benchmark::State& state, const char* accelerator) {
  const Case& example = resnet50_case(accelerator, kLayer);
  for (auto _ : state) {
    benchmark::DoNotOptimize(check(example.mapping, example.problem, example.accelerator));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(check_mapping, gemmini, "gemmini");
BENCHMARK_CAPTURE(check_mapping, eyeriss, "eyeriss");

// Items: candidates of a whole search, proposed, checked, evaluated and priced.
void search_mappings(benchmark::State& state, const char* accelerator) {
  const Case& example = resnet50_case(accelerator, kLayer);
  const Search& search = searches().at("constructive");
  std::int64_t candidates = 0;
  for (auto _ : state) {
    candidates += search(request_of(example, 500)).evaluated;
  }
  state.SetItemsProcessed(candidates);
}
BENCHMARK_CAPTURE(search_mappings, gemmini, "gemmini")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_mappings, eyeriss, "eyeriss")->Unit(benchmark::kMillisecond);

// Items: steps of the program.
void lower_mapping(benchmark::State& state, const char* accelerator) {
  const Case& example = resnet50_case(accelerator, kLayer);
  std::int64_t steps = 0;
  for (auto _ : state) {
    steps +=
        static_cast<std::int64_t>(lower(example.mapping, example.problem, example.accelerator).steps.size());
  }
  state.SetItemsProcessed(steps);
}
BENCHMARK_CAPTURE(lower_mapping, gemmini, "gemmini")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lower_mapping, eyeriss, "eyeriss")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
