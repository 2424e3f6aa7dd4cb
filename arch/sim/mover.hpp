// The engines that move tiles of one tensor between a level and the keeper above it: one process fills,
// and for outputs a second one drains.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arch/sim/engine.hpp"

namespace weft::sim {

// Where an engine stands, and the slots of the tensors that share its memory.
struct Station {
  Role role = Role::kWeights;
  int level = 0;
  PerRole<TileSlots*> memory{};  // null: elsewhere
  std::size_t row = 0;           // of the array; 0 where there are no rows
};

class LoadEngine final : public Engine {
 public:
  LoadEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter, Station station);

 private:
  void execute(Job& job, Part& part) override;
  // Before the first tile of a part: what earlier parts have to have done.
  void await_predecessors(Job& job, const Part& part);
  void await_results(Job& job, const Part& part);
  void load(Job& job, Part& part, std::size_t i);
  void move_tile(Job& job, Part& part, std::size_t i, Grant& grant);
  // To all rows that want the tile, when the last of them has room.
  void deliver(Part& part, std::size_t i, Grant& grant);
  [[nodiscard]] Transfer transfer_of(const Part& part, std::size_t i) const;
  Arbiter& arbiter_;
  Station station_;
};

class StoreEngine final : public Engine {
 public:
  StoreEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter, Station station);

 private:
  void execute(Job& job, Part& part) override;
  void store(Job& job, Part& part, std::size_t i);
  // From all rows that add to the tile, when the last of them is done with it.
  void collect(Part& part, std::size_t i, Grant& grant);
  [[nodiscard]] Transfer transfer_of(const Part& part, std::size_t i) const;
  Arbiter& arbiter_;
  Station station_;
};

}  // namespace weft::sim
