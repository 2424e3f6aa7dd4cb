// What all engines share: one process each that sleeps until a program starts, does its part of it, and
// says on demand what it is waiting for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

#include <systemc>

#include "arch/sim/core/port_work.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/sim/core/values.hpp"
#include "arch/sim/port.hpp"
#include "arch/sim/simulator.hpp"
#include "arch/sim/tile_window.hpp"

namespace weft::sim {

// One program being run: what the engines read and where they count.
struct Job {
  const Program* program = nullptr;
  TileTable tiles;
  PortWorkTable work;
  TileWindow* window = nullptr;
  Values* values = nullptr;  // null: timing only
  Simulator::VectorWork vector_work;
  Ticks begin = 0;
  Ticks end = 0;     // when the last engine finished, at the first instance
  Ticks lagged = 0;  // when the results of the farthest instance were out
  Ticks computing = 0, commands = 0, ramp_in = 0, operand_bandwidth = 0, ramp_out_begin = 0;
  PerRole<Ticks> waiting_for{};
  bool ramp_out_interference = false;
  Result result;
  std::exception_ptr failure;

  // Something of the step is done at the first instance; the farthest one follows by the skew.
  void done(std::int64_t step);
};

class Engine : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Engine);
  Engine(const sc_core::sc_module_name& name, std::string label);
  // Wakes the process at the present time; `job` lives until the run is over.
  void start(Job& job);
  [[nodiscard]] bool finished() const { return job_ == nullptr; }
  // "loads weights into GLB: tile 3 of 10, waits for a slot".
  [[nodiscard]] std::string state() const;

 protected:
  virtual void execute(Job& job) = 0;
  // What the next blocking call waits for; `item` counts tiles or steps.
  void note(std::size_t item, const char* waits_for);

 private:
  void live();
  std::string label_;
  Job* job_ = nullptr;
  sc_core::sc_event start_;
  std::size_t item_ = 0;
  const char* waits_for_ = "nothing";
};

}  // namespace weft::sim
