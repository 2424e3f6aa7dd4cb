// See command_queue.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/command_queue.hpp"

#include <algorithm>

namespace weft::sim {

CommandQueue::CommandQueue(const Commands& commands)
    : commands_(commands), free_at_(static_cast<std::size_t>(commands.in_flight), 0) {}

void CommandQueue::reset() {
  std::fill(free_at_.begin(), free_at_.end(), 0);
  next_ = 0;
  drained_ = 0;
}

Ticks CommandQueue::run(const Step& step, bool preload, Ticks start) {
  const std::int64_t run = step.run > 0 ? step.run : step.cycles;
  Ticks now = start;
  for (std::int64_t done = 0; done < step.cycles;) {
    const std::int64_t in_run = run - done % run;
    const std::int64_t iterations = std::min({commands_.iterations, in_run, step.cycles - done});
    done += iterations;
    const std::int64_t own = std::max(iterations, commands_.least.count());
    const bool last = done == step.cycles;
    const std::int64_t busy = last && preload ? std::max(own, commands_.preload.count()) : own;
    now = std::max(now, free_at_[next_]);
    free_at_[next_] = now + ticks_of(own + commands_.latency.count());
    drained_ = std::max(drained_, free_at_[next_]);
    next_ = (next_ + 1) % free_at_.size();
    now += ticks_of(busy);
  }
  return now;
}

}  // namespace weft::sim
