// See tile_slots.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tile_slots.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace weft::sim {

void TileSlots::reset(Recorder* recorder, int counter) {
  on_free_ = {};
  claimed_ = arrived_ = freed_ = 0;
  users_.clear();
  arrived_at_.clear();
  unused_at_.clear();
  recorder_ = recorder;
  counter_ = counter;
}

void TileSlots::append(const TileSequence& tiles) {
  for (const Tile& tile : tiles) {
    users_.push_back(tile.users);
  }
  arrived_at_.resize(users_.size());
  unused_at_.resize(users_.size());
}

void TileSlots::sample() const {
  if (recorder_ != nullptr) {
    recorder_->sample(counter_, now(), static_cast<std::int64_t>(claimed_ - freed_));
  }
}

void TileSlots::await_slot() {
  while (arrived_ >= freed_ + static_cast<std::size_t>(slots_)) {
    sc_core::wait(changed_);
  }
  ++claimed_;
  sample();
}

void TileSlots::await_freed(std::int64_t tiles) {
  while (static_cast<std::int64_t>(freed_) < tiles) {
    sc_core::wait(changed_);
  }
}

void TileSlots::await_arrival(std::int64_t tile) {
  while (static_cast<std::int64_t>(arrived_) <= tile) {
    sc_core::wait(changed_);
  }
  if (const Ticks there = arrived_at(tile); there > now()) {
    sc_core::wait(duration(there - now()));
  }
}

void TileSlots::await_unused(std::size_t tile) {
  while (arrived_ <= tile || users_[tile] > 0) {
    sc_core::wait(changed_);
  }
}

void TileSlots::arrive(Ticks later) {
  WEFT_ENSURE(arrived_ < freed_ + static_cast<std::size_t>(slots_),
              name_ + ": a tile arrived without a slot");
  arrived_at_[arrived_] = now() + later;
  unused_at_[arrived_] = now() + later;
  ++arrived_;
  free_unused();
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void TileSlots::finish_use(std::int64_t tile) {
  const auto i = static_cast<std::size_t>(tile);
  WEFT_ENSURE(i < arrived_ && i >= freed_ && users_[i] > 0, name_ + ": a tile was used that is not there");
  --users_[i];
  unused_at_[i] = now();
  free_unused();
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void TileSlots::free() {
  ++freed_;
  sample();
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void TileSlots::free_unused() {
  while (freed_by_ == FreedBy::kLastUse && freed_ < arrived_ && users_[freed_] == 0) {
    if (on_free_) {
      on_free_(freed_);
    }
    ++freed_;
    sample();
  }
}

Ticks TileSlots::arrived_at(std::int64_t tile) const {
  return tile < 0 ? 0 : arrived_at_[static_cast<std::size_t>(tile)];
}

std::string TileSlots::state() const {
  std::string text = fmt::format("{}: {} of {} tiles arrived, {} left, {} slots, {} taken", name_, arrived_,
                                 users_.size(), freed_, slots_, claimed_ - freed_);
  if (freed_ < arrived_) {
    text += fmt::format(", the oldest has {} users to come", users_[freed_]);
  }
  return text;
}

}  // namespace weft::sim
