// See memory.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/tlm/memory.hpp"

#include <algorithm>
#include <cstring>

namespace weft::testing {

using sc_core::sc_time;

namespace {

// A phase of this memory's own: the words are there.
DECLARE_EXTENDED_PHASE(kReady);

}  // namespace

SmallMemory::SmallMemory(const sc_core::sc_module_name& name, std::size_t size, Timing timing)
    : sc_module(name), socket("socket"), bytes(size), timing_(timing), queue_(this, &SmallMemory::at_phase) {
  socket.register_b_transport(this, &SmallMemory::b_transport);
  socket.register_nb_transport_fw(this, &SmallMemory::nb_transport_fw);
}

void SmallMemory::access(tlm::tlm_generic_payload& payload) {
  const std::uint64_t at = payload.get_address();
  const unsigned length = payload.get_data_length();
  ++traffic_.transactions;
  traffic_.longest = std::max(traffic_.longest, length);
  if (at + length > bytes.size()) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.is_read()) {
    std::memcpy(payload.get_data_ptr(), &bytes[at], length);
    traffic_.bytes_read += length;
  } else {
    std::memcpy(&bytes[at], payload.get_data_ptr(), length);
    traffic_.bytes_written += length;
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

sc_time SmallMemory::occupy(const tlm::tlm_generic_payload& payload, const sc_time& at) {
  bus_free_ = std::max(bus_free_, at) + timing_.per_byte * payload.get_data_length();
  return bus_free_;
}

void SmallMemory::b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
  access(payload);
  const sc_time now = sc_core::sc_time_stamp();
  delay = occupy(payload, now + delay) + timing_.latency - now;
}

tlm::tlm_sync_enum SmallMemory::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                                sc_time& delay) {
  if (phase == tlm::BEGIN_REQ) {
    traffic_.broke_rules = traffic_.broke_rules || request_open_;
    request_open_ = true;
    payload.acquire();
    traffic_.most = std::max(traffic_.most, ++under_way_);
  } else {
    traffic_.broke_rules = traffic_.broke_rules || phase != tlm::END_RESP || responding_ != &payload;
  }
  queue_.notify(payload, phase, delay);
  return tlm::TLM_ACCEPTED;
}

void SmallMemory::at_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
  const sc_time now = sc_core::sc_time_stamp();
  if (phase == tlm::BEGIN_REQ) {
    queue_.notify(payload, tlm::END_REQ, occupy(payload, now) - now);
  } else if (phase == tlm::END_REQ) {
    request_open_ = false;
    tlm::tlm_phase end = tlm::END_REQ;
    sc_time none;
    socket->nb_transport_bw(payload, end, none);
    queue_.notify(payload, kReady, timing_.latency);
  } else if (phase == tlm::END_RESP) {
    responding_ = nullptr;
    --under_way_;
    payload.release();
    respond();
  } else {
    access(payload);
    answers_.push_back(&payload);
    respond();
  }
}

void SmallMemory::respond() {
  if (responding_ != nullptr || answers_.empty()) {
    return;
  }
  responding_ = answers_.front();
  answers_.erase(answers_.begin());
  tlm::tlm_phase begin = tlm::BEGIN_RESP;
  sc_time none;
  socket->nb_transport_bw(*responding_, begin, none);
}

}  // namespace weft::testing
