// See memory_master.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tlm/memory_master.hpp"

#include <algorithm>

#include <tlm_utils/tlm_quantumkeeper.h>

#include "base/error.hpp"

namespace weft::sim {

namespace {

std::vector<ByteRun> bursts_of(const std::vector<ByteRun>& runs, unsigned longest) {
  std::vector<ByteRun> bursts;
  for (ByteRun run : runs) {
    while (run.bytes > 0) {
      const auto room = static_cast<unsigned>(longest - run.address % longest);
      const unsigned bytes = std::min(run.bytes, room);
      bursts.push_back({run.address, run.data, bytes});
      run = {run.address + bytes, run.data + bytes, run.bytes - bytes};
    }
  }
  return bursts;
}

}  // namespace

MemoryMaster::MemoryMaster(const sc_core::sc_module_name& name, TlmTiming timing, unsigned burst,
                           unsigned under_way)
    : sc_module(name),
      socket("socket"),
      timing_(timing),
      burst_(burst),
      under_way_(under_way),
      queue_(this, &MemoryMaster::answered) {
  WEFT_ENSURE(burst > 0 && (burst & (burst - 1)) == 0, "a burst is a power of two of bytes");
  WEFT_ENSURE(under_way > 0, "at least one transaction is under way");
  socket.register_nb_transport_bw(this, &MemoryMaster::nb_transport_bw);
}

MemoryMaster::~MemoryMaster() = default;

bool MemoryMaster::take_failure() {
  const bool failed = failed_;
  failed_ = false;
  return failed;
}

void MemoryMaster::move(tlm::tlm_command command, const std::vector<ByteRun>& runs) {
  const std::vector<ByteRun> bursts = bursts_of(runs, burst_);
  if (timing_ == TlmTiming::kLoose) {
    move_loosely(command, bursts);
  } else {
    move_approximately(command, bursts);
  }
}

void MemoryMaster::fill(tlm::tlm_generic_payload& payload, tlm::tlm_command command,
                        const ByteRun& burst) const {
  payload.set_command(command);
  payload.set_address(burst.address);
  payload.set_data_ptr(burst.data);
  payload.set_data_length(burst.bytes);
  payload.set_streaming_width(burst.bytes);
  payload.set_byte_enable_ptr(nullptr);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

void MemoryMaster::check(const tlm::tlm_generic_payload& payload) {
  failed_ = failed_ || !payload.is_response_ok();
}

void MemoryMaster::move_loosely(tlm::tlm_command command, const std::vector<ByteRun>& bursts) {
  tlm_utils::tlm_quantumkeeper keeper;
  keeper.reset();
  tlm::tlm_generic_payload payload;
  for (const ByteRun& burst : bursts) {
    fill(payload, command, burst);
    sc_core::sc_time delay = keeper.get_local_time();
    socket->b_transport(payload, delay);
    keeper.set(delay);
    check(payload);
    if (keeper.need_sync()) {
      keeper.sync();
    }
  }
  keeper.sync();
}

void MemoryMaster::move_approximately(tlm::tlm_command command, const std::vector<ByteRun>& bursts) {
  Flight flight;
  for (const ByteRun& burst : bursts) {
    // One request at a time: the base protocol's rule of exclusion.
    while (requesting_ != nullptr || flying_.size() >= under_way_) {
      wait(changed_);
    }
    request(command, burst, flight);
  }
  while (flight.open > 0) {
    wait(changed_);
  }
}

void MemoryMaster::request(tlm::tlm_command command, const ByteRun& burst, Flight& flight) {
  if (idle_.empty()) {
    idle_.push_back(payloads_.emplace_back(std::make_unique<tlm::tlm_generic_payload>(this)).get());
  }
  tlm::tlm_generic_payload& payload = *idle_.back();
  idle_.pop_back();
  payload.acquire();
  fill(payload, command, burst);
  ++flight.open;
  flying_[&payload] = {&flight, false};
  requesting_ = &payload;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum answer = socket->nb_transport_fw(payload, phase, delay);
  if (answer == tlm::TLM_COMPLETED) {
    flying_[&payload].completed = true;
    phase = tlm::BEGIN_RESP;
  }
  if (answer != tlm::TLM_ACCEPTED) {
    queue_.notify(payload, phase, delay);
  }
}

tlm::tlm_sync_enum MemoryMaster::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                                 sc_core::sc_time& delay) {
  queue_.notify(payload, phase, delay);
  return tlm::TLM_ACCEPTED;
}

void MemoryMaster::answered(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
  if (requesting_ == &payload) {
    requesting_ = nullptr;  // a response ends the request, too
  }
  if (phase == tlm::BEGIN_RESP) {
    const auto entry = flying_.find(&payload);
    check(payload);
    if (!entry->second.completed) {
      tlm::tlm_phase end = tlm::END_RESP;
      sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
      socket->nb_transport_fw(payload, end, delay);
    }
    --entry->second.flight->open;
    flying_.erase(entry);
    payload.release();
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void MemoryMaster::free(tlm::tlm_generic_payload* payload) {
  payload->reset();
  idle_.push_back(payload);
}

}  // namespace weft::sim
