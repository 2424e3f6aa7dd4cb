// See register_file.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tlm/register_file.hpp"

#include <cstring>

#include "arch/sim/tlm/registers.hpp"

namespace weft::sim {

using namespace registers;

RegisterFile::RegisterFile(const sc_core::sc_module_name& name, std::uint32_t programs)
    : sc_module(name), socket("socket"), programs_(programs) {
  socket.register_b_transport(this, &RegisterFile::b_transport);
}

std::uint64_t RegisterFile::base(Role role) const {
  const auto r = 2 * static_cast<std::size_t>(index_of(role));
  return bases_[r] | static_cast<std::uint64_t>(bases_[r + 1]) << 32;
}

void RegisterFile::finished(std::uint64_t cycles, bool failed) {
  cycles_ = cycles;
  status_ = failed ? kDone | kFailed : kDone;
  set_line(interrupt_enabled_);
}

void RegisterFile::set_line(bool high) {
  line_ = high;
  line_changed_.notify(sc_core::SC_ZERO_TIME);
}

void RegisterFile::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const std::uint64_t at = payload.get_address();
  if (at % 4 != 0 || at >= kBytes) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  bool accepted = true;
  if (payload.is_read()) {
    const std::uint32_t value = read(at);
    std::memcpy(payload.get_data_ptr(), &value, sizeof value);
  } else if (payload.is_write()) {
    std::uint32_t value = 0;
    std::memcpy(&value, payload.get_data_ptr(), sizeof value);
    accepted = write(at, value, delay);
  }
  payload.set_response_status(accepted ? tlm::TLM_OK_RESPONSE : tlm::TLM_COMMAND_ERROR_RESPONSE);
}

std::uint32_t RegisterFile::read(std::uint64_t at) const {
  if (at >= kWeights && at < kCycles) {
    return bases_[(at - kWeights) / 4];
  }
  switch (at) {
    case kIdentity:
      return kIdentityValue;
    case kPrograms:
      return programs_;
    case kStatus:
      return status_;
    case kControl:
      return interrupt_enabled_ ? kInterruptEnable : 0;
    case kInterrupt:
      return line_ ? 1 : 0;
    case kProgram:
      return program_;
    case kCycles:
      return static_cast<std::uint32_t>(cycles_);
    default:  // its upper half
      return static_cast<std::uint32_t>(cycles_ >> 32);
  }
}

bool RegisterFile::write(std::uint64_t at, std::uint32_t value, const sc_core::sc_time& delay) {
  if (at >= kWeights && at < kCycles) {
    bases_[(at - kWeights) / 4] = value;
    return true;
  }
  switch (at) {
    case kProgram:
      program_ = value;
      return true;
    case kInterrupt:
      if ((value & 1) != 0) {
        set_line(false);
      }
      return true;
    case kControl:
      interrupt_enabled_ = (value & kInterruptEnable) != 0;
      if ((value & kStart) != 0 && (status_ & kBusy) == 0) {
        status_ = kBusy;
        started_.notify(delay);  // a driver ahead of the kernel starts it when its own time has come
      }
      return true;
    default:
      return false;
  }
}

}  // namespace weft::sim
