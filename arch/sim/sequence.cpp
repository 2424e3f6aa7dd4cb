// See sequence.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/sequence.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weft::sim {

void Sequence::reset(std::size_t parts, std::size_t engines, Build build) {
  build_ = std::move(build);
  engines_ = engines;
  parts_.clear();
  parts_.resize(parts);
  over_at_.assign(parts, 0);
  built_ = over_ = 0;
  wanted_ = std::min<std::size_t>(2, parts);
  build_wanted();
}

bool Sequence::build_wanted() {
  const bool any = built_ < wanted_;
  for (; built_ < wanted_; ++built_) {
    parts_[built_] = build_(built_);
    parts_[built_]->engines = parts_[built_]->program == nullptr ? 0 : engines_;
  }
  if (any) {
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
  return any;
}

void Sequence::want(std::size_t part) {
  const std::size_t parts = std::min(part + 1, parts_.size());
  if (parts > wanted_) {
    wanted_ = parts;
    sc_core::sc_pause();  // the kernel returns to the machine, which builds and goes on
  }
}

Part& Sequence::await(std::size_t part) {
  want(part + 1);  // one ahead, so that nobody waits for the builder at a time that matters
  while (part >= built_) {
    sc_core::wait(changed_);
  }
  return *parts_[part];
}

void Sequence::leave(Part& part) {
  if (part.engines > 0 && --part.engines == 0) {
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
}

void Sequence::await_engines(const Part& part) {
  while (part.engines > 0) {
    sc_core::wait(changed_);
  }
}

void Sequence::await_over(std::size_t part) {
  while (part >= over_) {
    sc_core::wait(changed_);
  }
}

void Sequence::over(Part& part) {
  over_at_[part.number] = now();
  over_ = part.number + 1;
  changed_.notify(sc_core::SC_ZERO_TIME);
  // Nobody looks at a part that every engine has left; the last one is kept for the result.
  if (over_ < parts_.size()) {
    parts_[part.number]->tiles = {};
    parts_[part.number]->work = {};
    parts_[part.number]->program = nullptr;
    parts_[part.number]->piece.program.reset();
  }
}

std::string Sequence::state() const {
  return parts_.size() < 2 ? "" : fmt::format("{} of {} layers over\n", over_, parts_.size());
}

}  // namespace weft::sim
