// Why the array stood still: follows the chain of engines it waited for, from the innermost load outwards, to
// the one that was at work or could not be, and adds the cycles up by what that was. No SystemC of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arch/sim/core/timeline.hpp"
#include "arch/sim/port.hpp"
#include "arch/sim/result.hpp"

namespace weft::sim {

// The engines' time lines by level; null: none there.
struct Lines {
  PerRole<std::vector<const Timeline*>> loads;
  std::vector<const Timeline*> stores;
  const Timeline* vector_unit = nullptr;
  std::vector<const std::string*> wires;  // names of what is no port of a memory
};

class Reasons {
 public:
  explicit Reasons(Lines lines) : lines_(std::move(lines)) {}
  // A new run.
  void reset() {
    found_.clear();
    keepers_ = {};
  }
  // The program that the array works on.
  void follow(const PerRole<std::vector<int>>& keepers) { keepers_ = keepers; }
  // Keepers of a tensor in that program, outermost first; empty before the first.
  [[nodiscard]] const std::vector<int>& chain(Role role) const {
    return keepers_[static_cast<std::size_t>(index_of(role))];
  }

  // The array had no tile of `role` from `from` to `to`.
  void missing_tile(Reason::Stall stall, Role role, Ticks from, Ticks to);
  // Its operands came late through this grant's ports, which belong to `level`.
  void late_operands(Role role, int level, const Grant& grant, Ticks from, Ticks to);
  // It could not begin before earlier layers were over.
  void predecessor(Reason::Stall stall, Ticks from, Ticks to);
  void add(const Reason& what, Ticks from, Ticks to);
  // Most cycles first.
  [[nodiscard]] std::vector<Reason> take() const;

 private:
  struct Found {
    Reason reason;
    const std::string* port;
    Ticks ticks;
  };
  void add(Reason what, const std::string* port, Ticks from, Ticks to);
  // The load of a tile into its keeper `position`, or the store out of it, was waited for.
  void load(Reason what, std::size_t position, Ticks from, Ticks to, int depth);
  void store(Reason what, std::size_t position, Ticks from, Ticks to, int depth);
  // What a transfer that moves, or waits, does to those who wait for it.
  [[nodiscard]] Reason::Why moving(const std::string* port) const;
  [[nodiscard]] Reason::Why held_up(const std::string* port) const;
  [[nodiscard]] std::optional<Reason::Why> on_ports(const Span& span) const;
  [[nodiscard]] bool is_wire(const std::string* port) const;
  Lines lines_;
  PerRole<std::vector<int>> keepers_;
  std::vector<Found> found_;
};

}  // namespace weft::sim
