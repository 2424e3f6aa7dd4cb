// When the array can take the commands of a step: each keeps it busy for its iterations, and no more of
// them are under way than the queue has places. No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/core/time_grid.hpp"
#include "arch/spec/timing.hpp"

namespace weft::sim {

class CommandQueue {
 public:
  explicit CommandQueue(const Commands& commands);
  // A new program: the queue is empty.
  void reset();
  // Takes the commands of a step from `start` on; returns when the last of them has left the array free.
  // `preload`: new weights stream in behind the last one.
  Ticks run(const Step& step, bool preload, Ticks start);
  // When the results of everything so far have left the array.
  [[nodiscard]] Ticks drained() const { return drained_; }

 private:
  Commands commands_;
  std::vector<Ticks> free_at_;  // the places of the queue, oldest at next_
  std::size_t next_ = 0;
  Ticks drained_ = 0;
};

}  // namespace weft::sim
