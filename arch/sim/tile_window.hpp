// How many iterations of the outermost level's loops may be under way: the loads of one wait until an
// earlier one is over, its last output stored. Without a limit nothing waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "arch/sim/core/tiles.hpp"

namespace weft::sim {

class TileWindow {
 public:
  explicit TileWindow(std::optional<std::int64_t> limit) : limit_(limit) {}
  // A new run.
  void reset();
  // The next program: every iteration is over when the array has done its last step and the outputs of the
  // level below the outermost that leave in it are stored. Its steps are counted from `first_step` on.
  void append(const Program& program, const TileTable& tiles, std::int64_t first_step);

  // Blocks until the iteration that `step` belongs to may begin. Progress: it waits for earlier iterations
  // only, and these for loads of their own and of still earlier ones.
  void await_turn(std::int64_t step);
  // The array has done `step`; the output tile whose last step was `step` is stored.
  void computed(std::int64_t step);
  void stored(std::int64_t step) { finish(iteration_of(step)); }

  [[nodiscard]] std::string state() const;

 private:
  [[nodiscard]] std::size_t iteration_of(std::int64_t step) const;
  void finish(std::size_t iteration);
  std::optional<std::int64_t> limit_;
  std::vector<std::int64_t> starts_;   // first step of each iteration
  std::vector<std::int64_t> lasts_;    // last step of each iteration
  std::vector<std::int64_t> to_come_;  // per iteration: the array, and the stores
  std::size_t over_ = 0;               // iterations that are over, from the first on
  sc_core::sc_event changed_;
};

}  // namespace weft::sim
