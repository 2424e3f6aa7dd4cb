// Costs of a machine: by hand on a small one, and properties that must hold on all.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "energy_model/energy.hpp"

namespace weft {
namespace {

Accelerator machine() {
  return parse_accelerator(R"(accelerator: demo
clock: 500 MHz
technology: 45 nm
voltage: 0.9 V
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b}
  - name: GLB
    memory: {capacity: 32 KiB, width: 64 b}
    fanout: {x: 4, y: 3, network: {weights: unicast}}
  - name: pad
    memory: {kind: regfile, capacity: 512 B, width: 16 b}
compute: {weight_width: 8 b, input_width: 8 b, output_width: 32 b}
)",
                           "demo.yaml");
}

Problem layer(int weight_bits = 8, int input_bits = 8, int output_bits = 8) {
  Problem problem = make_gemm({.name = "layer", .m = 4, .n = 8, .k = 16});
  problem.tensor(Role::kWeights).bits = weight_bits;
  problem.tensor(Role::kInputs).bits = input_bits;
  problem.tensor(Role::kOutputs).bits = output_bits;
  return problem;
}

const EnergyTable& table() {
  static const EnergyTable loaded = EnergyTable::load("default_45nm");
  return loaded;
}

TEST(CostModel, MemoriesByHand) {
  const CostModel costs = make_cost_model(machine(), table(), layer(8, 16, 24));
  EXPECT_NEAR(costs.memories[0][0].read, 64 * 8, 1e-9);  // LPDDR4, 8 pJ per bit
  EXPECT_NEAR(costs.memories[1][0].read, 20, 1e-9);      // Horowitz: 32 KB, 64 b
  EXPECT_NEAR(costs.memories[2][0].read, 16 * 0.0552, 1e-9);
  EXPECT_EQ(costs.memories[1][0].update, costs.memories[1][0].write);
  EXPECT_EQ(costs.memories[1][0].drain, costs.memories[1][0].read);
  EXPECT_EQ(costs.memories[1][0].block_words, (PerRole<std::int64_t>{8, 4, 2}));  // 64 / 8, 64 / 16, 64 / 24
  // 5.4e-9 pJ per ns and bit, 32 KiB, 2 ns per cycle
  EXPECT_NEAR(costs.memories[1][0].leak, 5.4e-9 * 262144 * 2, 1e-12);
  EXPECT_NEAR(costs.memories[1][0].area_um2, 262144 * 1.215, 1e-6);
}

TEST(CostModel, ComputeByHand) {
  const CostModel costs = make_cost_model(machine(), table(), layer());
  EXPECT_NEAR(costs.mac, 0.2 + 0.1, 1e-6);  // 8 b product, sums of min(32, 8 + 8 + 16) b
  EXPECT_NEAR(costs.compute_area_um2, 282 + 137, 1e-6);
  EXPECT_NEAR(costs.compute_leak, 8.1e-6 * 419 * 2, 1e-9);
  EXPECT_NEAR(costs.vector_op, 0.883, 1e-12);
}

TEST(CostModel, NetworkByHand) {
  const CostModel costs = make_cost_model(machine(), table(), layer());
  // Below the GLB: 12 instances of pad and MAC, 4096 b x 5.98 um2 + 419 um2 = 24913.08 um2 each, 0.15784 mm
  // wide.
  const double hop = 0.121 * 8 * std::sqrt(24913.08) * 1e-3;
  EXPECT_EQ(costs.network_per_word[1][0], 0);                          // unicast: only the way there
  EXPECT_NEAR(costs.network_per_word[1][1], hop, 1e-9);                // multicast: a hop per receiver
  EXPECT_NEAR(costs.network_per_send[1][0], hop * (3 + 2) / 2, 1e-9);  // half of 3 columns and 2 rows
  EXPECT_EQ(costs.network_per_word[0], (PerRole<double>{}));           // one GLB: no network
  EXPECT_EQ(costs.network_per_send[2], (PerRole<double>{}));
}

// Words of a systolic array go from PE to PE; a column that ends in a memory is not wider for it.
TEST(CostModel, SystolicColumnsStayNarrow) {
  const Accelerator tpu = load_accelerator("tpu_v1");
  const CostModel costs = make_cost_model(tpu, table(), layer());
  EXPECT_EQ(costs.network_per_send[1][1], 0);
  EXPECT_GT(costs.network_per_word[1][1], 0);
  // Between PEs, a word of 8 b costs less than the product it goes into.
  EXPECT_LT(costs.network_per_word[1][1], costs.mac);
}

TEST(CostModel, StatedEnergiesAreTakenExactly) {
  Accelerator stated = machine();
  stated.levels[1].memories[0].energy = {
      .read = Picojoules(1.25), .write = Picojoules(2.5), .leak = Picojoules(0.5)};
  stated.levels[2].memories[0].energy = {.read = Picojoules(3),
                                         .write = Picojoules(4),
                                         .update = Picojoules(5),
                                         .drain = Picojoules(6),
                                         .leak = {}};
  stated.levels[1].fanout.energy_per_word = Picojoules(0.75);
  stated.compute.energy = Picojoules(0.207692);
  stated.compute.leak = Picojoules(0.002);
  stated.vector_unit.energy = Picojoules(7);
  stated.technology = Nanometres(7);  // does not touch what is stated
  stated.voltage = Volts(0.7);
  const CostModel costs = make_cost_model(stated, table(), layer());
  const MemoryCosts& glb = costs.memories[1][0];
  EXPECT_EQ(glb.read, 1.25);
  EXPECT_EQ(glb.write, 2.5);
  EXPECT_EQ(glb.update, 2.5);  // as a write
  EXPECT_EQ(glb.drain, 1.25);  // as a read
  EXPECT_EQ(glb.leak, 0.5);
  EXPECT_EQ(costs.memories[2][0].update, 5);
  EXPECT_EQ(costs.memories[2][0].drain, 6);
  EXPECT_EQ(costs.network_per_word[1], (PerRole<double>{0.75, 0.75, 0.75}));
  EXPECT_EQ(costs.network_per_send[1], (PerRole<double>{}));
  EXPECT_EQ(costs.mac, 0.207692);
  EXPECT_EQ(costs.compute_leak, 0.002);
  EXPECT_EQ(costs.vector_op, 7);
}

TEST(CostModel, RatiosOfTheEyerissPapers) {
  const EnergyTable ratios = EnergyTable::load("eyeriss_ratios");
  const CostModel costs = make_cost_model(load_accelerator("eyeriss"), ratios, layer(16, 16, 16));
  EXPECT_EQ(costs.mac, 1);
  for (std::size_t memory = 0; memory < 3; ++memory) {
    EXPECT_EQ(costs.memories[2][memory].read, 1);  // 16 b
  }
  EXPECT_EQ(costs.memories[1][0].read, 4 * 6);    // 64 b
  EXPECT_EQ(costs.memories[0][0].read, 4 * 200);  // 64 b
  EXPECT_EQ(costs.network_per_word[1], (PerRole<double>{2, 2, 2}));
  EXPECT_EQ(costs.network_per_send[1], (PerRole<double>{}));
}

TEST(CostModel, EnergyNeverFallsWithCapacity) {
  for (const MemoryKind kind : {MemoryKind::kSram, MemoryKind::kRegfile}) {
    double before = 0;
    for (std::int64_t bits = 8; bits < (std::int64_t{1} << 32); bits *= 2) {
      Accelerator sized = machine();
      sized.levels[1].memories[0].kind = kind;
      sized.levels[1].memories[0].capacity = Bits(bits);
      const double read = make_cost_model(sized, table(), layer()).memories[1][0].read;
      EXPECT_GT(read, before) << bits;
      before = read;
    }
  }
}

// For every preset: narrower words cost no more per word, and no law gives a negative or endless number.
class OfPreset : public testing::TestWithParam<std::string> {};

TEST_P(OfPreset, HalvingBitsNeverCostsMore) {
  const Accelerator preset = load_accelerator(GetParam());
  const CostModel wide = make_cost_model(preset, table(), layer(8, 8, 16));
  const CostModel narrow = make_cost_model(preset, table(), layer(4, 4, 8));
  EXPECT_LE(narrow.mac, wide.mac);
  EXPECT_GT(narrow.mac, 0);
  for (std::size_t l = 0; l < wide.memories.size(); ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      EXPECT_LE(narrow.network_per_word[l][role], wide.network_per_word[l][role]);
      EXPECT_LE(narrow.network_per_send[l][role], wide.network_per_send[l][role]);
      for (std::size_t m = 0; m < wide.memories[l].size(); ++m) {
        EXPECT_GE(narrow.memories[l][m].block_words[role], wide.memories[l][m].block_words[role]);
        EXPECT_EQ(narrow.memories[l][m].read, wide.memories[l][m].read);
        EXPECT_TRUE(std::isfinite(wide.memories[l][m].read) && wide.memories[l][m].read > 0);
      }
    }
  }
}

// Along the chain of each tensor (memories side by side may be of any size), where laws hold.
TEST_P(OfPreset, CostsMoreTheFurtherOut) {
  const Accelerator preset = load_accelerator(GetParam());
  const CostModel costs = make_cost_model(preset, table(), layer());
  const auto in_range = [&](const Memory& memory) {
    return std::none_of(costs.warnings.begin(), costs.warnings.end(), [&](const std::string& warning) {
      return warning.rfind(memory.name + ": ", 0) == 0;
    });
  };
  for (std::size_t role = 0; role < kRoles; ++role) {
    std::vector<double> per_bit;
    for (std::size_t l = 0; l < preset.levels.size(); ++l) {
      for (std::size_t m = 0; m < preset.levels[l].memories.size(); ++m) {
        const Memory& memory = preset.levels[l].memories[m];
        if (memory.holds[role] && in_range(memory)) {
          per_bit.push_back(costs.memories[l][m].read / static_cast<double>(memory.width.count()));
        }
      }
    }
    ASSERT_FALSE(per_bit.empty());
    if (per_bit.size() > 1) {
      EXPECT_GT(per_bit[0], per_bit[1]) << role;
    }
    if (per_bit.size() > 2) {
      EXPECT_GT(per_bit[1], per_bit.back()) << role;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Energy, OfPreset, testing::ValuesIn(preset_names("arch")),
                         [](const auto& param_info) { return param_info.param; });

TEST(CostModelWarnings, AMachineInsideAllRangesGetsNone) {
  EXPECT_THAT(make_cost_model(machine(), table(), layer()).warnings, testing::IsEmpty());
}

TEST(CostModelWarnings, LawsUsedOutsideTheirRangeAreNamedOnce) {
  Accelerator odd = machine();
  odd.levels[1].memories[0].capacity = Bits(std::int64_t{1} << 30);
  EXPECT_THAT(make_cost_model(odd, table(), layer()).warnings,
              testing::ElementsAre("GLB: 128 MiB is outside the range of its law (2 KiB to 1 MiB)"));
  odd = machine();
  odd.technology = Nanometres(3);
  EXPECT_THAT(make_cost_model(odd, table(), layer()).warnings,
              testing::ElementsAre(testing::HasSubstr("technology scaling")));
  odd = machine();
  odd.levels[2].memories[0].capacity.reset();
  EXPECT_THAT(make_cost_model(odd, table(), layer()).warnings,
              testing::ElementsAre(testing::HasSubstr("unbounded")));
  EXPECT_THAT(make_cost_model(machine(), table(), layer(8, 8, 32)).warnings,
              testing::ElementsAre(testing::HasSubstr("wider than an access")));
}

}  // namespace
}  // namespace weft
