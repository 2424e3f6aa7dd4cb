// What all engines share: one process each that sleeps until a run starts, does its share of part after part,
// and says on demand what it is waiting for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>

#include <systemc>

#include "arch/sim/core/timeline.hpp"
#include "arch/sim/core/values.hpp"
#include "arch/sim/core/zero_work.hpp"
#include "arch/sim/outer_memory.hpp"
#include "arch/sim/port.hpp"
#include "arch/sim/sequence.hpp"
#include "arch/sim/simulator.hpp"
#include "arch/sim/tile_window.hpp"
#include "base/rng.hpp"

namespace weft::sim {

class Reasons;

// A run: what the engines read and where they count.
struct Job {
  Sequence* sequence = nullptr;
  TileWindow* window = nullptr;
  Values* values = nullptr;      // null: timing only
  Reasons* reasons = nullptr;    // null: vector work only
  Recorder* recorder = nullptr;  // null: no trace
  OuterMemory* outer = nullptr;  // null: the outermost level's ports say how long its transfers take
  // Engines at work; told when the last one has finished.
  std::size_t at_work = 0;
  sc_core::sc_event* over = nullptr;
  Simulator::VectorWork vector_work;
  std::int64_t max_jitter_cycles = 0;
  std::uint64_t seed = 1;
  bool split_transfers = false;
  Ticks begin = 0;
  Ticks end = 0;      // when the last engine finished, at the first instance
  Ticks settled = 0;  // nobody will ask what engines did before
  Ticks computing = 0, commands = 0, ramp_in = 0, operand_bandwidth = 0, held_back = 0;
  Ticks last_mac = 0;  // when the array had done its last step so far
  PerRole<Ticks> waiting_for{};
  bool ramp_out_interference = false;
  Result result;
  std::exception_ptr failure;
};

// Something of the step is done at the first instance; the farthest one follows by the skew, less the part of
// it that has passed already.
void done(Part& part, std::int64_t step, Ticks passed = 0);

class Engine : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Engine);
  // `number`: tells the random streams of engines apart.
  Engine(const sc_core::sc_module_name& name, std::string label, std::uint64_t number);
  // Wakes the process at the present time; `job` lives until the run is over.
  void start(Job& job, int track);
  [[nodiscard]] bool finished() const { return job_ == nullptr; }
  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const Timeline& timeline() const { return timeline_; }
  // "loads weights into GLB: tile 3 of 10, waits for a slot".
  [[nodiscard]] std::string state() const;

 protected:
  // This engine's share of a part; called in order of the parts.
  virtual void execute(Job& job, Part& part) = 0;
  // All parts. The vector unit overrides this: it also works without a program.
  virtual void work_through(Job& job);
  // What it does from now on; `item` counts tiles or steps.
  void now_doing(Doing doing);
  void now_at(const Part& part, std::size_t item);
  // Asks for the ports and waits for the end of the transfer.
  void move(Arbiter& arbiter, Transfer transfer, Grant& grant);
  // The same while somebody else's memory does its part, which `other` waits for.
  void beside(Arbiter& arbiter, Transfer transfer, Grant& grant, const std::function<void()>& other);
  // Random back-pressure.
  void hold_back();
  [[nodiscard]] bool splits() const { return job_->split_transfers; }
  Timeline& line() { return timeline_; }

 private:
  void live();
  void move_piece(Arbiter& arbiter, Transfer transfer, Grant& grant);
  std::string label_;
  std::uint64_t number_;
  Job* job_ = nullptr;
  sc_core::sc_event start_;
  Timeline timeline_;
  Rng rng_;
};

}  // namespace weft::sim
