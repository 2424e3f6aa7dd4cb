// Do machines that gain from narrow words compute the same as any other, in the cycles that the model says,
// and does the exact search optimise exactly that model? SPDX-License-Identifier: Apache-2.0
#include <array>
#include <sstream>

#include <gtest/gtest.h>

#include "arch/spec/layer_machine.hpp"
#include "base/child_process.hpp"
#include "dataflow/evaluate.hpp"
#include "dse/simulate_layer.hpp"
#include "mapper/exact/exact.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/brute_force.hpp"
#include "tests/support/generators.hpp"
#include "tests/support/small_cases.hpp"

namespace weft {
namespace {

constexpr std::array kModes = {PrecisionMode::kNative, PrecisionMode::kFused, PrecisionMode::kSerial};
constexpr std::array kBits = {2, 3, 4, 5, 6, 8, 12, 16};

Accelerator machine(PrecisionMode mode, bool both = false) {
  const char* text = R"(accelerator: narrow
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b, shared_bandwidth: 64 b/cycle}
  - name: buffer
    memory: {capacity: 16 KiB, width: 64 b, accumulator_width: 48 b, read_bandwidth: 512 b/cycle, write_bandwidth: 256 b/cycle}
    fanout: {x: 4, y: 4, allowed_dims: {x: [filters, groups], y: [reduction]}}
compute: {weight_width: 16 b, input_width: 16 b, output_width: 48 b}
)";
  Accelerator accelerator = parse_accelerator(text, "narrow.yaml");
  accelerator.compute.precision.mode = mode;
  if (mode == PrecisionMode::kSerial) {
    accelerator.compute.precision.serial = {both, true};
  }
  return accelerator;
}

Problem layer(int weights, int inputs) {
  Problem problem = make_conv({.name = "layer",
                               .in_channels = 10,
                               .out_channels = 6,
                               .in_h = 9,
                               .in_w = 7,
                               .kernel_h = 3,
                               .kernel_w = 2,
                               .stride_h = 2,
                               .pad_top = 1,
                               .pad_left = 1});
  problem.tensor(Role::kWeights).bits = weights;
  problem.tensor(Role::kInputs).bits = inputs;
  problem.tensor(Role::kOutputs).bits = 16;
  return problem;
}

MapResult mapped(const Problem& problem, const Accelerator& accelerator, const EnergyTable& table) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table;
  request.objective = Objective::kLatency;
  request.max_evaluations = 300;
  return searches().at("constructive")(request);
}

struct Measured {
  bool outputs_equal = false, counts_equal = false;
  double computing = 0;
  std::int64_t cycles = 0;
};

Measured simulated(const Problem& problem, const MapResult& result, const Accelerator& accelerator) {
  std::istringstream answer(in_child([&] {
    sim::Simulator simulator(accelerator);
    const LayerMeasurement measured = simulate_layer(simulator, problem, *result.mapping, accelerator);
    std::ostringstream text;
    text << measured.outputs_equal.value_or(false) << ' ' << (measured.counts == result.evaluation.counts)
         << ' ' << measured.stalls.computing << ' ' << measured.cycles;
    return text.str();
  }));
  Measured measured;
  answer >> measured.outputs_equal >> measured.counts_equal >> measured.computing >> measured.cycles;
  return measured;
}

// Layers of one network, each with widths of its own.
TEST(NarrowWords, SimulateBitExactlyInTheModelsComputeCycles) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const PrecisionMode mode : kModes) {
    const Accelerator accelerator = machine(mode);
    for (std::size_t i = 0; i < kBits.size(); ++i) {
      const Problem problem = layer(kBits[i], kBits[(3 * i + 2) % kBits.size()]);
      const MapResult result = mapped(problem, accelerator, table);
      ASSERT_TRUE(result.mapping) << name_of(mode) << kBits[i];
      const Measured measured = simulated(problem, result, accelerator);
      EXPECT_TRUE(measured.outputs_equal) << name_of(mode) << ' ' << kBits[i];
      EXPECT_TRUE(measured.counts_equal) << name_of(mode) << ' ' << kBits[i];
      EXPECT_DOUBLE_EQ(measured.computing, static_cast<double>(result.evaluation.timing.compute_cycles))
          << name_of(mode) << ' ' << kBits[i];
      EXPECT_LE(result.evaluation.utilization, 1.0);
    }
  }
}

// 4 x 4 units of 16 bits: 64 lanes each at 2 bits, and 2 cycles instead of 16 where inputs are serial.
TEST(NarrowWords, AreFasterByLanesAndPieces) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const auto cycles = [&](PrecisionMode mode, int bits) {
    Problem problem = make_gemm({.name = "g", .m = 64, .n = 64, .k = 1024});
    problem.tensor(Role::kWeights).bits = problem.tensor(Role::kInputs).bits = bits;
    return mapped(problem, machine(mode), table).evaluation.timing.compute_cycles;
  };
  EXPECT_EQ(cycles(PrecisionMode::kNative, 16), 64 * 64 * 1024 / 16);
  EXPECT_EQ(cycles(PrecisionMode::kNative, 2), 64 * 64 * 1024 / 16);
  EXPECT_EQ(cycles(PrecisionMode::kFused, 16), 64 * 64 * 1024 / 16);
  EXPECT_EQ(cycles(PrecisionMode::kFused, 4), 64 * 64 * 1024 / 16 / 16);
  EXPECT_EQ(cycles(PrecisionMode::kFused, 2), 64 * 64 * 1024 / 16 / 64);
  EXPECT_EQ(cycles(PrecisionMode::kSerial, 16), 64 * 64 * 1024 / 16 * 16);
  EXPECT_EQ(cycles(PrecisionMode::kSerial, 2), 64 * 64 * 1024 / 16 * 2);
}

std::int64_t bits_moved(const Evaluation& evaluation, const Problem& problem,
                        const Accelerator& accelerator) {
  std::int64_t bits = 0;
  for (std::size_t level = 0; level < evaluation.counts.levels.size(); ++level) {
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const TensorCounts& t = evaluation.counts.levels[level].tensors[r];
      if (const Memory* memory = accelerator.levels[level].memory_for(role)) {
        bits += (t.reads + t.fills + t.updates + t.drains) * stored_bits(*memory, problem, role);
      }
    }
  }
  return bits;
}

// The same mapping with words of half the width: never more energy, never more traffic.
TEST(NarrowWords, HalvingBitsNeverCostsMore) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const PrecisionMode mode : kModes) {
    for (const bool granule : {false, true}) {
      Accelerator accelerator = machine(mode, true);
      if (granule) {
        accelerator.levels[1].memories[0].granule = Bits(4);
      }
      const MapResult wide = mapped(layer(16, 16), accelerator, table);
      ASSERT_TRUE(wide.mapping);
      for (const Role narrowed : {Role::kWeights, Role::kInputs}) {
        double energy_before = wide.energy.total;
        std::int64_t bits_before = bits_moved(wide.evaluation, layer(16, 16), accelerator);
        for (const int bits : {8, 4, 2, 1}) {
          Problem problem = layer(16, 16);
          problem.tensor(narrowed).bits = bits;
          const MapResult narrow = price(
              {.problem = &problem, .accelerator = &accelerator, .table = &table, .model = EvaluateOptions{}},
              *wide.mapping);
          ASSERT_TRUE(narrow.mapping) << name_of(mode) << bits;
          EXPECT_LE(narrow.energy.total, energy_before * (1 + 1e-12)) << name_of(mode) << ' ' << bits;
          const std::int64_t moved = bits_moved(narrow.evaluation, problem, accelerator);
          EXPECT_LE(moved, bits_before) << name_of(mode) << ' ' << bits;
          energy_before = narrow.energy.total;
          bits_before = moved;
        }
      }
    }
  }
}

// Cycles per iteration and lanes are constants of a layer on a machine: the optimum stays the optimum.
TEST(NarrowWords, TheExactSearchEqualsBruteForce) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  int done = 0;
  testing::for_each_seed(4711, 500, [&](std::uint64_t seed) {
    std::optional<testing::SmallCase> one = testing::small_case(seed, 1500);
    if (!one) {
      return;
    }
    Precision& precision = one->accelerator.compute.precision;
    precision.mode = seed % 2 == 0 ? PrecisionMode::kSerial : PrecisionMode::kFused;
    precision.serial = {seed % 4 == 0, seed % 2 == 0};
    const Accelerator view = at_precision(one->accelerator, one->problem);
    MapRequest request{.problem = &one->problem,
                       .accelerator = &one->accelerator,
                       .table = &table,
                       .model = EvaluateOptions{}};
    request.objective = seed % 3 == 0 ? Objective::kLatency : Objective::kEdp;
    const testing::BruteForce all(one->problem, view);
    if (all.mappings() > 20000) {
      return;
    }
    ++done;
    const std::optional<double> least = all.least(request);
    const MapResult found =
        exact::solve(request, {.rules = {}, .seed_evaluations = 0, .polish_evaluations = 0});
    ASSERT_EQ(found.mapping.has_value(), least.has_value()) << "seed " << seed;
    if (least) {
      EXPECT_DOUBLE_EQ(found.cost, *least) << "seed " << seed;
      EXPECT_EQ(found.gap, 0) << "seed " << seed;
    }
  });
  EXPECT_GT(done, 50);
}

// A narrow accumulator changes outputs, and the simulator's are those of the arithmetic stated.
TEST(NarrowAccumulators, WrapAsTheReferenceDoes) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const Overflow overflow : {Overflow::kWrap, Overflow::kSaturate}) {
    for (const int bits : {12, 47}) {
      Accelerator accelerator = machine(PrecisionMode::kNative);
      accelerator.levels[1].memories[0].accumulator_width = Bits(bits);
      accelerator.compute.overflow = overflow;
      const Problem problem = layer(8, 8);
      const MapResult result = mapped(problem, accelerator, table);
      ASSERT_TRUE(result.mapping);
      const Measured measured = simulated(problem, result, accelerator);
      // Products of 16 bits saturate 12, and then the order of additions matters: no answer.
      EXPECT_EQ(measured.outputs_equal, overflow == Overflow::kWrap || bits == 47) << bits;
    }
  }
}

}  // namespace
}  // namespace weft
