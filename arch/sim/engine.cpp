// See engine.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/engine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weft::sim {

void Job::done(std::int64_t step) {
  const std::int64_t lag =
      program->skew_in + program->skew_out - program->steps[static_cast<std::size_t>(step)].nearer;
  lagged = std::max(lagged, now() + ticks_of(lag));
}

Engine::Engine(const sc_core::sc_module_name& name, std::string label)
    : sc_module(name), label_(std::move(label)) {
  SC_THREAD(live);
}

void Engine::start(Job& job) {
  job_ = &job;
  start_.notify(sc_core::SC_ZERO_TIME);
}

void Engine::live() {
  for (;;) {
    wait(start_);
    try {
      execute(*job_);
    } catch (const sc_core::sc_unwind_exception&) {
      throw;  // the kernel ends the process
    } catch (...) {
      // An exception may not cross the kernel: the machine throws it again after the run.
      job_->failure = std::current_exception();
    }
    job_->end = std::max(job_->end, now());
    job_ = nullptr;
  }
}

void Engine::note(std::size_t item, const char* waits_for) {
  item_ = item;
  waits_for_ = waits_for;
}

std::string Engine::state() const {
  return finished() ? fmt::format("{}: finished", label_)
                    : fmt::format("{}: at {}, waits for {}", label_, item_, waits_for_);
}

}  // namespace weft::sim
