// Legality, time and energy of dataflow and energy_model as formulas over quantities: the same
// operations in the same order, so that they give the same bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "dataflow/ports.hpp"
#include "mapper/batch/structure.hpp"

namespace weft::batch {

// Values of the ports of all memories: [level][memory][side]; zero to begin with.
class PortValues {
 public:
  PortValues(Graph& graph, const Subject& subject);
  // As PortTimes.
  Value add(int level, Role role, Side side, Value words, Serves serves = Serves::kMemory);
  [[nodiscard]] Value cycles(int level, Role role, Side side, Value words, Serves serves = Serves::kMemory);
  [[nodiscard]] Value& at(int level, int port, Side side) {
    return times_[static_cast<std::size_t>(level)][static_cast<std::size_t>(port)]
                 [static_cast<std::size_t>(side)];
  }

 private:
  Graph* graph_;
  const Subject* subject_;
  std::vector<std::vector<std::array<Value, kSides>>> times_;
};

struct RampValues {
  Value in, out;
  PortValues ports;
  std::vector<PerRole<Value>> load, store;  // [level]
};
[[nodiscard]] RampValues ramp_values(Graph& graph, const Subject& subject, const Ask& ask);
// When the last of the first loads has arrived.
[[nodiscard]] Value first_loads_end(Graph& graph, const Subject& subject, const Ask& ask);
// Total cycles, rounded up.
[[nodiscard]] Value cycles_of(Graph& graph, const Subject& subject, const Ask& ask);
[[nodiscard]] Value energy_of(Graph& graph, const Subject& subject, const Ask& ask, Value cycles);
// 1 where check() finds nothing, 0 elsewhere; of a structure that passes `may_be_legal`.
[[nodiscard]] Value legal_of(Graph& graph, const Subject& subject, const Ask& ask);
// Tensors kept where they can and must be, in words that the compute units take.
[[nodiscard]] bool may_be_legal(const Subject& subject);

// Words of a boundary: 0 where the tensor lies in the padding altogether.
[[nodiscard]] Asked words_of(Graph& graph, const Subject& subject, const Ask& ask, Quantity quantity);

}  // namespace weft::batch
