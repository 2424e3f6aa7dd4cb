// What the transfers of a program ask of the banks of the memories that state them, worked out before the
// run. A tile lies in its memory by itself, from the first bank on, its words next to each other in the order
// of the layout. It comes and goes in that order; a part of it, as a level below wants it, is walked in that
// order too; the operands of a cycle are taken together. Of memories with several instances, the tiles of all
// lie as one, and formats are not considered. No SystemC. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/core/bank_walk.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

// Null: no banks there. As PortWork.
struct TileBanks {
  const BankLoad *parent_read = nullptr, *own_write = nullptr;
  const BankLoad *own_read = nullptr, *parent_write = nullptr;
};
struct OperandBanks {
  const BankLoad *read = nullptr, *write = nullptr;
};

class BankLoads {
 public:
  BankLoads() = default;
  BankLoads(const Program& program, const TileTable& tiles, const Accelerator& accelerator);
  [[nodiscard]] TileBanks tile(Role role, std::size_t position, std::size_t i) const;
  [[nodiscard]] OperandBanks operands(Role role, std::size_t step) const;

 private:
  PerRole<std::vector<std::vector<TileBanks>>> tiles_;  // as TileTable; empty: no banks
  PerRole<std::vector<OperandBanks>> operands_;         // [role][step]; empty: no banks
  std::deque<BankLoad> loads_;                          // stays where it is
  friend class BankLoadsBuilder;
};

}  // namespace weft::sim
