// Accelerator files that are wrong: is the complaint the right one, at the right line?
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/spec/accelerator.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

// Line numbers of the cases below count from the first line of this text.
constexpr const char* kGood = R"(accelerator: demo
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram}
  - name: GLB
    memory: {capacity: 64 KiB, width: 64 b, holds: [inputs, outputs]}
    fanout: {x: 4, y: 4}
  - name: pads
    memories:
      - {name: a, capacity: 64 B, holds: [inputs]}
      - {name: b, capacity: 64 B, holds: [weights]}
compute: {weight_width: 8 b}
vector_unit: {level: GLB}
)";

struct Case {
  const char* name;
  const char* from;
  const char* to;
  const char* code;
  int line;
};

std::string replaced(const char* from, const char* to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, std::string(from).size(), to);
}

std::vector<Diagnostic> diagnostics_of(const std::string& text) {
  try {
    (void)parse_accelerator(text, "demo.yaml");
  } catch (const ConfigError& error) {
    return error.diagnostics();
  }
  return {};
}

class Wrong : public testing::TestWithParam<Case> {};

TEST_P(Wrong, IsReportedOnceWithItsPlace) {
  const Case& wrong = GetParam();
  const std::vector<Diagnostic> found = diagnostics_of(replaced(wrong.from, wrong.to));
  ASSERT_EQ(found.size(), 1U) << (found.empty() ? "accepted" : to_string(found[1]));
  EXPECT_EQ(found[0].code, wrong.code) << to_string(found[0]);
  EXPECT_EQ(found[0].where.line, wrong.line) << to_string(found[0]);
}

const Case kCases[] = {
    {"unknown_key", "capacity: 64 KiB", "capcity: 64 KiB", "unknown-key", 7},
    {"missing_clock", "clock: 1 GHz\n", "", "missing-key", 1},
    {"bare_number", "width: 64 b", "width: 64", "bad-unit", 7},
    {"wrong_unit", "clock: 1 GHz", "clock: 1 pJ", "bad-unit", 2},
    {"unknown_kind", "kind: dram", "kind: flash", "unknown-name", 5},
    {"unknown_tensor", "holds: [weights]", "holds: [weight]", "unknown-name", 12},
    {"tensor_twice_in_a_list", "[inputs, outputs]", "[inputs, inputs]", "duplicate-name", 7},
    {"unknown_network", "x: 4, y: 4", "x: 4, network: {inputs: broadcast}", "unknown-name", 8},
    {"no_memory_key", "    fanout: {x: 4, y: 4}\n", "  - name: empty\n", "missing-key", 8},
    {"both_memory_keys", "    memories:\n", "    memory: {}\n    memories:\n", "conflicting-keys", 12},
    {"no_memories", "fanout: {x: 4, y: 4}", "fanout: {x: 4}\n  - {name: none, memories: []}", "no-memory", 9},
    {"outermost_incomplete", "{kind: dram}", "{kind: dram, holds: [weights, inputs]}", "outermost-incomplete",
     4},
    {"duplicate_tensor", "holds: [weights]", "holds: [inputs]", "duplicate-tensor", 12},
    {"two_tensors_side_by_side", "holds: [weights]", "holds: [weights, outputs]", "one-tensor-each", 12},
    {"holds_nothing", "holds: [weights]", "holds: []", "holds-nothing", 12},
    {"zero_capacity", "capacity: 64 KiB", "capacity: 0 B", "not-positive", 7},
    {"zero_width", "width: 64 b", "width: 0 b", "not-positive", 7},
    {"zero_bandwidth", "width: 64 b", "read_bandwidth: 0 b/cycle", "not-positive", 7},
    {"zero_banks", "width: 64 b", "banks: 0", "not-positive", 7},
    {"zero_clock", "clock: 1 GHz", "clock: 0 Hz", "not-positive", 2},
    {"zero_lanes", "level: GLB", "lanes: 0", "not-positive", 14},
    {"fanout_of_zero", "x: 4, y: 4", "x: 0, y: 4", "bad-fanout", 8},
    {"fanout_below_zero", "x: 4, y: 4", "x: -4, y: 4", "bad-fanout", 8},
    {"huge_fanout", "x: 4, y: 4", "x: 4000000000, y: 4000000000", "absurd-size", 8},
    {"huge_clock", "clock: 1 GHz", "clock: 1000000 GHz", "absurd-size", 2},
    {"reducing_operand", "x: 4, y: 4", "network: {inputs: reducing}", "bad-network", 8},
    {"multicast_outputs", "x: 4, y: 4", "network: {outputs: multicast}", "bad-network", 8},
    {"same_level_name", "name: pads", "name: GLB", "duplicate-name", 9},
    {"same_memory_name", "name: b", "name: a", "duplicate-name", 12},
    {"bad_name", "name: pads", "name: 4 pads", "bad-name", 9},
    {"bypass_of_nothing", "    fanout: {x: 4", "    may_bypass: [weights]\n    fanout: {x: 4", "bad-bypass",
     8},
    {"outermost_bypass", "    memory: {kind: dram}", "    memory: {kind: dram}\n    may_bypass: [weights]",
     "bad-bypass", 6},
    {"class_misspelt", "x: 4, y: 4", "allowed_dims: {x: [position]}", "bad-dim", 8},
    {"dim_twice", "x: 4, y: 4", "allowed_dims: {y: [K, K]}", "bad-dim", 8},
    {"unknown_level", "level: GLB", "level: GBL", "unknown-level", 14},
    {"wide_words", "weight_width: 8 b", "weight_width: 65 b", "bad-width", 13},
    {"negative_latency", "weight_width: 8 b", "latency: -1 cycle", "out-of-range", 13},
    {"dram_type_of_sram", "width: 64 b", "dram_type: ddr3", "bad-dram-type", 7},
    {"negative_energy", "width: 64 b", "energy: {read: -1 pJ}", "out-of-range", 7},
};

INSTANTIATE_TEST_SUITE_P(Arch, Wrong, testing::ValuesIn(kCases),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(AcceleratorErrors, TheGoodFileIsGood) {
  EXPECT_THAT(diagnostics_of(kGood), testing::IsEmpty());
}

TEST(AcceleratorErrors, NoLevels) {
  const auto found = diagnostics_of("accelerator: demo\nclock: 1 GHz\nlevels: []\n");
  ASSERT_EQ(found.size(), 2U);  // nor can the vector unit have a level
  EXPECT_EQ(found[0].code, "unknown-level");
  EXPECT_EQ(found[1].code, "no-levels");
  EXPECT_EQ(found[1].where.line, 3);
}

TEST(AcceleratorErrors, SeveralProblemsAreReportedTogetherInOrder) {
  std::string text = replaced("x: 4, y: 4", "x: 0, network: {inputs: reducing}");
  text.replace(text.find("clock: 1 GHz"), 12, "clock: 0 Hz ");
  const auto found = diagnostics_of(text);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].code, "not-positive");
  EXPECT_LE(found[1].where.line, found[2].where.line);
}

TEST(AcceleratorErrors, CodeIsCheckedLikeFiles) {
  Accelerator machine = parse_accelerator(kGood, "demo.yaml");
  EXPECT_EQ(validate(machine), "");
  machine.levels[1].memories[0].width = Bits(0);
  EXPECT_EQ(validate(machine), "levels[1].memories[0].width: the width of an access must be above zero");
  machine = parse_accelerator(kGood, "demo.yaml");
  machine.compute.energy = Picojoules(-1);
  EXPECT_EQ(validate(machine), "compute.energy: an energy cannot be negative");
}

TEST(AcceleratorErrors, UnknownPresetNamesTheNearest) {
  try {
    (void)load_accelerator("eyerris");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics()[0].code, "unknown-name");
    EXPECT_THAT(error.diagnostics()[0].hint, testing::HasSubstr("eyeriss"));
  }
}

}  // namespace
}  // namespace weft
