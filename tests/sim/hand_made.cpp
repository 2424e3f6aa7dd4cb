// See hand_made.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/hand_made.hpp"

#include <numeric>
#include <set>

namespace weft::testing {

namespace {

std::vector<IndexSet> slices(std::int64_t size, std::int64_t extent) {
  std::vector<IndexSet> sets;
  for (std::int64_t first = 0; first < size; first += extent) {
    IndexSet& set = sets.emplace_back(static_cast<std::size_t>(extent));
    std::iota(set.begin(), set.end(), first);
  }
  return sets;
}

Load load_of(Role role, std::vector<std::int32_t> sets, std::int64_t words) {
  Load load;
  load.role = role;
  load.level = 1;
  load.tile.sets = std::move(sets);
  if (role != Role::kOutputs) {
    load.parent_reads = load.fills = load.port_reads = load.port_fills = words;
  } else {
    load.drains = load.updates = load.port_drains = load.port_updates = words;
  }
  return load;
}

Operand operand_of(Role role, std::int64_t macs, std::int64_t first_visits) {
  Operand operand;
  operand.level = 1;
  operand.reads = operand.port_reads = role == Role::kOutputs ? macs - first_visits : macs;
  operand.delivered = macs;
  if (role == Role::kOutputs) {
    operand.updates = operand.port_updates = macs;
    operand.read_back = macs - first_visits;
  }
  return operand;
}

// Adds the step of the tile (m, n, k); `held` is what each tensor's tile was in the step before.
void add_step(Program& program, const Tiling& t, std::array<std::int32_t, 3> at,
              PerRole<std::vector<std::int32_t>>& held, std::set<std::vector<std::int32_t>>& visited) {
  const auto [m, n, k] = at;
  Step step;
  step.iteration = {0, m, n, k};
  step.macs = step.cycles = t.tm * t.tn * t.tk;
  const PerRole<std::vector<std::int32_t>> tiles = {std::vector<std::int32_t>{k, n}, {0, m, k}, {0, m, n}};
  const PerRole<std::int64_t> sizes = {t.tk * t.tn, t.tm * t.tk, t.tm * t.tn};
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (tiles[r] != held[r]) {
      Load load = load_of(role, tiles[r], sizes[r]);
      if (role == Role::kOutputs && visited.count(tiles[r]) > 0) {
        load.fills = load.parent_reads = load.port_fills = load.port_reads = sizes[r];
      }
      step.loads.push_back(load);
      held[r] = tiles[r];
    }
    const bool first = visited.count(tiles[2]) == 0;
    step.operands[r] = operand_of(role, step.macs, first ? t.tm * t.tn : 0);
  }
  visited.insert(tiles[2]);
  program.steps.push_back(step);
}

}  // namespace

Accelerator small_machine(Buffering buffering) {
  Memory dram;
  dram.name = "DRAM";
  dram.kind = MemoryKind::kDram;
  dram.holds = {true, true, true};
  dram.read_bandwidth = BitsPerCycle(8);
  dram.write_bandwidth = BitsPerCycle(32);
  Memory buffer;
  buffer.name = "BUF";
  buffer.holds = {true, true, true};
  buffer.capacity = Bits(1 << 20);
  buffer.buffering = buffering;
  Accelerator accelerator;
  accelerator.name = "small";
  accelerator.levels.resize(2);
  accelerator.levels[0].name = "DRAM";
  accelerator.levels[0].memories = {dram};
  accelerator.levels[0].fanout.name = "bus";
  accelerator.levels[1].name = "BUF";
  accelerator.levels[1].fanout.name = "wires";
  accelerator.levels[1].memories = {buffer};
  return accelerator;
}

Program tiled_product(const Tiling& t) {
  Program program;
  program.problem = make_gemm({.name = "hand made", .m = t.m, .n = t.n, .k = t.k});
  program.problem.tensor(Role::kOutputs).bits = 32;
  const std::vector<IndexSet> one = {{0}};
  const auto m = slices(t.m, t.tm);
  const auto n = slices(t.n, t.tn);
  const auto k = slices(t.k, t.tk);
  program.dim_sets = {one, m, n, k};
  program.rank_sets = {std::vector<std::vector<IndexSet>>{k, n}, {one, m, k}, {one, m, n}};
  program.keepers = {std::vector<int>{0, 1}, {0, 1}, {0, 1}};
  program.instances_used = {1, 1, 1};
  PerRole<std::vector<std::int32_t>> held;
  std::set<std::vector<std::int32_t>> visited;
  for (std::int32_t in = 0; in < static_cast<std::int32_t>(n.size()); ++in) {
    for (std::int32_t ik = 0; ik < static_cast<std::int32_t>(k.size()); ++ik) {
      for (std::int32_t im = 0; im < static_cast<std::int32_t>(m.size()); ++im) {
        add_step(program, t, {im, in, ik}, held, visited);
      }
    }
  }
  return program;
}

Program four_columns() {
  return tiled_product({.m = 8, .n = 4, .k = 1, .tm = 8, .tn = 1, .tk = 1});
}

}  // namespace weft::testing
