// What an engine does, from when to when: totals by kind of doing, the latest spans for whoever wants to know
// what it was waited for, and on demand a track of the trace. No SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "arch/sim/core/recorder.hpp"
#include "arch/sim/core/time_grid.hpp"

namespace weft::sim {

enum class Doing : std::uint8_t {
  kNothing,
  kMoving,  // words on their way
  kMacs,
  kLanes,
  kCommands,  // beyond the MACs of a step
  kResults,   // the last results leave the array
  kWeightTile,
  kInputTile,
  kOutputTile,
  kOperands,
  kSource,
  kTurn,
  kPredecessor,
  kBuffer,
  kSlot,
  kLastUse,
  kAbove,
  kPorts,
  kBank,
  kHeldBack
};
inline constexpr std::size_t kDoings = static_cast<std::size_t>(Doing::kHeldBack) + 1;
[[nodiscard]] bool is_work(Doing doing);
// What is waited for: "a free slot", "its ports"; of work what it is: "moving".
[[nodiscard]] const char* name_of(Doing doing);

struct Span {
  Ticks begin = 0, end = 0;
  Doing doing = Doing::kNothing;
  const std::string* port = nullptr;  // moving: the slowest; waiting for ports: the one held longest
};

class Timeline {
 public:
  // A new run at `at`, with nothing to do. `track`: where spans are recorded, or -1.
  void reset(Ticks at, Recorder* recorder, int track);
  // From `at` on.
  void enter(Doing doing, Ticks at);
  // From where the last span ended until `until` it did something else than was entered.
  void was(Doing doing, Ticks until, const std::string* port = nullptr);
  // What the trace calls the present work.
  void at(std::int32_t piece, std::int64_t item) {
    piece_ = piece;
    item_ = item;
  }
  [[nodiscard]] Doing doing() const { return doing_; }
  [[nodiscard]] std::int64_t item() const { return item_; }
  [[nodiscard]] Ticks spent(Doing doing) const { return spent_[static_cast<std::size_t>(doing)]; }

  // Calls f(span) for what was done between `from` and `to`, clipped, in order. Nothing before the last
  // forget().
  template <class F>
  void between(Ticks from, Ticks to, const F& f) const {
    for (std::size_t i = first_after(from); i < spans_.size() && spans_[i].begin < to; ++i) {
      f(clipped(spans_[i], from, to));
    }
    if (since_ < to) {
      f(clipped({since_, to, doing_, nullptr}, from, to));
    }
  }
  // Nobody will ask about the time before `at`.
  void forget(Ticks at);

 private:
  [[nodiscard]] std::size_t first_after(Ticks from) const;
  [[nodiscard]] static Span clipped(Span span, Ticks from, Ticks to);
  Doing doing_ = Doing::kNothing;
  Ticks since_ = 0;
  std::vector<Span> spans_;
  std::size_t patience_ = 256;  // spans before the old ones are thrown away
  std::array<Ticks, kDoings> spent_{};
  Recorder* recorder_ = nullptr;
  int track_ = -1;
  std::int32_t piece_ = 0;
  std::int64_t item_ = 0;
};

}  // namespace weft::sim
