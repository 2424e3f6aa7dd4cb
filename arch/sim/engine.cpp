// See engine.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/engine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weft::sim {

void done(Part& part, std::int64_t step, Ticks passed) {
  const Program& program = *part.program;
  const std::int64_t lag =
      program.skew_in + program.skew_out - program.steps[static_cast<std::size_t>(step)].nearer;
  part.lagged = std::max(part.lagged, now() + std::max(ticks_of(lag), passed) - passed);
}

Engine::Engine(const sc_core::sc_module_name& name, std::string label, std::uint64_t number)
    : sc_module(name), label_(std::move(label)), number_(number), rng_(number) {
  SC_THREAD(live);
}

void Engine::start(Job& job, int track) {
  job_ = &job;
  ++job.at_work;
  timeline_.reset(now(), job.recorder, track);
  rng_ = Rng(job.seed).fork(number_);
  start_.notify(sc_core::SC_ZERO_TIME);
}

void Engine::live() {
  for (;;) {
    wait(start_);
    try {
      work_through(*job_);
    } catch (const sc_core::sc_unwind_exception&) {
      throw;  // the kernel ends the process
    } catch (...) {
      // An exception may not cross the kernel: the machine throws it again after the run.
      job_->failure = std::current_exception();
    }
    now_doing(Doing::kNothing);
    if (--job_->at_work == 0 && job_->over != nullptr) {
      job_->over->notify(sc_core::SC_ZERO_TIME);
    }
    job_ = nullptr;
  }
}

void Engine::work_through(Job& job) {
  for (std::size_t p = 0; p < job.sequence->size(); ++p) {
    Part& part = job.sequence->await(p);
    if (part.program != nullptr) {
      execute(job, part);
      job.end = std::max(job.end, now());
    }
    now_doing(Doing::kNothing);
    job.sequence->leave(part);
  }
}

void Engine::now_doing(Doing doing) {
  timeline_.enter(doing, now());
  timeline_.forget(job_->settled);
}

void Engine::now_at(const Part& part, std::size_t item) {
  timeline_.at(static_cast<std::int32_t>(part.number), static_cast<std::int64_t>(item));
}

void Engine::move(Arbiter& arbiter, Transfer transfer, Grant& grant) {
  if (!job_->split_transfers) {
    move_piece(arbiter, std::move(transfer), grant);
    return;
  }
  Grant second;
  Transfer rest = transfer.half();
  move_piece(arbiter, transfer.half(), grant);
  rest.asked(grant.earliest);
  move_piece(arbiter, std::move(rest), second);
  grant.end = second.end;
  grant.holds.insert(grant.holds.end(), second.holds.begin(), second.holds.end());
}

void Engine::move_piece(Arbiter& arbiter, Transfer transfer, Grant& grant) {
  arbiter.request(std::move(transfer), grant);
  now_doing(Doing::kPorts);
  arbiter.await(grant);
  timeline_.was(Doing::kHeldBack, grant.earliest);
  for (const Hold& hold : grant.holds) {
    timeline_.was(Doing::kPorts, hold.begin - hold.before, grant.blocker);
    timeline_.was(Doing::kBank, hold.begin, grant.blocker);
    timeline_.was(Doing::kMoving, hold.end - hold.banks, grant.slowest);
    timeline_.was(Doing::kBank, hold.end, grant.slowest);
  }
}

void Engine::beside(Arbiter& arbiter, Transfer transfer, Grant& grant, const std::function<void()>& other) {
  const Ticks asked = now();
  arbiter.request(std::move(transfer), grant);
  now_doing(Doing::kMoving);
  other();
  arbiter.await(grant);
  timeline_.was(Doing::kMoving, now());
  grant.holds.assign(1, {asked, now()});
}

void Engine::hold_back() {
  if (job_->max_jitter_cycles > 0) {
    now_doing(Doing::kHeldBack);
    wait(duration(ticks_of(rng_.uniform(0, job_->max_jitter_cycles))));
  }
}

std::string Engine::state() const {
  return finished()
             ? fmt::format("{}: finished", label_)
             : fmt::format("{}: at {}, waits for {}", label_, timeline_.item(), name_of(timeline_.doing()));
}

}  // namespace weft::sim
