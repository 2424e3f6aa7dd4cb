// Speed of the model on machines that handle zeros, and of working out what real positions leave of a
// program. SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "arch/sim/core/zero_work.hpp"
#include "arch/spec/sparse_effect.hpp"
#include "dataflow/lower.hpp"
#include "mapper/batch/batch.hpp"
#include "tests/bench/cases.hpp"
#include "workload/positions.hpp"

namespace weft::bench {
namespace {

// Gemmini with compressed operands and skipping, for a layer with three weights and five inputs of ten.
const Case& sparse_case() {
  static const Case made = [] {
    const Case& dense = resnet50_case("gemmini", "conv3_2b");
    Case one{dense.accelerator, dense.problem, EnergyTable::load("default_45nm"), dense.mapping};
    set_sparsity(one.problem, Role::kWeights, {0.3});
    set_sparsity(one.problem, Role::kInputs, {0.5});
    for (StorageLevel& level : one.accelerator.levels) {
      for (Memory& memory : level.memories) {
        for (const std::size_t r : {0, 1}) {
          memory.formats[r] = memory.holds[r] ? TensorFormat{.kind = FormatKind::kRunLength} : TensorFormat{};
        }
      }
    }
    one.accelerator.compute.zeros.skip = Skip{.by = {true, true, false}};
    one.accelerator = for_layer(one.accelerator, one.problem);
    return one;
  }();
  return made;
}

// Items: mappings, one after the other.
void evaluate_sparse(benchmark::State& state) {
  const Case& one = sparse_case();
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluate(one.mapping, one.problem, one.accelerator));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(evaluate_sparse);

// Items: mappings in batches, priced or found illegal.
void price_sparse_batch(benchmark::State& state) {
  constexpr std::size_t kMappings = 1U << 14U;
  const Case& one = sparse_case();
  const batch::Batch batch = batch_of(one);
  Rng rng(1);
  std::vector<std::vector<std::uint32_t>> choices(batch.parts().size());
  for (std::size_t part = 0; part < choices.size(); ++part) {
    for (std::size_t m = 0; m < kMappings; ++m) {
      choices[part].push_back(static_cast<std::uint32_t>(
          rng.uniform(0, static_cast<std::int64_t>(batch.parts()[part].options.size()) - 1)));
    }
  }
  const std::vector<std::span<const std::uint32_t>> spans(choices.begin(), choices.end());
  for (auto _ : state) {
    benchmark::DoNotOptimize(batch.price(spans));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kMappings));
}
BENCHMARK(price_sparse_batch)->Unit(benchmark::kMillisecond);

// What the layer's zeros do to the machine: once per layer. Items: layers.
void bind_layer(benchmark::State& state) {
  const Case& one = sparse_case();
  for (auto _ : state) {
    benchmark::DoNotOptimize(for_layer(one.accelerator, one.problem));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bind_layer);

// Items: multiply-accumulates whose zeros are found, whether they are done or skipped.
void real_positions(benchmark::State& state) {
  const Case& one = sparse_case();
  const Program program = lower(one.mapping, one.problem, one.accelerator);
  Rng rng(1);
  const sim::Positions positions{random_positions(one.problem.tensor(Role::kWeights), rng),
                                 random_positions(one.problem.tensor(Role::kInputs), rng)};
  for (auto _ : state) {
    benchmark::DoNotOptimize(sim::zero_work(program, one.accelerator, positions));
  }
  state.SetItemsProcessed(state.iterations() * macs(one.problem));
}
BENCHMARK(real_positions)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
