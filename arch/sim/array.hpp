// The array's datapath: computes the blocks of MACs in order, each once its tiles are there, while the
// innermost memories deliver and take the operands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "arch/sim/core/command_queue.hpp"
#include "arch/sim/engine.hpp"

namespace weft::sim {

class Array final : public Engine {
 public:
  Array(const sc_core::sc_module_name& name, Arbiter& arbiter, const std::optional<Commands>& commands,
        std::size_t row = 0);

 private:
  void execute(Job& job, Part& part) override;
  void do_step(Job& job, Part& part, std::size_t s);
  void await_tiles(Job& job, const Part& part, std::size_t s);
  // Before the first step of a part: what the parts before have to have done.
  void await_predecessors(Job& job, const Part& part);
  void compute(Job& job, const Part& part, std::size_t s);
  // One grant per tensor, and one for the other half of a split transfer.
  using Grants = PerRole<std::array<Grant, 2>>;
  void request_operands(const Part& part, std::size_t s, Grants& grants);
  void await_operands(Job& job, const Part& part, const Grants& grants);
  // Row mode: where others have to be before this row begins a step, or may end it.
  void await_begin(Part& part, std::size_t s);
  void await_end(Part& part, std::size_t s);
  [[nodiscard]] bool first_row() const { return row_ == 0; }
  // Does this row ask for the operand's ports? A memory that rows share is asked by the first one.
  [[nodiscard]] bool touches(const Part& part, Role role) const;
  [[nodiscard]] bool asks(const Part& part, int level) const;
  [[nodiscard]] double part_of_step(const Part& part, std::size_t s, int level) const;
  void release_tiles(const Part& part, std::size_t s);
  void count(Job& job, const Step& step) const;
  // Until the array is free for the next step.
  void do_macs(Job& job, const Part& part, std::size_t s);
  void await_last_results(const Part& part);
  Arbiter& arbiter_;
  std::size_t row_;
  std::optional<CommandQueue> commands_;
  Ticks clear_ = 0;               // when the farthest instance can take another program's data
  PerRole<std::int64_t> tile_{};  // in use, per tensor; -1: read from the outermost level
};

}  // namespace weft::sim
