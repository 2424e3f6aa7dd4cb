// Accelerators: do files, presets and code agree on what a machine is?
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/accelerator.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checked.hpp"
#include "base/configs.hpp"
#include "base/error.hpp"
#include "base/rng.hpp"

namespace weft {
namespace {

constexpr const char* kSmall = R"(accelerator: small
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram}
  - name: GLB
    memory: {capacity: 108 KiB, holds: [inputs, outputs], read_bandwidth: 16 B/cycle, energy: {read: 1.5 pJ}}
    may_bypass: [outputs]
    fanout: {x: 14, y: 12, network: {outputs: systolic}, allowed_dims: {x: [positions, K]}}
  - name: spads
    memories:
      - {name: a, kind: regfile, capacity: 24 B, holds: [inputs], buffering: buffet}
      - {name: b, kind: regfile, capacity: 448 B, holds: [weights], halo: refetch}
    fanout: {x: 2}
compute: {weight_width: 16 b, latency: 3 cycles}
vector_unit: {lanes: 8, level: GLB}
)";

TEST(Accelerator, FileGivesWhatItSaysAndTheStatedDefaults) {
  const Accelerator machine = parse_accelerator(kSmall, "small.yaml");
  EXPECT_EQ(machine.name, "small");
  EXPECT_EQ(machine.clock, Hertz(1e9));
  ASSERT_EQ(machine.depth(), 3);
  EXPECT_EQ(machine.levels[0].memories[0].name, "DRAM");
  EXPECT_EQ(machine.levels[0].memories[0].holds, (PerRole<bool>{true, true, true}));
  EXPECT_FALSE(machine.levels[0].memories[0].capacity.has_value());
  const Memory& glb = machine.levels[1].memories[0];
  EXPECT_EQ(glb.capacity, Bits(108 * 1024 * 8));
  EXPECT_EQ(glb.holds, (PerRole<bool>{false, true, true}));
  EXPECT_EQ(glb.read_bandwidth, BitsPerCycle(128));
  EXPECT_FALSE(glb.write_bandwidth.has_value());
  EXPECT_EQ(glb.energy.read, Picojoules(1.5));
  EXPECT_EQ(machine.levels[1].may_bypass, (PerRole<bool>{false, false, true}));
  const FanOut& array = machine.levels[1].fanout;
  EXPECT_EQ(array.name, "GLB_network");
  EXPECT_EQ(array.network[0], NetworkKind::kMulticast);
  EXPECT_EQ(array.network[2], NetworkKind::kSystolic);
  EXPECT_THAT(array.allowed_dims[0], testing::ElementsAre("positions", "K"));
  EXPECT_TRUE(array.allowed_dims[1].empty());
  EXPECT_EQ(machine.levels[2].memories[1].halo, Halo::kRefetch);
  EXPECT_EQ(machine.compute.weight_bits, 16);
  EXPECT_EQ(machine.compute.latency_cycles, 3);
  EXPECT_EQ(machine.vector_unit.level, 1);
}

TEST(Accelerator, MemoriesAreFoundByTensor) {
  const Accelerator machine = parse_accelerator(kSmall, "small.yaml");
  EXPECT_EQ(machine.levels[1].memory_index(Role::kWeights), -1);
  EXPECT_EQ(machine.levels[1].memory_for(Role::kWeights), nullptr);
  EXPECT_EQ(machine.levels[2].memory_index(Role::kWeights), 1);
  EXPECT_EQ(machine.levels[2].memory_for(Role::kInputs)->name, "a");
}

TEST(Accelerator, InstancesMultiplyDownTheTree) {
  const Accelerator machine = parse_accelerator(kSmall, "small.yaml");
  EXPECT_EQ(machine.instances(0), 1);
  EXPECT_EQ(machine.instances(1), 1);
  EXPECT_EQ(machine.instances(2), 168);     // 14 x 12
  EXPECT_EQ(machine.compute_units(), 336);  // 14 x 12 x 2
  EXPECT_THROW((void)machine.instances(4), InternalError);
}

TEST(Accelerator, InstancesThatDoNotFitAreReportedNotWrapped) {
  Accelerator machine = parse_accelerator(kSmall, "small.yaml");
  for (StorageLevel& level : machine.levels) {
    level.fanout.x = std::int64_t{1} << 31;
  }
  EXPECT_THROW((void)machine.compute_units(), OverflowError);
  EXPECT_NE(validate(machine), "");
}

class Presets : public testing::TestWithParam<std::string> {};

TEST_P(Presets, LoadCarryTheirNameAndASummary) {
  const Accelerator machine = load_accelerator(GetParam());
  EXPECT_EQ(machine.name, GetParam());
  EXPECT_FALSE(machine.summary.empty());
  EXPECT_EQ(validate(machine), "");
}

TEST_P(Presets, PrintAsYamlThatLoadsEqual) {
  const Accelerator machine = load_accelerator(GetParam());
  EXPECT_EQ(parse_accelerator(print_yaml(machine), "printed.yaml"), machine);
}

// One word of each tensor, in two slots where the memory is double-buffered, is the smallest tile there is.
TEST_P(Presets, HaveRoomForTheSmallestTiles) {
  const Accelerator machine = load_accelerator(GetParam());
  const PerRole<int> widths = {machine.compute.weight_bits, machine.compute.input_bits, 16};
  for (const StorageLevel& level : machine.levels) {
    for (const Memory& memory : level.memories) {
      std::int64_t needed = 0;
      for (std::size_t role = 0; role < kRoles; ++role) {
        needed += memory.holds[role] ? widths[role] : 0;
      }
      const std::int64_t slots = memory.buffering == Buffering::kDouble ? 2 : 1;
      EXPECT_GE(memory.capacity.value_or(Bits(1000000)).count(), slots * needed) << memory.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Arch, Presets, testing::ValuesIn(preset_names("arch")),
                         [](const auto& param_info) { return param_info.param; });

TEST(AcceleratorPresets, PublishedSizes) {
  // Chen et al., JSSC 2017: 168 PEs, 181.5 KB of storage in all: 108 KB and 168 x (24 + 448 + 48) B = 85.3 KB
  // (of which the paper counts the 448 B SRAMs: 73.5 KB).
  const Accelerator eyeriss = load_accelerator("eyeriss");
  EXPECT_EQ(eyeriss.compute_units(), 168);
  std::int64_t pads = 0;
  for (const Memory& memory : eyeriss.levels[2].memories) {
    pads += memory.capacity->count() / 8;
  }
  EXPECT_EQ(pads, 520);
  EXPECT_EQ(load_accelerator("gemmini").compute_units(), 256);
  EXPECT_EQ(load_accelerator("nvdla_small").compute_units(), 64);
  EXPECT_EQ(load_accelerator("nvdla_large").compute_units(), 2048);
  EXPECT_EQ(load_accelerator("tpu_v1").compute_units(), 65536);  // 92 TOPS at 700 MHz
  EXPECT_EQ(load_accelerator("shidiannao").compute_units(), 64);
  EXPECT_EQ(load_accelerator("simba").compute_units(), 1024);  // 16 PEs x 8 lanes x 8
}

TEST(AcceleratorPresets, OnlyMachinesWithMeasuredCyclesStateMechanisms) {
  for (const auto& [name, summary] : accelerator_presets()) {
    EXPECT_EQ(states_mechanisms(load_accelerator(name)), name.rfind("gemmini", 0) == 0 || name == "eyeriss")
        << name;
  }
}

TEST(AcceleratorPresets, AreListedInOrderWithTheirSummaries) {
  const auto presets = accelerator_presets();
  ASSERT_GE(presets.size(), 8U);
  EXPECT_TRUE(std::is_sorted(presets.begin(), presets.end()));
}

// --- round trip of machines that no file of ours looks like ---

std::int64_t below(Rng& rng, std::int64_t end) {
  return rng.uniform(0, end - 1);
}

template <class T>
T pick(Rng& rng, std::initializer_list<T> choices) {
  return *(choices.begin() + below(rng, static_cast<std::int64_t>(choices.size())));
}

template <class Q>
std::optional<Q> maybe(Rng& rng, double value) {
  return below(rng, 2) == 0 ? std::nullopt : std::optional<Q>(Q(value));
}

Memory random_memory(Rng& rng, std::string name, PerRole<bool> holds) {
  Memory memory;
  memory.name = std::move(name);
  memory.kind = pick(rng, {MemoryKind::kDram, MemoryKind::kSram, MemoryKind::kRegfile});
  if (below(rng, 2) == 0) {
    memory.capacity = Bits(1 + below(rng, 1 << 30));
  }
  memory.width = Bits(1 + below(rng, 1000));
  memory.holds = holds;
  memory.read_bandwidth = maybe<BitsPerCycle>(rng, 19.2);
  memory.write_bandwidth = maybe<BitsPerCycle>(rng, 1.0 / 3.0);
  memory.shared_bandwidth = maybe<BitsPerCycle>(rng, 1e-3 + static_cast<double>(below(rng, 1 << 20)) / 7.0);
  memory.buffering = pick(rng, {Buffering::kSingle, Buffering::kDouble, Buffering::kBuffet});
  memory.halo = pick(rng, {Halo::kReuse, Halo::kRefetch});
  memory.banks = 1 + static_cast<int>(below(rng, 32));
  const bool limited = memory.shared_bandwidth || (memory.read_bandwidth && memory.write_bandwidth);
  if (limited && memory.kind != MemoryKind::kDram && below(rng, 2) == 0) {
    memory.banking = Banking{.interleave = Bits(memory.width.count() * (1 + below(rng, 9))),
                             .ports = pick(rng, {BankPorts::kOne, BankPorts::kTwo}),
                             .layout = pick(rng, {Layout::kChannelsFirst, Layout::kChannelsLast})};
  }
  memory.energy.read = maybe<Picojoules>(rng, 0.202442);
  memory.energy.leak = maybe<Picojoules>(rng, 1e-7);
  memory.energy.drain = maybe<Picojoules>(rng, 0);
  if (memory.kind == MemoryKind::kDram && below(rng, 2) == 0) {
    memory.dram_type = "hbm2";
  }
  return memory;
}

StorageLevel random_level(Rng& rng, int index) {
  StorageLevel level;
  level.name =
      index == 0 ? "null" : "L" + std::to_string(index);  // a word that YAML would take for something else
  if (index == 0) {
    level.memories.push_back(random_memory(rng, "all", {true, true, true}));
    level.memories.front().banking.reset();  // whole tensors lie there
  } else if (below(rng, 2) == 0) {
    level.memories.push_back(random_memory(rng, "all", {true, true, true}));
  } else {
    level.memories.push_back(random_memory(rng, "No", {true, false, false}));
    level.memories.push_back(random_memory(rng, "b", {false, false, true}));
    level.may_bypass[2] = below(rng, 2) == 0;
  }
  level.fanout.name = "net";
  level.fanout.x = 1 + below(rng, 10);
  level.fanout.y = 1 + below(rng, 10);
  level.fanout.network[1] =
      pick(rng, {NetworkKind::kUnicast, NetworkKind::kMulticast, NetworkKind::kSystolic});
  level.fanout.network[2] =
      pick(rng, {NetworkKind::kUnicast, NetworkKind::kReducing, NetworkKind::kSystolic});
  level.fanout.multicast_unit = pick(rng, {MulticastUnit::kWord, MulticastUnit::kTile});
  level.fanout.outlet = pick(rng, {Outlet::kUsed, Outlet::kEdge});
  if (below(rng, 2) == 0) {
    level.fanout.links = Links{.bandwidth = BitsPerCycle(0.5 + static_cast<double>(below(rng, 99)))};
  } else if (below(rng, 2) == 0) {
    level.fanout.links = Links{.kind = LinkKind::kMesh,
                               .entry_x = below(rng, level.fanout.x),
                               .entry_y = below(rng, level.fanout.y)};
  }
  if (below(rng, 2) == 0) {
    level.fanout.allowed_dims[1] = {"reduction", "N", "Y"};
  }
  level.fanout.energy_per_word = maybe<Picojoules>(rng, 0.061);
  return level;
}

Skip random_skip(Rng& rng) {
  Skip skip{.by = {true, true, false}, .barrier = {"reduction"}, .window = 1 + below(rng, 9)};
  if (below(rng, 2) == 0) {
    skip.vectors = {1 + below(rng, 8), 1 + below(rng, 8)};
    skip.banks = below(rng, 3) * 16;
    skip.queue = skip.banks > 0 ? below(rng, 5) : 0;
    return skip;
  }
  skip.merge = Merge{.ways = 2 + below(rng, 99),
                     .elements = 1 + below(rng, 16),
                     .condensed = below(rng, 2) == 0,
                     .smallest_first = below(rng, 2) == 0,
                     .streamed = below(rng, 2) == 0,
                     .buffer = below(rng, 2) == 0 ? std::nullopt : std::optional(Bits(12345))};
  return skip;
}

TEST(Accelerator, RandomMachinesSurviveARoundTrip) {
  Rng rng(7);
  for (int round = 0; round < 300; ++round) {
    Accelerator machine;
    machine.name = "machine";
    machine.summary =
        pick<std::string>(rng, {"", "a \"quoted\" \\ line: with # signs", "two\nlines\tand µm", "- x"});
    machine.clock = Hertz(1e9 / 3);
    machine.voltage = Volts(0.85);
    const int depth = 1 + static_cast<int>(below(rng, 4));
    for (int level = 0; level < depth; ++level) {
      machine.levels.push_back(random_level(rng, level));
    }
    machine.compute.output_bits = 1 + static_cast<int>(below(rng, 64));
    machine.compute.energy = maybe<Picojoules>(rng, 0.207692);
    machine.vector_unit.level = static_cast<int>(below(rng, depth));
    machine.vector_unit.ranking = below(rng, 20);
    machine.vector_unit.streams = below(rng, 2) == 0;
    if (below(rng, 2) == 0) {
      machine.compute.zeros.skip = random_skip(rng);
    }
    ASSERT_EQ(validate(machine), "");
    const std::string text = print_yaml(machine);
    ASSERT_EQ(parse_accelerator(text, "printed.yaml"), machine) << text;
  }
}

}  // namespace
}  // namespace weft
