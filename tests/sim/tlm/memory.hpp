// A small memory for a platform: bytes behind a TLM-2.0 target socket, with a latency and a bandwidth,
// loosely timed (b_transport) and approximately timed (the four phases of the base protocol).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/simple_target_socket.h>

namespace weft::testing {

class SmallMemory final : public sc_core::sc_module {
 public:
  struct Timing {
    sc_core::sc_time latency{20, sc_core::SC_NS};
    sc_core::sc_time per_byte{0.25, sc_core::SC_NS};
  };
  SmallMemory(const sc_core::sc_module_name& name, std::size_t bytes, Timing timing);

  tlm_utils::simple_target_socket<SmallMemory> socket;
  std::vector<std::uint8_t> bytes;

  struct Traffic {
    std::uint64_t transactions = 0, bytes_read = 0, bytes_written = 0;
    unsigned longest = 0;      // bytes of one transaction
    std::size_t most = 0;      // transactions under way at once
    bool broke_rules = false;  // of the base protocol
  };
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  void access(tlm::tlm_generic_payload& payload);
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void at_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
  void respond();
  // The bus is taken for the payload's bytes from `at` on; returns when it is free again.
  sc_core::sc_time occupy(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& at);
  Timing timing_;
  Traffic traffic_;
  sc_core::sc_time bus_free_;
  bool request_open_ = false;
  std::vector<tlm::tlm_generic_payload*> answers_;  // ready, in order
  tlm::tlm_generic_payload* responding_ = nullptr;
  std::size_t under_way_ = 0;
  tlm_utils::peq_with_cb_and_phase<SmallMemory> queue_;
};

}  // namespace weft::testing
