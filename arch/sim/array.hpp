// The array's datapath: computes the blocks of MACs in order, each once its tiles are there, while the
// innermost memories deliver and take the operands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "arch/sim/core/command_queue.hpp"
#include "arch/sim/engine.hpp"
#include "arch/sim/mover.hpp"

namespace weft::sim {

class Array final : public Engine {
 public:
  Array(const sc_core::sc_module_name& name, Arbiter& arbiter, const std::optional<Commands>& commands);
  PerRole<Place> sources;  // the innermost keepers, set anew for each program

 private:
  void execute(Job& job) override;
  void await_tiles(Job& job, std::size_t s);
  void compute(Job& job, std::size_t s);
  void request_operands(const Job& job, std::size_t s, PerRole<Grant>& grants);
  void release_tiles(const Job& job, std::size_t s);
  void count(Job& job, const Step& step) const;
  // Until the array is free for the next step.
  void do_macs(Job& job, std::size_t s);
  Arbiter& arbiter_;
  std::optional<CommandQueue> commands_;
  PerRole<std::int64_t> tile_{};  // in use, per tensor; -1: read from the outermost level
};

}  // namespace weft::sim
