// See vector_unit.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/vector_unit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weft::sim {

VectorEngine::VectorEngine(const sc_core::sc_module_name& name, Arbiter& arbiter, const VectorUnit& unit,
                           MemoryPorts& ports)
    : Engine(name, "vector unit", 6), arbiter_(arbiter), unit_(unit), ports_(ports) {}

void VectorEngine::work_through(Job& job) {
  if (job.sequence == nullptr) {
    work_alone(job);
    job.end = now();
    return;
  }
  for (std::size_t p = 0; p < job.sequence->size(); ++p) {
    execute(job, job.sequence->await(p));
  }
}

// Its ports are not those of the array's traffic here: their time is in the cycles of the piece already.
void VectorEngine::execute(Job& job, Part& part) {
  now_at(part, 0);
  now_doing(Doing::kPredecessor);
  for (const std::size_t before : part.piece.after) {
    job.sequence->await_over(before);
  }
  work(part.piece.fused_cycles);
  now_doing(Doing::kResults);
  job.sequence->await_engines(part);
  wait(duration(std::max(part.lagged, now()) - now()));
  work(part.piece.standalone_cycles);
  now_doing(Doing::kNothing);
  arbiter_.rest();
  job.sequence->over(part);
}

void VectorEngine::work(std::int64_t cycles) {
  now_doing(Doing::kLanes);
  wait(duration(ticks_of(cycles)));
}

void VectorEngine::work_alone(const Job& job) {
  const Simulator::VectorWork& work = job.vector_work;
  Transfer transfer(0, unit_.level, Role::kOutputs);
  transfer.read_from(ports_, static_cast<double>(work.bits_read));
  transfer.write_to(ports_, static_cast<double>(work.bits_written));
  Grant grant;
  arbiter_.request(std::move(transfer), grant);
  Rng rng(work.seed);
  std::int64_t ranking = 0;
  for (const Ranking& one : work.rankings) {
    ranking += drawn_cycles(one, unit_.ranking, rng);
  }
  const double cycles =
      std::max(work.operations / static_cast<double>(unit_.lanes), static_cast<double>(ranking));
  now_doing(Doing::kLanes);
  wait(duration(static_cast<Ticks>(std::llround(cycles * static_cast<double>(kTicksPerCycle)))));
  now_doing(Doing::kPorts);
  arbiter_.await(grant);
}

}  // namespace weft::sim
