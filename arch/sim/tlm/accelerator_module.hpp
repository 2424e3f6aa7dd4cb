// An accelerator as a component of somebody else's platform: a TLM-2.0 target socket with control registers
// (registers.hpp), an initiator socket through which everything between the outermost level and the rest
// moves, with the tensors' values, and an interrupt line. The memory behind the socket decides how long its
// transfers take; the outermost memory of the accelerator's file has no time of its own then.
//
// Unlike simulator.hpp this header includes SystemC: it is for platforms, not for the rest of Weft.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>

#include "arch/program.hpp"
#include "arch/sim/result.hpp"
#include "arch/sim/tlm/memory_master.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

class AcceleratorModule final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(AcceleratorModule);
  struct Config {
    TlmTiming timing = TlmTiming::kLoose;
    unsigned burst_bytes = 64;  // longest transaction; none crosses a multiple of it
    unsigned under_way = 16;    // most unanswered transactions, approximately timed
  };
  // `programs`: lowered for this accelerator (dataflow/lower.hpp), numbered in this order. A cycle lasts as
  // long as the accelerator's clock says.
  // Throws InternalError: an accelerator or a program that cannot run behind a socket (an outermost memory
  // with formats; a tensor that the array takes from there directly), a clock period of less than 100 units
  // of the kernel's time resolution, another period than that of an accelerator made before.
  AcceleratorModule(const sc_core::sc_module_name& name, const Accelerator& accelerator,
                    std::vector<std::shared_ptr<const Program>> programs, Config config);
  ~AcceleratorModule() override;

  tlm::tlm_target_socket<> control;
  // Words of a tensor lie row-major from its base on, each in word_bytes(), little-endian, two's complement;
  // sums that are wider wrap.
  tlm::tlm_initiator_socket<> memory;
  sc_core::sc_out<bool> interrupt;

  // The whole bytes of a word as the outermost memory holds it (outputs: its accumulators, if it says so).
  [[nodiscard]] unsigned word_bytes(const Program& program, Role role) const;
  // What the last finished run has measured; empty before. Its outputs are those that memory has.
  [[nodiscard]] const Result& last_result() const;

 private:
  void execute();
  void run(std::size_t program);
  void drive_interrupt();
  std::vector<std::shared_ptr<const Program>> programs_;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft::sim
