// See timeline.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/timeline.hpp"

#include <algorithm>

namespace weft::sim {

bool is_work(Doing doing) {
  return doing == Doing::kMoving || doing == Doing::kMacs || doing == Doing::kLanes;
}

const char* name_of(Doing doing) {
  switch (doing) {
    case Doing::kNothing:
      return "nothing";
    case Doing::kMoving:
      return "moving";
    case Doing::kMacs:
      return "its MACs";
    case Doing::kLanes:
      return "its lanes";
    case Doing::kCommands:
      return "its commands";
    case Doing::kResults:
      return "the last results to come out";
    case Doing::kWeightTile:
      return "its tile of weights";
    case Doing::kInputTile:
      return "its tile of inputs";
    case Doing::kOutputTile:
      return "its tile of outputs";
    case Doing::kOperands:
      return "its operands' ports";
    case Doing::kSource:
      return "its tile to arrive at the level above";
    case Doing::kTurn:
      return "its turn";
    case Doing::kPredecessor:
      return "results of an earlier layer";
    case Doing::kBuffer:
      return "an earlier layer to leave the buffer";
    case Doing::kSlot:
      return "a free slot";
    case Doing::kLastUse:
      return "the last use of the tile";
    case Doing::kAbove:
      return "the tile above to arrive";
    case Doing::kPorts:
      return "its ports";
    case Doing::kBank:
      return "a bank";
    case Doing::kHeldBack:
      return "nothing, held back at random";
  }
  return "";
}

void Timeline::reset(Ticks at, Recorder* recorder, int track) {
  doing_ = Doing::kNothing;
  since_ = at;
  spans_.clear();
  patience_ = 256;
  spent_.fill(0);
  recorder_ = recorder;
  track_ = track;
  piece_ = 0;
  item_ = 0;
}

void Timeline::enter(Doing doing, Ticks at) {
  was(doing_, at);
  doing_ = doing;
}

void Timeline::was(Doing doing, Ticks until, const std::string* port) {
  if (until <= since_) {
    return;
  }
  spent_[static_cast<std::size_t>(doing)] += until - since_;
  if (!spans_.empty() && spans_.back().doing == doing && spans_.back().port == port &&
      spans_.back().end == since_) {
    spans_.back().end = until;
  } else {
    spans_.push_back({since_, until, doing, port});
  }
  if (recorder_ != nullptr && doing != Doing::kNothing) {
    recorder_->event(track_, {since_, until, name_of(doing), is_work(doing), piece_, item_});
  }
  since_ = until;
}

std::size_t Timeline::first_after(Ticks from) const {
  const auto after = std::upper_bound(spans_.begin(), spans_.end(), from,
                                      [](Ticks at, const Span& span) { return at < span.end; });
  return static_cast<std::size_t>(after - spans_.begin());
}

Span Timeline::clipped(Span span, Ticks from, Ticks to) {
  span.begin = std::max(span.begin, from);
  span.end = std::min(span.end, to);
  return span;
}

void Timeline::forget(Ticks at) {
  if (spans_.size() < patience_) {
    return;
  }
  spans_.erase(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(first_after(at)));
  patience_ = std::max<std::size_t>(256, 2 * spans_.size());
}

}  // namespace weft::sim
