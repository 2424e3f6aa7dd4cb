// The accelerator's side of the memory socket: moves runs of bytes by TLM-2.0 transactions, loosely or
// approximately timed, for engines that wait until all of a run has been answered.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/simple_initiator_socket.h>

namespace weft::sim {

// How transactions are made. kLoose: b_transport, ahead of the kernel by up to the global quantum.
// kApproximate: the four phases of the base protocol, several transactions under way.
enum class TlmTiming : std::uint8_t { kLoose, kApproximate };

struct ByteRun {
  std::uint64_t address = 0;
  std::uint8_t* data = nullptr;
  unsigned bytes = 0;
};

class MemoryMaster final : public sc_core::sc_module, public tlm::tlm_mm_interface {
 public:
  SC_HAS_PROCESS(MemoryMaster);
  // `burst`: bytes of the longest transaction, which never crosses a multiple of it; a power of two.
  // `under_way`: most transactions that have not been answered (approximately timed).
  MemoryMaster(const sc_core::sc_module_name& name, TlmTiming timing, unsigned burst, unsigned under_way);
  ~MemoryMaster() override;

  tlm_utils::simple_initiator_socket<MemoryMaster> socket;

  // Blocks the calling process until every byte was read or written. Progress: the memory answers.
  void move(tlm::tlm_command command, const std::vector<ByteRun>& runs);
  // A transaction was refused since the last call.
  [[nodiscard]] bool take_failure();
  // For payloads: nobody needs it any more.
  void free(tlm::tlm_generic_payload* payload) override;

 private:
  struct Flight {  // of one call of move()
    std::size_t open = 0;
  };
  struct Entry {  // of one transaction under way
    Flight* flight = nullptr;
    bool completed = false;  // the memory skipped the phases that were left
  };
  void move_loosely(tlm::tlm_command command, const std::vector<ByteRun>& bursts);
  void move_approximately(tlm::tlm_command command, const std::vector<ByteRun>& bursts);
  void request(tlm::tlm_command command, const ByteRun& burst, Flight& flight);
  void fill(tlm::tlm_generic_payload& payload, tlm::tlm_command command, const ByteRun& burst) const;
  void check(const tlm::tlm_generic_payload& payload);
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void answered(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);

  TlmTiming timing_;
  unsigned burst_, under_way_;
  bool failed_ = false;
  std::vector<std::unique_ptr<tlm::tlm_generic_payload>> payloads_;
  std::vector<tlm::tlm_generic_payload*> idle_;
  std::map<tlm::tlm_generic_payload*, Entry> flying_;
  tlm::tlm_generic_payload* requesting_ = nullptr;  // its request has not ended
  sc_core::sc_event changed_;
  tlm_utils::peq_with_cb_and_phase<MemoryMaster> queue_;
};

}  // namespace weft::sim
