// See accelerator_module.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tlm/accelerator_module.hpp"

#include <utility>

#include "arch/sim/machine.hpp"
#include "arch/sim/tlm/register_file.hpp"
#include "arch/sim/tlm/tensor_memory.hpp"
#include "base/error.hpp"

namespace weft::sim {

namespace {

// The outermost level without time of its own: the memory behind the socket has that.
Accelerator behind_a_socket(Accelerator accelerator) {
  const std::string reason = validate(accelerator);
  WEFT_ENSURE(reason.empty(), "the accelerator is not valid: " + reason);
  for (Memory& memory : accelerator.levels.front().memories) {
    for (const TensorFormat& format : memory.formats) {
      WEFT_ENSURE(format.kind == FormatKind::kUncompressed,
                  "tensors lie plainly in a memory behind a socket, not in a format");
    }
    memory.read_bandwidth.reset();
    memory.ports = {};
    memory.write_bandwidth.reset();
    memory.shared_bandwidth.reset();
  }
  return accelerator;
}

void check(const Program& program, const Accelerator& accelerator) {
  const std::string reason = misfit(program, accelerator);
  WEFT_ENSURE(reason.empty(), "the program does not fit the machine: " + reason);
  for (const Role role : kAllRoles) {
    WEFT_ENSURE(program.keepers[static_cast<std::size_t>(index_of(role))].size() > 1,
                "the array takes a tensor from the outermost level directly, which no socket can serve");
  }
}

Operands nothing_yet(const Problem& problem) {
  Operands operands;
  operands.weights.values.resize(static_cast<std::size_t>(words(problem.tensor(Role::kWeights))));
  operands.inputs.values.resize(static_cast<std::size_t>(words(problem.tensor(Role::kInputs))));
  return operands;
}

// The stack of the process that prepares a run.
constexpr std::size_t kStackBytes = std::size_t{1} << 20;

}  // namespace

struct AcceleratorModule::Parts {
  Parts(const Accelerator& accelerator, std::uint32_t programs, const Config& config)
      : registers("registers", programs),
        master("master", config.timing, config.burst_bytes, config.under_way),
        machine("machine", accelerator, Options{}),
        outermost(accelerator.levels.front()) {}
  RegisterFile registers;
  MemoryMaster master;
  Machine machine;
  StorageLevel outermost;
  Result last;
};

AcceleratorModule::AcceleratorModule(const sc_core::sc_module_name& name, const Accelerator& accelerator,
                                     std::vector<std::shared_ptr<const Program>> programs, Config config)
    : sc_module(name),
      control("control"),
      memory("memory"),
      interrupt("interrupt"),
      programs_(std::move(programs)) {
  const Accelerator own = behind_a_socket(accelerator);
  for (const auto& program : programs_) {
    check(*program, own);
  }
  KernelTime::set_cycle(sc_core::sc_time(1.0 / own.clock.count(), sc_core::SC_SEC));
  parts_ = std::make_unique<Parts>(own, static_cast<std::uint32_t>(programs_.size()), config);
  control.bind(parts_->registers.socket);
  parts_->master.socket.bind(memory);
  SC_THREAD(execute);
  set_stack_size(kStackBytes);
  SC_METHOD(drive_interrupt);
  sensitive << parts_->registers.line_changed();
}

AcceleratorModule::~AcceleratorModule() = default;

const Result& AcceleratorModule::last_result() const {
  return parts_->last;
}

unsigned AcceleratorModule::word_bytes(const Program& program, Role role) const {
  const int bits = stored_bits(*parts_->outermost.memory_for(role), program.problem, role);
  return static_cast<unsigned>(bits + 7) / 8;
}

void AcceleratorModule::drive_interrupt() {
  interrupt.write(parts_->registers.line());
}

void AcceleratorModule::execute() {
  for (;;) {
    wait(parts_->registers.started());
    const std::size_t program = parts_->registers.program();
    if (program < programs_.size()) {
      run(program);
    } else {
      parts_->registers.finished(0, true);
    }
  }
}

void AcceleratorModule::run(std::size_t number) {
  const Program& program = *programs_[number];
  RegisterFile& registers = parts_->registers;
  const Operands operands = nothing_yet(program.problem);
  Machine::ProgramRun run;
  parts_->machine.prepare(run, program, &operands, nullptr);
  PerRole<TensorPlace> places{};
  for (const Role role : kAllRoles) {
    places[static_cast<std::size_t>(index_of(role))] = {registers.base(role), word_bytes(program, role)};
  }
  TensorMemory tensors(parts_->master, program, run.only->tiles, *run.values, places);
  parts_->last = parts_->machine.run_in_platform(run, tensors);
  registers.finished(static_cast<std::uint64_t>(parts_->last.cycles), parts_->master.take_failure());
}

}  // namespace weft::sim
