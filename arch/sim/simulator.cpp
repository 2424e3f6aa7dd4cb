// The façade: owns the machine and guards the kernel, which knows one elaboration per process.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/simulator.hpp"

#include <systemc>

#include "arch/sim/machine.hpp"
#include "base/error.hpp"

namespace weft::sim {

// The outer name hides the machine's in here.
class Simulator::Machine {
 public:
  Machine(const Accelerator& accelerator, const Options& options)
      : machine("machine", accelerator, options) {}
  sim::Machine machine;
};

Simulator::Simulator(const Accelerator& accelerator, Options options) {
  WEFT_ENSURE(sc_core::sc_get_status() == sc_core::SC_ELABORATION,
              "a process can hold one simulator: start another process for another accelerator");
  const std::string reason = validate(accelerator);
  WEFT_ENSURE(reason.empty(), "the accelerator is not valid: " + reason);
  machine_ = std::make_unique<Machine>(accelerator, options);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);  // ends the elaboration; all engines sleep now
}

Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;

Result Simulator::run(const Program& program, const Operands* operands, const Positions* positions) {
  return machine_->machine.run(program, operands, positions);
}

Result Simulator::run_network(std::size_t pieces, const std::function<Piece(std::size_t)>& piece,
                              const std::optional<TraceRequest>& trace) {
  return machine_->machine.run_network(pieces, piece, trace);
}

std::int64_t Simulator::run_vector(const VectorWork& work) {
  return machine_->machine.run_vector(work);
}

}  // namespace weft::sim
