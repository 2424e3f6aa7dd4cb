// Operations over lanes, and their words over the ports of the unit's level.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/vector_work.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"

namespace weft {

namespace {

const StorageLevel& level_of(const Accelerator& accelerator) {
  return accelerator.levels[static_cast<std::size_t>(accelerator.vector_unit.level)];
}

// The memory of the unit's level that holds `role`, else its first.
std::size_t memory_of(const StorageLevel& level, Role role) {
  return static_cast<std::size_t>(std::max(0, level.memory_index(role)));
}

double transfer_cycles(double bits, const std::optional<BitsPerCycle>& bandwidth) {
  return bandwidth ? bits / bandwidth->count() : 0;
}

std::int64_t whole(double operations) {
  if (!(operations < 9.2e18)) {
    throw OverflowError();
  }
  return static_cast<std::int64_t>(std::ceil(operations));
}

// The lanes rank where no unit beside them does.
void add_top_k(VectorCost& cost, const VectorOp& op, const VectorUnit& unit) {
  const Ranking ranking = ranking_of(op);
  const double looked_at = expected_select(ranking.candidates, ranking.keep).looked_at;
  const std::int64_t compared = whole(static_cast<double>(ranking.rows) * looked_at);
  if (unit.ranking > 0) {
    cost.rankings.push_back(ranking);
    cost.compared = checked_add(cost.compared, compared);
  } else {
    cost.operations = checked_add(cost.operations, compared);
  }
}

void add(VectorCost& cost, const VectorOp& op, const VectorUnit& unit) {
  if (op.kind == VectorKind::kTopK) {
    add_top_k(cost, op, unit);
  } else {
    cost.operations =
        checked_add(cost.operations, whole(static_cast<double>(op.elements) * op.ops_per_element));
  }
  cost.bits_read = checked_add(cost.bits_read, checked_mul(op.extra_input_words, op.bits));
  cost.bits_written = checked_add(cost.bits_written, checked_mul(op.output_words, op.bits));
}

void finish(VectorCost& cost, const Accelerator& accelerator, const CostModel& costs) {
  const StorageLevel& level = level_of(accelerator);
  const std::size_t source = memory_of(level, Role::kInputs);
  const std::size_t target = memory_of(level, Role::kOutputs);
  const Memory& from = level.memories[source];
  const Memory& to = level.memories[target];
  // The tensors' own ports, where they have some.
  const int port_from = std::max(0, level.port_index(Role::kInputs));
  const int port_to = std::max(0, level.port_index(Role::kOutputs));
  const Bandwidths leaving = level.bandwidths(port_from);
  const Bandwidths entering = level.bandwidths(port_to);
  const auto read = static_cast<double>(cost.bits_read);
  const auto written = static_cast<double>(cost.bits_written);
  const double shared_from = port_from == port_to ? read + written : read;
  const double shared_to = port_from == port_to ? read + written : written;
  double ranking = 0;
  for (const Ranking& one : cost.rankings) {
    ranking += expected_cycles(one, accelerator.vector_unit.ranking);
  }
  cost.cycles = static_cast<std::int64_t>(std::ceil(std::max(
      {ranking, static_cast<double>(cost.operations) / static_cast<double>(accelerator.vector_unit.lanes),
       transfer_cycles(read, leaving.read), transfer_cycles(written, entering.write),
       transfer_cycles(shared_from, leaving.shared), transfer_cycles(shared_to, entering.shared)})));
  const auto& memories = costs.memories[static_cast<std::size_t>(accelerator.vector_unit.level)];
  cost.energy_pj =
      static_cast<double>(checked_add(cost.operations, cost.compared)) * costs.vector_op +
      static_cast<double>(ceil_div(cost.bits_read, from.width.count())) * memories[source].read +
      static_cast<double>(ceil_div(cost.bits_written, to.width.count())) * memories[target].write;
}

}  // namespace

VectorWork vector_work(const Layer& layer, const Accelerator& accelerator, const EnergyTable& table) {
  VectorWork work;
  if (layer.post_ops.empty()) {
    return work;
  }
  const VectorUnit& unit = accelerator.vector_unit;
  for (const VectorOp& op : layer.post_ops) {
    const bool beside = unit.streams && op.kind != VectorKind::kTopK;
    add(op.standalone && !beside ? work.standalone : work.fused, op, unit);
  }
  // Costs per access and operation do not depend on the problem, only its words per access do.
  const CostModel costs = make_cost_model(accelerator, table, layer.problem ? *layer.problem : make_gemm({}));
  finish(work.fused, accelerator, costs);
  finish(work.standalone, accelerator, costs);
  return work;
}

void add_vector_work(LayerResult& result, const Layer& layer, const Accelerator& accelerator,
                     const EnergyTable& table) {
  const VectorWork work = vector_work(layer, accelerator, table);
  result.vector.cycles = work.fused.cycles + work.standalone.cycles;
  result.vector.energy_pj = work.fused.energy_pj + work.standalone.energy_pj;
  result.vector.operations = work.fused.operations + work.standalone.operations;
  result.vector.bits_read = work.fused.bits_read + work.standalone.bits_read;
  result.vector.bits_written = work.fused.bits_written + work.standalone.bits_written;
  result.cycles = std::max(result.cycles, work.fused.cycles) + work.standalone.cycles;
  result.energy_pj += result.vector.energy_pj;
}

}  // namespace weft
