// Speed of the simulator on whole networks and on arrays of other sizes. Every measurement has a process and
// a machine of its own; the time is that process's CPU time, from elaboration to the last result.
// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/byte_stream.hpp"
#include "base/child_process.hpp"
#include "dse/simulate_layer.hpp"
#include "mapper/mapper.hpp"
#include "workload/presets.hpp"

namespace weft::bench {
namespace {

// A weight-stationary array of n x n units under a buffer whose ports grow with it.
Accelerator array_of(std::int64_t n) {
  return parse_accelerator(fmt::format(R"(
accelerator: array
clock: 1 GHz
levels:
  - name: DRAM
    memory: {{kind: dram, width: 64 b, shared_bandwidth: 16 B/cycle}}
  - name: buffer
    memory: {{capacity: 1 MiB, width: 128 b, read_bandwidth: {0} B/cycle, write_bandwidth: {0} B/cycle}}
    fanout:
      x: {1}
      y: {1}
      network: {{weights: unicast, inputs: systolic, outputs: systolic}}
      allowed_dims: {{x: [filters], y: [reduction]}}
  - name: register
    memory: {{kind: regfile, capacity: 16 b, width: 8 b, holds: [weights]}}
compute: {{weight_width: 8 b, input_width: 8 b, output_width: 32 b}}
vector_unit: {{lanes: 16, level: DRAM}}
)",
                                       8 * n, n),
                           "array.yaml");
}

struct Work {
  Problem problem;
  Mapping mapping;
};

std::vector<Work> mapped(const Network& network, const Accelerator& accelerator) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  NetworkRequest request;
  request.network = &network;
  request.layer.accelerator = &accelerator;
  request.layer.table = &table;
  request.layer.max_evaluations = 200;
  std::vector<Work> works;
  for (const LayerResult& layer : map_network(request).layers) {
    if (layer.map && layer.map->mapping) {
      const Layer& of = network.layers[static_cast<std::size_t>(layer.layer)];
      for (std::int64_t copy = 0; copy < layer.repeat; ++copy) {
        works.push_back({*of.problem, *layer.map->mapping});
      }
    }
  }
  return works;
}

struct Cost {
  double seconds = 0, mebibytes = 0;
  std::int64_t macs = 0, steps = 0;
  bool right = true;
};

void describe(ByteStream& bytes, Cost& cost) {
  bytes(cost.seconds, cost.mebibytes, cost.macs, cost.steps, cost.right);
}

Cost simulated(const std::vector<Work>& works, const Accelerator& accelerator, bool checked) {
  Cost cost;
  const std::clock_t begin = std::clock();
  sim::Simulator simulator(accelerator);
  for (const Work& work : works) {
    SimulateLayerOptions options;
    options.values = checked ? SimulateLayerOptions::Values::kChecked : SimulateLayerOptions::Values::kNone;
    const LayerMeasurement layer =
        simulate_layer(simulator, work.problem, work.mapping, accelerator, options);
    cost.macs += layer.counts.macs;
    cost.steps += layer.steps;
    cost.right = cost.right && layer.outputs_equal.value_or(true);
  }
  cost.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  cost.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return cost;
}

// Items: multiply-accumulates.
void run(benchmark::State& state, const std::vector<Work>& works, const Accelerator& accelerator,
         bool checked) {
  Cost cost;
  for (auto _ : state) {
    cost = from_bytes<Cost>(in_child([&] { return to_bytes(simulated(works, accelerator, checked)); }));
    state.SetIterationTime(cost.seconds);
    if (!cost.right) {
      state.SkipWithError("outputs differ from the reference");
    }
  }
  state.SetItemsProcessed(cost.macs * state.iterations());
  state.counters["peak_MiB"] = cost.mebibytes;
  state.counters["steps"] = static_cast<double>(cost.steps);
}

// Argument: rows and columns of the array. Every copy of every layer is simulated.
void simulate_resnet50(benchmark::State& state, bool checked) {
  const Accelerator accelerator = array_of(state.range(0));
  run(state, mapped(network_presets().at("resnet50")({}), accelerator), accelerator, checked);
}
BENCHMARK_CAPTURE(simulate_resnet50, checked, true)
    ->Arg(16)
    ->Arg(32)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(simulate_resnet50, timing, false)
    ->Arg(16)
    ->Arg(32)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

Network product(std::int64_t copies) {
  Network network;
  network.name = "product";
  Layer layer;
  layer.name = "product";
  layer.problem = make_gemm({.name = "product", .m = 1024, .n = 512, .k = 512});
  layer.repeat = copies;
  network.layers.push_back(std::move(layer));
  return network;
}

// Argument: rows and columns; the same product of matrices, 268 million MACs.
void simulate_array(benchmark::State& state, bool checked) {
  const Accelerator accelerator = array_of(state.range(0));
  run(state, mapped(product(1), accelerator), accelerator, checked);
}
BENCHMARK_CAPTURE(simulate_array, checked, true)
    ->RangeMultiplier(2)
    ->Range(16, 128)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_array, timing, false)
    ->RangeMultiplier(2)
    ->Range(16, 128)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// Argument: layers, all alike.
void simulate_layers(benchmark::State& state) {
  const Accelerator accelerator = array_of(32);
  run(state, mapped(product(state.range(0)), accelerator), accelerator, false);
}
BENCHMARK(simulate_layers)
    ->RangeMultiplier(4)
    ->Range(1, 64)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
