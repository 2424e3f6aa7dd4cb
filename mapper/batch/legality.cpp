// check() of dataflow as a formula.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/legality.hpp"

#include <limits>

#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

Value tiles_fit(Graph& graph, const Subject& subject, const Ask& ask, int level, int memory, Value legal) {
  const StorageLevel& storage = subject.level(level);
  const Memory& store = storage.memories[static_cast<std::size_t>(memory)];
  const std::int64_t available = usable_bits(store);
  if (available == std::numeric_limits<std::int64_t>::max()) {
    return legal;
  }
  Value needed = graph.constant(0);
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (subject.structure.keep[static_cast<std::size_t>(level)][r] && storage.memory_index(role) == memory) {
      const Value words =
          ask({Kind::kTile, {}, Scope::kReceivers, Visits::kAll, level, index_of(role)}).value;
      const double bits = capacity_bits(subject.accelerator(), subject.problem(), level, role);
      needed = graph.add(needed, graph.multiply(words, graph.constant(bits)));
    }
  }
  return graph.select_less(graph.constant(static_cast<double>(available)), needed, graph.constant(0), legal);
}

}  // namespace

Value legal_of(Graph& graph, const Subject& subject, const Ask& ask) {
  Value legal = ask({Kind::kUseful, {}, Scope::kReceivers, Visits::kAll, 0, 0}).value;
  for (int level = 0; level < subject.accelerator().depth(); ++level) {
    const FanOut& fanout = subject.level(level).fanout;
    for (const int axis : {0, 1}) {
      const Value used = ask({Kind::kSpread, {}, Scope::kReceivers, Visits::kAll, level, axis}).value;
      const Value available = graph.constant(static_cast<double>(axis == 0 ? fanout.x : fanout.y));
      legal = graph.select_less(available, used, graph.constant(0), legal);
    }
    for (int memory = 0; memory < static_cast<int>(subject.level(level).memories.size()); ++memory) {
      legal = tiles_fit(graph, subject, ask, level, memory, legal);
    }
  }
  return legal;
}

bool may_be_legal(const Subject& subject) {
  const Compute& compute = subject.accelerator().compute;
  const PerRole<int> takes = {compute.weight_bits, compute.input_bits, compute.output_bits};
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (subject.problem().tensor(role).bits > takes[r] || !subject.structure.keep.front()[r]) {
      return false;
    }
    for (int level = 0; level < subject.accelerator().depth(); ++level) {
      const bool keeps = subject.structure.keep[static_cast<std::size_t>(level)][r];
      const bool can_hold = subject.level(level).memory_for(role) != nullptr;
      if (keeps ? !can_hold : can_hold && !subject.level(level).may_bypass[r]) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace weft::batch
