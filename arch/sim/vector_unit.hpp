// The vector unit: post-operations, limited by its lanes or by the ports of the level it works on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/sim/engine.hpp"

namespace weft::sim {

class VectorEngine final : public Engine {
 public:
  VectorEngine(const sc_core::sc_module_name& name, Arbiter& arbiter, const VectorUnit& unit,
               MemoryPorts& ports);

 private:
  void execute(Job& job) override;
  Arbiter& arbiter_;
  VectorUnit unit_;
  MemoryPorts& ports_;
};

}  // namespace weft::sim
