// See vector_unit.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/vector_unit.hpp"

#include <cmath>
#include <utility>

namespace weft::sim {

VectorEngine::VectorEngine(const sc_core::sc_module_name& name, Arbiter& arbiter, const VectorUnit& unit,
                           MemoryPorts& ports)
    : Engine(name, "vector unit"), arbiter_(arbiter), unit_(unit), ports_(ports) {}

void VectorEngine::execute(Job& job) {
  const Simulator::VectorWork& work = job.vector_work;
  Transfer transfer(0, unit_.level, Role::kOutputs);
  transfer.read_from(ports_, static_cast<double>(work.bits_read));
  transfer.write_to(ports_, static_cast<double>(work.bits_written));
  Grant grant;
  arbiter_.request(std::move(transfer), grant);
  const double cycles = work.operations / static_cast<double>(unit_.lanes);
  note(0, "its lanes");
  wait(duration(static_cast<Ticks>(std::llround(cycles * static_cast<double>(kTicksPerCycle)))));
  note(0, "its ports");
  arbiter_.await(grant);
}

}  // namespace weft::sim
