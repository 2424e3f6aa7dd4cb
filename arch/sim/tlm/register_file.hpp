// The control registers behind the target socket (registers.hpp): what a driver has written, and what the
// accelerator says. Knows nothing of programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include "workload/problem.hpp"

namespace weft::sim {

class RegisterFile final : public sc_core::sc_module {
 public:
  RegisterFile(const sc_core::sc_module_name& name, std::uint32_t programs);

  // Accesses of one register each: 4 bytes, aligned. Others, and writes of what is only read, are refused by
  // the responses of TLM-2.0.
  tlm_utils::simple_target_socket<RegisterFile> socket;

  [[nodiscard]] const sc_core::sc_event& started() const { return started_; }
  [[nodiscard]] const sc_core::sc_event& line_changed() const { return line_changed_; }
  [[nodiscard]] bool line() const { return line_; }
  [[nodiscard]] std::uint32_t program() const { return program_; }
  // Byte address of a tensor.
  [[nodiscard]] std::uint64_t base(Role role) const;
  // The accelerator has finished what was started.
  void finished(std::uint64_t cycles, bool failed);

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  [[nodiscard]] std::uint32_t read(std::uint64_t at) const;
  [[nodiscard]] bool write(std::uint64_t at, std::uint32_t value, const sc_core::sc_time& delay);
  void set_line(bool high);
  std::uint32_t programs_, program_ = 0, status_ = 0;
  std::array<std::uint32_t, 6> bases_{};
  std::uint64_t cycles_ = 0;
  bool interrupt_enabled_ = false, line_ = false;
  sc_core::sc_event started_, line_changed_;
};

}  // namespace weft::sim
