// Speed of network search on a fixed accelerator once its table is filled.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "base/rng.hpp"
#include "dse/evaluator.hpp"
#include "dse/inner_search.hpp"

namespace weft {
namespace {

// Random networks of the whole Once-for-All MobileNetV3 space at 5 resolutions, predicted and added up from
// look-ups; what is not in the table is mapped before the clock starts. items: networks.
void networks_by_look_up(benchmark::State& state) {
  DesignSpace space = load_space("ofa_mobilenet_v3_edge");
  space.mapper_evaluations = 1;
  const Evaluator evaluator(space);
  constexpr std::size_t kNetworks = 2000;
  Rng rng(1);
  std::vector<Genome> genomes;
  for (std::size_t i = 0; i < kNetworks; ++i) {
    Genome genome;
    for (std::size_t gene = 0; gene < space.genes(); ++gene) {
      const bool knob = gene >= space.network_genes();
      genome.push_back(knob ? 0 : static_cast<int>(rng.uniform(0, space.choices(gene) - 1)));
    }
    genomes.push_back(std::move(genome));
    benchmark::DoNotOptimize(evaluator.evaluate(genomes.back()));
  }
  std::size_t next = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(evaluator.evaluate(genomes[next]));
    next = (next + 1) % kNetworks;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(networks_by_look_up);

// NSGA-II over 50 000 of those networks on one accelerator, the table filled by a first run. items: networks.
void network_search(benchmark::State& state) {
  DesignSpace space = load_space("ofa_mobilenet_v3_edge");
  space.mapper_evaluations = 1;
  const Evaluator evaluator(space);
  const Genome genome(space.genes(), 0);
  constexpr std::int64_t kNetworks = 50'000;
  benchmark::DoNotOptimize(front_of_networks(space, evaluator, genome, kNetworks));
  for (auto step : state) {
    benchmark::DoNotOptimize(front_of_networks(space, evaluator, genome, kNetworks));
  }
  state.SetItemsProcessed(state.iterations() * kNetworks);
}
BENCHMARK(network_search)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft
