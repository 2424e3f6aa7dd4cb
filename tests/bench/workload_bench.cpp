// Speed of the readers: files of ours and ONNX.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <benchmark/benchmark.h>

#include "arch/spec/accelerator.hpp"
#include "workload/import.hpp"

namespace weft::bench {
namespace {

std::filesystem::path source(const char* file) {
  return std::filesystem::path(WEFT_SOURCE_DIR) / file;
}

// Items: files.
void load_accelerator_yaml(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(load_accelerator_file(source("configs/arch/eyeriss.yaml")));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(load_accelerator_yaml)->Unit(benchmark::kMicrosecond);

// Items: layers.
void load_network(benchmark::State& state, const char* file) {
  std::size_t layers = 0;
  for (auto _ : state) {
    layers += weft::load_network(source(file).string()).layers.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(layers));
}
BENCHMARK_CAPTURE(load_network, yaml, "configs/network/tiny_cnn.yaml")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(load_network, onnx, "tests/fixtures/onnx/resnet50.onnx")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
