// Lanes, cycles and energies of units that take narrow words, and accumulators that overflow.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "arch/spec/layer_machine.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

Problem problem_of(int weights, int inputs) {
  Problem problem = make_gemm({.name = "g", .m = 4, .n = 4, .k = 4});
  problem.tensor(Role::kWeights).bits = weights;
  problem.tensor(Role::kInputs).bits = inputs;
  return problem;
}

Compute fused() {
  Compute compute;
  compute.precision.mode = PrecisionMode::kFused;
  return compute;
}

Compute serial(bool weights, bool inputs, int bits_per_cycle = 1) {
  Compute compute;
  compute.weight_bits = compute.input_bits = 16;
  compute.precision.mode = PrecisionMode::kSerial;
  compute.precision.serial = {weights, inputs};
  compute.precision.bits_per_cycle = bits_per_cycle;
  return compute;
}

// Sharma et al., ISCA 2018: a unit of 8 x 8 bits is 16 of 2 x 2; floor(8 / max(bits, 2)) per operand.
TEST(FusedUnits, HaveLanesForNarrowWords) {
  const struct {
    int weights, inputs;
    std::int64_t lanes;
  } cases[] = {{8, 8, 1},  {4, 8, 2}, {4, 4, 4}, {2, 8, 4}, {2, 2, 16},
               {1, 1, 16}, {3, 8, 2}, {5, 5, 1}, {6, 2, 4}};
  for (const auto& c : cases) {
    EXPECT_EQ(lanes_of(fused(), problem_of(c.weights, c.inputs)), c.lanes) << c.weights << " x " << c.inputs;
    EXPECT_EQ(iteration_cycles_of(fused(), problem_of(c.weights, c.inputs)), 1);
    EXPECT_DOUBLE_EQ(stated_energy_share(fused(), problem_of(c.weights, c.inputs)),
                     1.0 / static_cast<double>(c.lanes));
  }
  EXPECT_EQ(most_lanes(fused()), 16);
  EXPECT_EQ(most_lanes(Compute{}), 1);
}

// Judd et al., MICRO 2016: p cycles for p-bit activations, where a bit-parallel unit of 16 takes one.
TEST(SerialUnits, TakeACycleForEachPiece) {
  EXPECT_EQ(iteration_cycles_of(serial(false, true), problem_of(16, 5)), 5);
  EXPECT_EQ(iteration_cycles_of(serial(true, false), problem_of(3, 16)), 3);
  EXPECT_EQ(iteration_cycles_of(serial(true, true), problem_of(3, 5)), 15);
  EXPECT_EQ(iteration_cycles_of(serial(true, true, 2), problem_of(3, 5)), 6);  // 2 x 3 pieces
  EXPECT_EQ(lanes_of(serial(true, true), problem_of(3, 5)), 1);
  EXPECT_DOUBLE_EQ(stated_energy_share(serial(false, true), problem_of(16, 4)), 0.25);
}

// Weights split, inputs come bit by bit: lanes of one and cycles of the other.
TEST(SerialUnits, MaySplitTheOtherOperand) {
  Compute compute = fused();
  compute.precision.serial = {false, true};
  EXPECT_EQ(lanes_of(compute, problem_of(2, 5)), 4);
  EXPECT_EQ(iteration_cycles_of(compute, problem_of(2, 5)), 5);
  EXPECT_EQ(most_lanes(compute), 4);
  EXPECT_DOUBLE_EQ(stated_energy_share(compute, problem_of(2, 4)), 0.125);
}

constexpr const char* kMachine = R"(accelerator: a
clock: 1 GHz
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b}
    fanout: {x: 4, y: 2}
compute: {precision: {mode: fused, brick: 2 b, axis: y, energy_factor: 2, area_factor: 2.5}, overflow: wrap}
)";

TEST(LayerMachines, LanesExtendTheLastFanOut) {
  const Accelerator machine = parse_accelerator(kMachine, "a.yaml");
  const Accelerator view = at_precision(machine, problem_of(2, 4));
  EXPECT_EQ(view.levels[0].fanout.y, 2 * 8);
  EXPECT_EQ(view.levels[0].fanout.x, 4);
  EXPECT_EQ(view.compute_units(), machine.compute_units());
  EXPECT_EQ(view.instances(1), 8 * machine.instances(1));
  EXPECT_EQ(built_fanout(view, 0), machine.levels[0].fanout);
  EXPECT_EQ(at_precision(view, problem_of(2, 4)), view) << "a view is its own view";
  EXPECT_DOUBLE_EQ(peak_macs(machine, problem_of(2, 4)), 64);
  const LayerMachine same(machine, problem_of(2, 4));
  EXPECT_EQ(*same, view);
}

TEST(LayerMachines, AreTheMachineItselfWhereNothingDependsOnWidths) {
  Accelerator machine = parse_accelerator(kMachine, "a.yaml");
  machine.compute.precision = {};
  EXPECT_EQ(&*LayerMachine(machine, problem_of(2, 2)), &machine);
}

TEST(Precision, LoadsWhatItPrints) {
  for (const char* text :
       {"{mode: fused, brick: 1 b, axis: x}",
        "{mode: serial, operands: [weights, inputs], bits_per_cycle: 2 b}",
        "{mode: serial, operands: [inputs], energy_factor: 1.5}",
        "{mode: fused, operands: [inputs], brick: 1 b, axis: x}", "{mode: native, area_factor: 3}"}) {
    std::string file = kMachine;
    const std::size_t at = file.find("{mode");
    file.replace(at, file.find('}', at) + 1 - at, text);
    const Accelerator machine = parse_accelerator(file, "a.yaml");
    EXPECT_EQ(parse_accelerator(print_yaml(machine), "b.yaml"), machine) << print_yaml(machine);
  }
}

TEST(Accumulators, WrapOrSaturate) {
  EXPECT_EQ(accumulated(127, 8, Overflow::kWrap), 127);
  EXPECT_EQ(accumulated(128, 8, Overflow::kWrap), -128);
  EXPECT_EQ(accumulated(-129, 8, Overflow::kWrap), 127);
  EXPECT_EQ(accumulated(1000, 8, Overflow::kWrap), 1000 - 4 * 256 + 0);
  EXPECT_EQ(accumulated(1000, 8, Overflow::kSaturate), 127);
  EXPECT_EQ(accumulated(-1000, 8, Overflow::kSaturate), -128);
  EXPECT_EQ(accumulated(1000, 8, Overflow::kIgnored), 1000);
  EXPECT_EQ(accumulated(INT64_MIN, 64, Overflow::kWrap), INT64_MIN);
  EXPECT_EQ(accumulated(3, 1, Overflow::kWrap), -1);
}

}  // namespace
}  // namespace weft
