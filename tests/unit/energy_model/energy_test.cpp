// Energy and area of a run: counts times costs, rounded and summed as documented.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/energy.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "base/error.hpp"
#include "energy_model/area.hpp"
#include "energy_model/explain.hpp"

namespace weft {
namespace {

constexpr auto kW = static_cast<std::size_t>(Role::kWeights);
constexpr auto kI = static_cast<std::size_t>(Role::kInputs);
constexpr auto kO = static_cast<std::size_t>(Role::kOutputs);

// DRAM -> buffer (inputs, outputs) -> 4 pads (weights) -> MAC
Accelerator machine() {
  return parse_accelerator(R"(accelerator: demo
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram}
  - name: buffer
    memory: {capacity: 32 KiB, holds: [inputs, outputs]}
    fanout: {x: 4}
  - name: pad
    memory: {kind: regfile, capacity: 512 B, width: 16 b, holds: [weights]}
)",
                           "demo.yaml");
}

CostModel round_costs() {
  CostModel costs;
  costs.memories = {
      {{.read = 100, .write = 200, .update = 300, .drain = 400, .leak = 0, .block_words = {8, 8, 8}}},
      {{.read = 10, .write = 20, .update = 30, .drain = 40, .leak = 0.5, .block_words = {4, 4, 4}}},
      {{.read = 1, .write = 2, .update = 3, .drain = 4, .leak = 0.25, .block_words = {2, 2, 2}}}};
  costs.network_per_word = {{0, 0, 0}, {0.1, 0.2, 0.3}, {0, 0, 0}};
  costs.network_per_send = {{0, 0, 0}, {1, 2, 3}, {0, 0, 0}};
  costs.mac = 0.5;
  costs.compute_leak = 0.125;
  return costs;
}

ActionCounts empty_counts() {
  ActionCounts counts;
  counts.levels.resize(3);
  return counts;
}

TEST(Energy, AccessesAreWholeBlocksOfEachInstance) {
  ActionCounts counts = empty_counts();
  counts.levels[2].instances_used = 3;
  counts.levels[2].tensors[kW].reads = 25;  // 8.33 words each: ceil(8.33 / 2) = 5 accesses in 3 instances
  counts.levels[2].tensors[kW].fills = 24;  // 8 words each: 4 accesses
  const EnergyReport report = energy(counts, machine(), round_costs(), 0);
  EXPECT_DOUBLE_EQ(report.levels[2].tensors[kW], 3 * 5 * 1 + 3 * 4 * 2);
  EXPECT_DOUBLE_EQ(report.total, 39);
}

TEST(Energy, KindsOfAccessHaveTheirOwnCost) {
  ActionCounts counts = empty_counts();
  counts.levels[1].tensors[kO] = {.fills = 4, .reads = 8, .updates = 12, .drains = 16};
  const EnergyReport report = energy(counts, machine(), round_costs(), 0);
  EXPECT_DOUBLE_EQ(report.levels[1].tensors[kO], 1 * 20 + 2 * 10 + 3 * 30 + 4 * 40);
  EXPECT_EQ(report.levels[1].tensors[kI], 0);
}

TEST(Energy, LeakageRunsOnEveryInstanceForEveryCycle) {
  const EnergyReport report = energy(empty_counts(), machine(), round_costs(), 1000);
  EXPECT_DOUBLE_EQ(report.levels[1].leak, 0.5 * 1000);
  EXPECT_DOUBLE_EQ(report.levels[2].leak, 0.25 * 4 * 1000);
  EXPECT_DOUBLE_EQ(report.compute_leak, 0.125 * 4 * 1000);
  EXPECT_DOUBLE_EQ(report.total, 500 + 1000 + 500);
}

TEST(Energy, WordsPassTheFanOutsDownToTheNextKeeper) {
  ActionCounts counts = empty_counts();
  // Weights go from DRAM past the buffer and its fan-out into the pads; inputs stop at the buffer.
  counts.levels[0].network[kW] = {.sent = 5, .delivered = 20, .read_back = 0};
  counts.levels[2].tensors[kW].fills = 20;
  counts.levels[0].network[kI] = {.sent = 7, .delivered = 7, .read_back = 0};
  counts.levels[1].tensors[kI].fills = 7;
  counts.levels[1].network[kO] = {.sent = 2, .delivered = 10, .read_back = 4};
  const EnergyReport report = energy(counts, machine(), round_costs(), 0);
  EXPECT_DOUBLE_EQ(report.levels[0].network[kW], 20 * 0.1 + 5 * 1);
  EXPECT_DOUBLE_EQ(report.levels[0].network[kI], 0);
  EXPECT_DOUBLE_EQ(report.levels[1].network[kO], (10 + 4) * 0.3 + 2 * 3);
}

TEST(Energy, TheTotalIsTheSumOfItsParts) {
  ActionCounts counts = empty_counts();
  std::int64_t seed = 1;
  for (LevelCounts& level : counts.levels) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      level.tensors[role] = {.fills = seed, .reads = 3 * seed, .updates = 5 * seed, .drains = 7 * seed};
      level.network[role] = {.sent = seed, .delivered = 2 * seed, .read_back = seed};
      seed = seed * 5 % 97;
    }
  }
  counts.macs = 1000;
  const EnergyReport report = energy(counts, machine(), round_costs(), 77);
  double sum = report.compute + report.compute_leak;
  for (const EnergyReport::Level& level : report.levels) {
    sum += level.leak + std::accumulate(level.tensors.begin(), level.tensors.end(), 0.0) +
           std::accumulate(level.network.begin(), level.network.end(), 0.0);
  }
  EXPECT_DOUBLE_EQ(report.compute, 500);
  EXPECT_NEAR(report.total, sum, 1e-9 * sum);
}

TEST(Energy, CountsOfAnotherMachineAreABug) {
  ActionCounts counts;
  counts.levels.resize(2);
  EXPECT_THROW((void)energy(counts, machine(), round_costs(), 0), InternalError);
}

TEST(Area, ByHand) {
  const AreaReport report = area(machine(), EnergyTable::load("default_45nm"));
  ASSERT_EQ(report.levels.size(), 3U);
  EXPECT_EQ(report.levels[0], 0);                        // DRAM is elsewhere
  EXPECT_NEAR(report.levels[1], 262144 * 1.215, 1e-6);   // 32 KiB
  EXPECT_NEAR(report.levels[2], 4 * 4096 * 5.98, 1e-6);  // 4 pads of 512 B
  EXPECT_NEAR(report.compute, 4 * (282 + 137), 1e-6);    // 8 b multiplier, 32 b adder
  // A multicast of 8 b words, adders for 32 b sums: three hops' worth of wires to each of 4 pads.
  const double pad = std::sqrt(4096 * 5.98 + 419);  // side, um; the units are inside
  EXPECT_NEAR(report.networks[1], 4 * (8 + 8 + 32) * pad * 1e-3 * 240 + 3 * 137, 1e-6);
  EXPECT_EQ(report.networks[0] + report.networks[2], 0);
  // 16 multipliers of 16 b, on the line through 8 b and 32 b, and adders of 32 b.
  EXPECT_NEAR(report.vector_unit, 16 * (std::sqrt(282 * 3495.0) + 137), 1e-6);
  // 4096 accesses of 64 b, 4 x 256 of 16 b.
  EXPECT_NEAR(report.control, (12 + 4 * 8) * 106, 1e-6);
  EXPECT_NEAR(report.clock, 4 * 4096 * 0.55, 1e-6);
  EXPECT_NEAR(report.total,
              report.levels[1] + report.levels[2] + report.networks[1] + report.compute + report.vector_unit +
                  report.control + report.clock,
              1e-6);
}

TEST(Area, OfNetworksByKind) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const auto network = [&](NetworkKind inputs, NetworkKind outputs) {
    Accelerator changed = machine();
    changed.levels[1].fanout.network[kI] = inputs;
    changed.levels[1].fanout.network[kO] = outputs;
    return area(changed, table);
  };
  const AreaReport plain = network(NetworkKind::kMulticast, NetworkKind::kReducing);
  const AreaReport systolic = network(NetworkKind::kSystolic, NetworkKind::kReducing);
  // A register of 8 b at each pad, and the clock to it.
  EXPECT_NEAR(systolic.networks[1] - plain.networks[1], 4 * 8 * 5.98, 1e-6);
  EXPECT_NEAR(systolic.clock - plain.clock, 4 * 8 * 0.55, 1e-6);
  // The same wires take words for one; nothing adds sums on the way.
  const AreaReport apart = network(NetworkKind::kUnicast, NetworkKind::kUnicast);
  EXPECT_NEAR(apart.networks[1] - plain.networks[1], -3 * 137, 1e-6);
}

TEST(Area, PartsAddUp) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const std::string& name : preset_names("arch")) {
    const Accelerator preset = load_accelerator(name);
    double sum = 0;
    for (const AreaPart& part : explain_area(preset, table)) {
      EXPECT_FALSE(part.source.empty()) << name << ": " << part.component << ", " << part.what;
      sum += part.count * part.each_um2;
    }
    const double total = area(preset, table).total;
    EXPECT_NEAR(sum, total, 1e-9 * total) << name;
  }
}

// 281 um2 for each bit that is moved in a cycle beyond one access of 64 b.
TEST(Area, PortsAndBanksOfAnSramByHand) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const auto more = [&](const auto& change) {
    Accelerator changed = machine();
    changed.levels[1].memories[0].width = Bits(64);
    change(changed.levels[1].memories[0]);
    return (area(changed, table).levels[1] - 262144 * 1.215) / 281;
  };
  EXPECT_NEAR(more([](Memory&) {}), 0, 1e-6);
  EXPECT_NEAR(more([](Memory& m) { m.shared_bandwidth = BitsPerCycle(64); }), 0, 1e-6);
  EXPECT_NEAR(more([](Memory& m) { m.read_bandwidth = m.write_bandwidth = BitsPerCycle(64); }), 64, 1e-6);
  EXPECT_NEAR(more([](Memory& m) { m.read_bandwidth = BitsPerCycle(512); }), 448, 1e-6);
  EXPECT_NEAR(more([](Memory& m) { m.banks = 8; }), 448, 1e-6);
  EXPECT_NEAR(more([](Memory& m) {
                m.banks = 8;  // the banks move it
                m.read_bandwidth = BitsPerCycle(512);
              }),
              448, 1e-6);
  EXPECT_NEAR(more([](Memory& m) {
                m.read_bandwidth = BitsPerCycle(64);
                m.ports[at(Role::kInputs)] = Bandwidths{.read = BitsPerCycle(16), .write = {}, .shared = {}};
              }),
              16, 1e-6);
}

TEST(Area, ScalesWithTheNode) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  Accelerator small = machine();
  small.technology = Nanometres(16);
  EXPECT_NEAR(area(small, table).total / area(machine(), table).total, 0.19, 1e-12);  // Stillmaker & Baas
}

TEST(Area, TheBoxOfTheWholeMachineHasItsArea) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const std::string& name : preset_names("arch")) {
    const Accelerator preset = load_accelerator(name);
    const MachineArea parts = machine_area(preset, table);
    // What networks take does not lengthen their wires.
    const AreaReport areas = area(preset, table);
    const double total = std::accumulate(areas.levels.begin(), areas.levels.end(), areas.compute);
    EXPECT_NEAR(parts.instance[0].width * parts.instance[0].height, total, 1e-9 * total) << name;
    for (std::size_t l = 0; l < preset.levels.size(); ++l) {
      // The grid of what is below fits into the instance.
      const FanOut& grid = preset.levels[l].fanout;
      if (grid.size() > 1) {
        EXPECT_GE(parts.instance[l].width,
                  static_cast<double>(grid.x) * parts.instance[l + 1].width * (1 - 1e-9));
        EXPECT_GE(parts.instance[l].height,
                  static_cast<double>(grid.y) * parts.instance[l + 1].height * (1 - 1e-9));
      }
    }
  }
}

TEST(Area, OfEveryPresetIsOfTheOrderOfAChip) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  for (const std::string& name : preset_names("arch")) {
    const double mm2 = area(load_accelerator(name), table).total * 1e-6;
    EXPECT_GT(mm2, 0.02) << name;  // one PE of a chip
    EXPECT_LT(mm2, 700) << name;   // 32 MiB, embedded DRAM on the chip, SRAM here
  }
}

}  // namespace
}  // namespace weft
