// The credits between the engines of one tensor at one level: how many tiles may be there at once, which
// have arrived, and which are finished with.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <systemc>

#include "arch/sim/core/tiles.hpp"
#include "arch/sim/port.hpp"

namespace weft::sim {

class TileSlots {
 public:
  // What makes a tile's slot free again: its last user (operands), or the end of its store (outputs).
  enum class FreedBy : std::uint8_t { kLastUse, kStore };

  TileSlots(std::string name, int slots, FreedBy freed_by)
      : name_(std::move(name)), slots_(slots), freed_by_(freed_by) {}

  // A new run, without tiles. `counter`: of the trace, if there is one.
  void reset(Recorder* recorder, int counter);
  // `on_free` is told the number of each tile whose last use freed it.
  void tell(std::function<void(std::size_t)> on_free) { on_free_ = std::move(on_free); }
  // Tiles of the next part.
  void append(const TileSequence& tiles);
  [[nodiscard]] std::int64_t tiles() const { return static_cast<std::int64_t>(users_.size()); }

  // The blocking calls: each returns when its condition holds; the caller is an engine's process.
  // Progress: earlier tiles leave, as no use of them depends on later tiles.
  void await_slot();
  // Progress: the load engine of this level works through all tiles.
  void await_arrival(std::int64_t tile);
  // Progress: users are engines of inner levels or the array, which depend on earlier tiles only.
  void await_unused(std::size_t tile);
  // Until so many tiles, from the first on, have left. Progress: as await_slot().
  void await_freed(std::int64_t tiles);

  void arrive(Ticks later = 0);  // the next tile is complete so much later
  void finish_use(std::int64_t tile);
  void free();  // the oldest tile has been stored

  // When the tile arrived; when its last user finished.
  [[nodiscard]] Ticks arrived_at(std::int64_t tile) const;
  [[nodiscard]] Ticks unused_at(std::size_t tile) const { return unused_at_[tile]; }
  [[nodiscard]] std::string state() const;
  // Fault injection for tests: a credit that never comes back.
  void lose_slot() { --slots_; }
  [[nodiscard]] int slots() const { return slots_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void free_unused();
  void sample() const;
  std::string name_;
  int slots_;
  FreedBy freed_by_;
  std::function<void(std::size_t)> on_free_;
  std::size_t claimed_ = 0, arrived_ = 0, freed_ = 0;
  std::vector<int> users_;
  std::vector<Ticks> arrived_at_, unused_at_;
  sc_core::sc_event changed_;
  Recorder* recorder_ = nullptr;
  int counter_ = -1;
};

}  // namespace weft::sim
