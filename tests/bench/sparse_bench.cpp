// Speed of the model on machines that handle zeros, and of working out what real positions leave of a
// program.
// SPDX-License-Identifier: Apache-2.0
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

constexpr std::size_t kMappings = 1U << 14U;
using Choices = std::vector<std::vector<std::uint32_t>>;  // [part][mapping]

Choices drawn(const batch::Batch& batch, Rng& rng) {
  Choices choices(batch.parts().size());
  for (std::size_t part = 0; part < choices.size(); ++part) {
    for (std::size_t m = 0; m < kMappings; ++m) {
      choices[part].push_back(static_cast<std::uint32_t>(
          rng.uniform(0, static_cast<std::int64_t>(batch.parts()[part].options.size()) - 1)));
    }
  }
  return choices;
}

std::vector<std::span<const std::uint32_t>> spans_of(const Choices& choices) {
  return {choices.begin(), choices.end()};
}

// As many, all of them legal.
Choices legal_ones(const batch::Batch& batch, Rng& rng) {
  Choices result(batch.parts().size());
  while (result[0].size() < kMappings) {
    const Choices choices = drawn(batch, rng);
    const batch::Prices prices = batch.price(spans_of(choices));
    for (std::size_t m = 0; m < kMappings; ++m) {
      for (std::size_t part = 0; part < choices.size() && prices.legal[m] != 0; ++part) {
        result[part].push_back(choices[part][m]);
      }
    }
  }
  return result;
}

// Items: mappings in batches; `any`: priced or found illegal.
void price_sparse_batch(benchmark::State& state, bool any) {
  const batch::Batch batch = batch_of(sparse_case());
  Rng rng(1);
  const Choices choices = any ? drawn(batch, rng) : legal_ones(batch, rng);
  for (auto _ : state) {
    benchmark::DoNotOptimize(batch.price(spans_of(choices)));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(choices[0].size()));
}
BENCHMARK_CAPTURE(price_sparse_batch, any, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(price_sparse_batch, legal, false)->Unit(benchmark::kMillisecond);

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
