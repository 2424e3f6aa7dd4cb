// Ports of memories as time lines, and the arbiter that gives them to transfers. A transfer takes all its
// ports at once when all are free, keeps each for its own time, and ends with the slowest. Requests are
// served in order of time; of the same time: lower step, outer level, then weights, inputs, outputs. One
// whose ports are not all free holds none of them, so nothing can lock, and later ones may pass it. A
// transfer that an earlier step needs interrupts one that only a later step needs; that one goes on when
// the ports are free again. Memories serve bursts, and a prefetch far ahead does not block what the array
// waits for; the length of a burst is neglected.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "arch/sim/core/bank_share.hpp"
#include "arch/sim/core/recorder.hpp"
#include "arch/sim/core/time_grid.hpp"
#include "arch/sim/kernel_time.hpp"
#include "arch/spec/accelerator.hpp"
#include "base/rng.hpp"

namespace weft::sim {

// Who a transfer works for: the ramps are what the analytic model schedules without anything else around.
enum class Phase : std::uint8_t { kRampIn, kSteady };

// One direction of a memory, or both together. Fractions of a tick are owed to the next transfer, so that
// splitting a transfer in two changes its end by less than a tick.
class Port {
 public:
  Port(std::string name, BitsPerCycle bandwidth);
  // Occupies the port for `bits` from `start` on; returns when it is free again.
  Ticks take(Ticks start, double bits, Phase phase);
  // Keeps it so much longer, for a bank.
  Ticks linger(Ticks more);
  // Gives back the rest of an occupation that would have moved for `ticks`, the rest of it waiting for banks;
  // it began at `start` and moved for `moved`. Returns the bits that have passed.
  double release(Ticks start, Ticks at, Ticks ticks, Ticks moved);
  [[nodiscard]] double ticks_per_bit() const { return ticks_per_bit_; }
  // Time in which it was held while accesses of the transfer waited for a bank.
  [[nodiscard]] Ticks banked() const { return banked_; }
  // The end of its last occupation, in so far as it was lost to banks.
  [[nodiscard]] Ticks lingered() const { return lingered_; }
  [[nodiscard]] Ticks free_at() const { return free_at_; }
  [[nodiscard]] Phase last_phase() const { return last_phase_; }
  [[nodiscard]] Ticks busy() const { return busy_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Time in which a transfer wanted it while it was free, held up by another of its ports.
  [[nodiscard]] Ticks blocked() const { return blocked_; }
  // A transfer that cannot begin wants it from `at` on, as things stand until the next settle().
  void wanted(Ticks at);
  void settle(Ticks at);
  void forgive() { owed_ = 0; }
  // A new program: counts from zero. `track`: of the trace.
  void reset(int track);
  [[nodiscard]] int track() const { return track_; }

 private:
  std::string name_;
  double ticks_per_bit_;
  double owed_ = 0;
  Ticks free_at_ = 0;
  Ticks busy_ = 0;
  Ticks blocked_ = 0;
  Ticks banked_ = 0, lingered_ = 0;
  Ticks wanted_from_ = kNever;
  Phase last_phase_ = Phase::kSteady;
  int track_ = -1;
  static constexpr Ticks kNever = ~Ticks{0};
};

// A set of ports (StorageLevel::port_index); absent ones are unlimited.
struct MemoryPorts {
  MemoryPorts(const std::string& name, const Bandwidths& widths);
  std::optional<Port> read, write, shared;
};

// The wires below a level, where they are stated; a bus goes down and up on the same ones.
struct LevelWires {
  LevelWires(const FanOut& fanout, const std::string& suffix);
  std::optional<Port> down, up;
  [[nodiscard]] Port* upwards() { return up ? &*up : &*down; }
};

// What a transfer asks of the banks of a memory, of which rows of the array may have one each.
struct BankUse {
  const Memory* memory = nullptr;  // that states banks
  std::size_t row = 0;
  const BankLoad* load = nullptr;  // null: nothing
};

// One movement of words over up to two memories. Made by the engine that needs it, used once.
class Transfer {
 public:
  Transfer(std::int64_t step, int level, Role role, Phase phase = Phase::kSteady)
      : step_(step), needed_by_(step), level_(level), role_(role), phase_(phase) {}
  // The first step that cannot begin without it, when this is not the step it belongs to.
  void needed_by(std::int64_t step) { needed_by_ = step; }
  // In the queue since then, as the rest of a transfer that has been going on.
  void asked(Ticks at) { asked_ = at; }
  // The same with half of the bits.
  [[nodiscard]] Transfer half() const;
  // For the trace: tile or step `item` of a part.
  void called(const char* what, std::size_t part, std::size_t item) {
    what_ = what;
    part_ = static_cast<std::int32_t>(part);
    item_ = static_cast<std::int64_t>(item);
  }
  // `bits` through the read (write) side: that port and the shared one.
  void read_from(MemoryPorts& memory, double bits, const BankUse& banks = {});
  void write_to(MemoryPorts& memory, double bits, const BankUse& banks = {});
  // `bits` through a port that belongs to no memory.
  void take(Port& port, double bits);

 private:
  friend class Arbiter;
  struct Claim {
    Port* port;
    double bits;                 // still to go
    Ticks start = 0, until = 0;  // of the occupation that is running
    BankUse banks{};
    bool writes = false;
    Ticks ticks = 0;  // of it, without what is lost to banks
    Course course{};  // through the banks
    // Do the accesses of both go to banks with one port for them?
    [[nodiscard]] bool shares_banks(const Claim& other) const;
    // Ticks of it that have moved words until `at`; the others were lost to banks.
    [[nodiscard]] Ticks moved(Ticks at) const;
  };
  void claim(std::optional<Port>& port, double bits, const BankUse& banks, bool writes);
  void claim(Port& port, double bits, const BankUse& banks, bool writes);
  std::int64_t step_, needed_by_;
  int level_;
  Role role_;
  Phase phase_;
  std::optional<Ticks> asked_;
  const char* what_ = "";
  std::int32_t part_ = 0;
  std::int64_t item_ = 0;
  std::vector<Claim> claims_;
};

// A time in which a transfer held its ports.
struct Hold {
  Ticks begin = 0, end = 0;
  Ticks banks = 0;   // of the slowest port: so much of it was lost to banks
  Ticks before = 0;  // the same of whoever held the blocker until it began
};

// A transfer that was requested: when it was given its ports and when the last of them is done.
struct Grant {
  Ticks earliest = 0;  // asked, and held back at random no longer
  Ticks start = 0, end = 0;
  bool given = false;
  std::vector<Hold> holds;               // more than one if interrupted
  const std::string* blocker = nullptr;  // name of the port that was last to be free
  const std::string* slowest = nullptr;  // name of the port that is last to be done
};

class Arbiter final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Arbiter);
  Arbiter(const sc_core::sc_module_name& name, std::int64_t max_jitter_cycles, std::uint64_t seed);
  // Asks for the ports; `grant` is filled at this time stamp, after everything else of it has happened.
  void request(Transfer transfer, Grant& grant);
  // Waits until `grant` is given and over. To be called by the engine's own process.
  void await(const Grant& grant);
  // `ports`: all of the machine. `recorder`: null without a trace.
  void reset(std::vector<Port*> ports, Recorder* recorder);
  // A layer is over: if nothing else is on its way the next one finds every port as at the start of a run.
  void rest();
  // At the end of a run: what is still running has ended.
  void finish();
  // Who has asked for which ports, and who holds them, one line each.
  [[nodiscard]] std::string state() const;
  // A transfer of the first step waited for a port that was held by another step's.
  [[nodiscard]] bool ramp_interference() const { return ramp_interference_; }

 private:
  struct Request {
    Transfer transfer;
    Ticks earliest;
    Grant* grant;  // belongs to the waiting engine, gone when the transfer is over
    bool begun = false;
    Ticks end = 0;  // of the transfer that is running
  };
  void serve();
  void give_what_is_free();
  [[nodiscard]] Ticks next_chance() const;
  void give(Request request);
  // Interrupts the transfers for later steps that hold ports of the request; false, and nothing is changed,
  // when other holders would still be in its way.
  bool interrupt_for(const Request& request);
  [[nodiscard]] static bool holds(const Request& running, const Port* port);
  void stop(std::size_t running);
  // Banks: a stream's course, worked out as it begins, follows from those that are running
  // (arbiter_banks.cpp). Transfers for later steps that would be in its way begin anew behind it, and so do
  // those that one that stops has held up.
  void make_way_in_banks(const Request& request);
  void begin_anew_without(const Request& stopped);
  void take_banks(Transfer& transfer, std::size_t claim) const;
  void record(const Request& request, Ticks until) const;
  void settle_wanted();
  void note_interference(const Request& request);
  // When the request and all its ports are free, as things stand.
  [[nodiscard]] static Ticks ready_at(const Request& request);

  std::int64_t max_jitter_cycles_;
  std::uint64_t seed_;
  Rng rng_;
  std::vector<Request> pending_, running_;
  sc_core::sc_event requested_, given_;
  std::vector<Port*> ports_, wanted_;
  Recorder* recorder_ = nullptr;
  bool ramp_interference_ = false;
};

}  // namespace weft::sim
