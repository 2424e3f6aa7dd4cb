// Does a machine that knows zeros compute the same numbers, and does what it leaves out agree with what the
// model expects? Random problems, machines, mappings, densities, formats and actions.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "arch/sim/core/zero_work.hpp"
#include "arch/spec/format_size.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/operands.hpp"
#include "tests/support/generators.hpp"
#include "tests/support/sparsify.hpp"
#include "workload/positions.hpp"

namespace weft {
namespace {

using testing::Triple;

// Nothing when the draw has no format and no action, or when the mapping's tiles do not fit as they are
// written down.
std::optional<Triple> sparse_triple(std::uint64_t seed) {
  Triple t = testing::random_triple(seed);
  Rng rng = Rng(seed).fork(77);
  testing::sparsify(rng, t.problem);
  testing::sparsify(rng, t.accelerator);
  if (!states_sparsity(t.accelerator) || check(t.mapping, t.problem, for_layer(t.accelerator, t.problem))) {
    return std::nullopt;
  }
  return t;
}

// A case, the machine as its layer sees it, and the program.
struct SparseRun {
  std::uint64_t seed = 0;
  Triple t;
  Accelerator machine;
  Program program;
};

// The first 500 of 700 draws that are cases; how many there were.
int each_sparse_run(const std::function<void(const SparseRun&)>& look) {
  int cases = 0;
  testing::for_each_seed(1, 700, [&](std::uint64_t seed) {
    const auto t = sparse_triple(seed);
    if (!t || cases >= 500) {
      return;
    }
    ++cases;
    const Accelerator machine = for_layer(t->accelerator, t->problem);
    look({seed, *t, machine, lower(t->mapping, t->problem, machine)});
  });
  return cases;
}

// Twenty samples of a number, and what is expected of it.
struct Sample {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double error() const {
    return std::sqrt(std::max(0.0, squares / count - mean() * mean()) / count);
  }
};

// Two per cent, or what twenty draws can tell: five standard errors.
void expect_mean(const Sample& sample, double expected, double scale, const char* what, const Triple& t) {
  EXPECT_NEAR(sample.mean(), expected, 0.02 * std::abs(expected) + 5 * sample.error() + 1e-9 * scale)
      << what << "\n"
      << testing::describe(t);
}

constexpr int kSeeds = 20;

TEST(Sparse, MeansOfRealPositionsAreWhatTheModelExpects) {
  double counted = 0;
  double expected = 0;
  const int cases = each_sparse_run([&](const SparseRun& run) {
    const auto& [seed, t, machine, program] = run;
    const auto all = static_cast<double>(macs(t.problem));
    Sample gated, skipped;
    std::vector<PerRole<Sample>> stored(machine.levels.size()), accesses(machine.levels.size());
    for (int draw = 0; draw < kSeeds; ++draw) {
      const sim::Operands operands =
          testing::operands_of(t.problem, seed * 100 + static_cast<std::uint64_t>(draw));
      const sim::ZeroWork work = sim::zero_work(program, t.accelerator, testing::positions_of_both(operands));
      gated.add(static_cast<double>(work.gated));
      skipped.add(static_cast<double>(work.skipped));
      for (std::size_t l = 0; l < work.levels.size(); ++l) {
        for (std::size_t r = 0; r < kRoles; ++r) {
          stored[l][r].add(work.levels[l].stored[r]);
          accesses[l][r].add(work.levels[l].accesses[r]);
        }
      }
    }
    expect_mean(gated, static_cast<double>(machine.effect->gated), all, "gated", t);
    expect_mean(skipped, static_cast<double>(machine.effect->skipped), all, "skipped", t);
    for (std::size_t l = 0; l < stored.size(); ++l) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        expect_mean(stored[l][r], machine.effect->levels[l].stored[r], 1, "stored", t);
        expect_mean(accesses[l][r], machine.effect->levels[l].accesses[r], 1, "accesses", t);
      }
    }
    counted += all - gated.mean() - skipped.mean();
    expected += all - static_cast<double>(machine.effect->gated + machine.effect->skipped);
  });
  if (cases > 100) {  // not when one seed is replayed
    EXPECT_NEAR(counted, expected, 0.02 * expected);
  }
  std::printf("%d cases, performed: counted %.0f, expected %.0f\n", cases, counted, expected);
}

TEST(Sparse, OutputsAreBitExactAndNoStepTakesLongerThanDense) {
  each_sparse_run([&](const SparseRun& run) {
    const auto& [seed, t, machine, program] = run;
    const sim::Operands operands = testing::operands_of(t.problem, seed);
    const sim::Positions positions = testing::positions_of_both(operands);
    const sim::ZeroWork work = sim::zero_work(program, t.accelerator, positions);
    for (std::size_t s = 0; s < work.cycles.size(); ++s) {
      EXPECT_LE(work.cycles[s], program.steps[s].cycles) << "step " << s << "\n" << testing::describe(t);
    }
    const sim::Result result = testing::simulate(t.accelerator, {program}, {}, &operands, &positions).front();
    const Accumulators right = reference(t.problem, operands.weights, operands.inputs);
    EXPECT_EQ(result.outputs->values, right.values) << testing::describe(t);
    EXPECT_EQ(result.skipped, work.skipped);
    EXPECT_EQ(result.gated, work.gated);
    EXPECT_EQ(result.macs, macs(t.problem));
  });
}

// With all words there, gating and skipping find nothing; formats leave their metadata.
TEST(Sparse, AtDensityOneAMachineIsItsDenseSelfPlusMetadata) {
  testing::for_each_seed(1, 300, [&](std::uint64_t seed) {
    Triple t = testing::random_triple(seed);
    for (TensorShape& tensor : t.problem.tensors) {
      tensor.density = 1;
    }
    Triple dense = t;
    Rng rng = Rng(seed).fork(77);
    testing::sparsify(rng, t.accelerator);
    const Accelerator machine = for_layer(t.accelerator, t.problem);
    if (check(t.mapping, t.problem, machine)) {
      return;
    }
    ActionCounts counts = evaluate(t.mapping, t.problem, machine).counts;
    EXPECT_EQ(counts.gated, 0);
    EXPECT_EQ(counts.skipped, 0);
    for (std::size_t l = 0; l < counts.levels.size(); ++l) {
      for (const Role role : kAllRoles) {
        const auto r = static_cast<std::size_t>(index_of(role));
        Shares& shares = counts.levels[l].shares[r];
        EXPECT_EQ(shares.accesses, 1);
        const Memory* memory = machine.levels[l].memory_for(role);
        if (memory != nullptr) {
          const TensorFormat format = chosen_format(t.accelerator, t.problem, static_cast<int>(l), role);
          const bool plain = format.kind == FormatKind::kUncompressed;
          EXPECT_TRUE(plain ? shares.stored == 1 : shares.stored > 1) << testing::describe(t);
        }
        shares.stored = 1;
      }
    }
    EXPECT_EQ(counts, evaluate(dense.mapping, dense.problem, dense.accelerator).counts);
    for (StorageLevel& level : t.accelerator.levels) {
      for (Memory& memory : level.memories) {
        memory.formats = {};
      }
    }
    const Accelerator acting = for_layer(t.accelerator, t.problem);
    EXPECT_EQ(evaluate(t.mapping, t.problem, acting).timing.cycles,
              evaluate(dense.mapping, dense.problem, dense.accelerator).timing.cycles);
    const Program program = lower(t.mapping, t.problem, dense.accelerator);
    const sim::Positions full = testing::positions_of_both(testing::operands_of(t.problem, seed));
    EXPECT_EQ(testing::simulate(t.accelerator, {program}, {}, nullptr, &full).front().cycles,
              testing::simulate(dense.accelerator, program).cycles)
        << testing::describe(t);
  });
}

// Four inputs, of which the last is zero; two units of two filters each, with so many weights left:
//   input        0  1  2  3
//   first unit   2  0  0  2
//   second unit  1  0  1  2
TEST(Sparse, AnInputWithoutTokensIsLookedUp) {
  const Problem problem = make_gemm({.name = "few", .m = 1, .n = 4, .k = 4});
  Accelerator machine = parse_accelerator(R"(accelerator: two
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b}
    fanout: {x: 2}
  - name: buffer
    memory:
      capacity: 1 KiB
      width: 64 b
      formats: {weights: {kind: relative, fiber: filters, interleaved: true}}
compute: {name: mac, skip: {by: [weights, inputs], barrier: [reduction]}}
)",
                                          "two.yaml");
  Mapping mapping = empty_mapping(machine);
  const int k = problem.dim("K");
  const int n = problem.dim("N");
  mapping.levels[0].spatial = {{n, 2, Axis::kX}};
  mapping.levels[1].temporal = {{k, 4}, {n, 2}};
  sim::Positions positions{Bitmap(16), Bitmap(4)};
  // Filters 0 and 1 are the first unit's.
  for (const auto& [input, filter] :
       {std::pair{0, 0}, {0, 1}, {0, 2}, {2, 3}, {3, 0}, {3, 1}, {3, 2}, {3, 3}}) {
    std::int64_t place = 0;
    for (const Rank& rank : problem.tensor(Role::kWeights).ranks) {
      const int dim = rank.terms.empty() ? -1 : rank.terms.front().dim;
      place = place * rank.extent + (dim == k ? input : dim == n ? filter : 0);
    }
    positions.weights.set(place);
  }
  for (const int input : {0, 1, 2}) {
    positions.inputs.set(input);
  }
  const auto cycles = [&](bool padding) {
    machine.compute.zeros.skip->padding = padding;
    const auto all = sim::zero_work(lower(mapping, problem, machine), machine, positions).cycles;
    return std::accumulate(all.begin(), all.end(), std::int64_t{0});
  };
  EXPECT_EQ(cycles(false), 2 + 0 + 1);
  EXPECT_EQ(cycles(true), 2 + 1 + 1);
  machine.compute.zeros.skip->barrier.clear();  // each unit at its own pace
  EXPECT_EQ(cycles(false), std::max(2, 1 + 1));
  EXPECT_EQ(cycles(true), std::max(2 + 1 + 1, 1 + 1 + 1));
}

}  // namespace
}  // namespace weft
