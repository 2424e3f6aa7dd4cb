// Speed of the exact search: whole networks layer by layer, and against random search.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/bench/cases.hpp"
#include "workload/presets.hpp"

namespace weft::bench {
namespace {

struct Machine {
  Accelerator accelerator;
  EnergyTable table;
};

const Machine& machine(const std::string& name) {
  static std::deque<std::pair<std::string, Machine>> made;
  for (const auto& [known, machine] : made) {
    if (known == name) {
      return machine;
    }
  }
  return made.emplace_back(name, Machine{load_accelerator(name), EnergyTable::load("default_45nm")}).second;
}

MapRequest request_for(const Problem& problem, const Machine& machine) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &machine.accelerator;
  request.table = &machine.table;
  return request;
}

using Networks = std::vector<std::string>;

std::vector<Problem> distinct_problems(const Networks& networks) {
  std::vector<Problem> problems;
  for (const std::string& network : networks) {
    for (const Layer& layer : network_presets().at(network)({}).layers) {
      const auto like = [&](const Problem& other) { return same_shape(other, *layer.problem); };
      if (layer.problem && std::none_of(problems.begin(), problems.end(), like)) {
        problems.push_back(*layer.problem);
      }
    }
  }
  return problems;
}

struct Timed {
  MapResult result;
  double ms = 0;
};

Timed timed(const char* search, const MapRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  Timed run{.result = searches().at(search)(request)};
  run.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return run;
}

// Items: distinct layers of the networks. Counters: their times one by one, and how many were not proven.
void exact_networks(benchmark::State& state, const Networks& networks, const char* accelerator) {
  const std::vector<Problem> problems = distinct_problems(networks);
  std::vector<double> ms;
  double unproven = 0;
  for (auto _ : state) {
    ms.clear();
    unproven = 0;
    for (const Problem& problem : problems) {
      const Timed run = timed("exact", request_for(problem, machine(accelerator)));
      ms.push_back(run.ms);
      unproven += run.result.gap > 0 ? 1 : 0;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(problems.size()));
  std::sort(ms.begin(), ms.end());
  state.counters["layers"] = static_cast<double>(ms.size());
  state.counters["median_ms"] = ms[ms.size() / 2];
  state.counters["worst_ms"] = ms.back();
  state.counters["unproven"] = unproven;
}

// Random search with the rule of 500 legal mappings in a row without a better one. Counters: geometric mean
// and extremes of EDP by random / EDP by exact, time of random / time of exact, and layers where random found
// less.
void exact_against_random(benchmark::State& state, const char* accelerator) {
  const std::vector<Problem> problems = distinct_problems({"resnet50"});
  double logs = 0, least = 0, most = 0, exact_ms = 0, random_ms = 0, lost = 0;
  for (auto _ : state) {
    logs = most = exact_ms = random_ms = lost = 0;
    least = INFINITY;
    for (const Problem& problem : problems) {
      MapRequest request = request_for(problem, machine(accelerator));
      const Timed exact = timed("exact", request);
      request.stop_after = 500;
      request.max_evaluations = 10'000'000;
      const Timed random = timed("random", request);
      const double ratio = random.result.cost / exact.result.cost;
      logs += std::log(ratio);
      least = std::min(least, ratio);
      most = std::max(most, ratio);
      lost += ratio < 1 ? 1 : 0;
      exact_ms += exact.ms;
      random_ms += random.ms;
    }
  }
  state.counters["edp_ratio"] = std::exp(logs / static_cast<double>(problems.size()));
  state.counters["edp_ratio_least"] = least;
  state.counters["edp_ratio_most"] = most;
  state.counters["random_wins"] = lost;
  state.counters["time_ratio"] = random_ms / exact_ms;
}

// Items: searches. Counter: partial mappings looked at.
void exact_gemm(benchmark::State& state, const char* accelerator) {
  const Problem problem = make_gemm({.name = "gemm", .m = 4096, .n = 4096, .k = 1024});
  std::int64_t nodes = 0;
  for (auto _ : state) {
    nodes = searches().at("exact")(request_for(problem, machine(accelerator))).certificate.nodes;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["nodes"] = static_cast<double>(nodes);
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const char* accelerator : {"eyeriss", "gemmini", "simba"}) {
    const std::string on = std::string("/") + accelerator;
    for (const char* network : {"resnet50", "bert_base", "vgg16", "mobilenet_v2"}) {
      benchmark::RegisterBenchmark(("exact_network/" + std::string(network) + on).c_str(), exact_networks,
                                   Networks{network}, accelerator)
          ->Unit(benchmark::kMillisecond);
    }
    benchmark::RegisterBenchmark(("exact_network/bert_base+vgg16+mobilenet_v2" + on).c_str(), exact_networks,
                                 Networks{"bert_base", "vgg16", "mobilenet_v2"}, accelerator)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("exact_against_random/resnet50" + on).c_str(), exact_against_random,
                                 accelerator)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("exact_gemm" + on).c_str(), exact_gemm, accelerator)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace weft::bench
