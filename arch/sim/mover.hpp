// The engines that move tiles of one tensor between a level and the keeper above it: one process fills,
// and for outputs a second one drains.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arch/sim/engine.hpp"
#include "arch/sim/tile_slots.hpp"

namespace weft::sim {

// One end of a mover: a level's memory for the tensor. The outermost level has no slots: everything is
// there from the beginning.
struct Place {
  int level = 0;
  int word_bits = 0;  // as this memory stores the tensor
  MemoryPorts* ports = nullptr;
  TileSlots* slots = nullptr;
};

// The level a mover serves and, set anew for each program, the keeper above it.
struct Link {
  Role role = Role::kWeights;
  std::size_t position = 0;  // of the level in the program's keepers; 0: the program does not use it
  Place own, parent;
};

class LoadEngine final : public Engine {
 public:
  LoadEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter);
  Link link;

 private:
  void execute(Job& job) override;
  void load(Job& job, std::size_t i);
  void count(Job& job, const Load& load) const;
  Arbiter& arbiter_;
};

class StoreEngine final : public Engine {
 public:
  StoreEngine(const sc_core::sc_module_name& name, std::string label, Arbiter& arbiter);
  Link link;

 private:
  void execute(Job& job) override;
  void store(Job& job, std::size_t i);
  void count(Job& job, const Load& load) const;
  Arbiter& arbiter_;
};

}  // namespace weft::sim
