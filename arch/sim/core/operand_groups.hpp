// Which words of a tensor the units below a memory's first instance take in the same cycle: those whose
// indices differ in the digits of the fan-outs between the two only. No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "arch/program.hpp"

namespace weft::sim {

// Where the coordinates lie in a tile's ascending set, ascending; those that it does not have are left out.
[[nodiscard]] std::vector<std::int64_t> positions_in(const IndexSet& tile, const IndexSet& coordinates);

class OperandGroups {
 public:
  // `order`: the ranks as they lie in the memory of `level`. Keeps a reference.
  OperandGroups(const Program& program, Role role, int level, std::vector<std::size_t> order);
  [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }

  // [rank of the order][cycle]: positions of a cycle's coordinates along that rank; cycles are all
  // combinations of one choice per rank.
  using Choices = std::vector<std::vector<std::vector<std::int64_t>>>;
  // `tile`: the coordinates in the memory, by rank of the order.
  [[nodiscard]] Choices of_step(const Step& step, const std::vector<const IndexSet*>& tile) const;

  // Calls visit(words of one cycle, ascending) for every combination; of very many for some, evenly.
  using Visit = std::function<void(const std::vector<std::int64_t>& words)>;
  static void each(const Choices& choices, const std::vector<std::int64_t>& strides, const Visit& visit);

 private:
  // Along one dim: the indices of a cycle, of every cycle.
  [[nodiscard]] std::vector<IndexSet> cycles_of(const IndexSet& indices, int dim) const;
  const Program& program_;
  const TensorShape& tensor_;
  int level_;
  std::vector<std::size_t> order_;
};

}  // namespace weft::sim
