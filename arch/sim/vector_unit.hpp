// The vector unit: post-operations, limited by its lanes or by the ports of the level it works on. In a
// network it also says when a layer is over: its results are where they belong and worked on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/sim/engine.hpp"

namespace weft::sim {

class VectorEngine final : public Engine {
 public:
  VectorEngine(const sc_core::sc_module_name& name, Arbiter& arbiter, const VectorUnit& unit,
               MemoryPorts& ports);

 private:
  void work_through(Job& job) override;
  void execute(Job& job, Part& part) override;
  // Work by itself, with ports (Simulator::run_vector).
  void work_alone(const Job& job);
  void work(std::int64_t cycles);
  Arbiter& arbiter_;
  VectorUnit unit_;
  MemoryPorts& ports_;
};

}  // namespace weft::sim
