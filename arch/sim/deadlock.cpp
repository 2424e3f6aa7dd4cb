// What the machine says when nothing moves any more: who waits for whom, and what every channel holds.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "arch/sim/machine.hpp"

namespace weft::sim {

std::string Machine::loader_above(Role role, int level) const {
  const std::vector<int>& chain = reasons_->chain(role);
  const auto here = std::find(chain.begin(), chain.end(), level);
  if (here == chain.end() || here == chain.begin() || here - chain.begin() == 1) {
    return "";
  }
  return loaders_[static_cast<std::size_t>(index_of(role))][static_cast<std::size_t>(*(here - 1))]->label();
}

std::string Machine::user_below(Role role, int level) const {
  const std::vector<int>& chain = reasons_->chain(role);
  const auto here = std::find(chain.begin(), chain.end(), level);
  if (here == chain.end()) {
    return "";
  }
  if (here + 1 == chain.end()) {
    return array_->label();
  }
  const auto below = static_cast<std::size_t>(*(here + 1));
  const std::string load = loaders_[static_cast<std::size_t>(index_of(role))][below]->label();
  return role == Role::kOutputs ? load + ", " + storers_[below]->label() : load;
}

std::string Machine::awaited_by_load(Role role, int level, Doing doing) const {
  switch (doing) {
    case Doing::kSource:
      return loader_above(role, level);
    case Doing::kSlot:
      return role == Role::kOutputs ? storers_[static_cast<std::size_t>(level)]->label()
                                    : user_below(role, level);
    case Doing::kTurn:
      return array_->label();
    case Doing::kPredecessor:
      return vector_->label();
    default:
      return "";
  }
}

std::string Machine::awaited_by_store(int level, Doing doing) const {
  return doing == Doing::kLastUse ? user_below(Role::kOutputs, level)
         : doing == Doing::kAbove ? loader_above(Role::kOutputs, level)
                                  : "";
}

std::string Machine::awaited(const Engine& engine) const {
  const Doing doing = engine.timeline().doing();
  for (int level = 1; level < accelerator_.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (const Role role : kAllRoles) {
      if (loaders_[static_cast<std::size_t>(index_of(role))][l].get() == &engine) {
        return awaited_by_load(role, level, doing);
      }
    }
    if (storers_[l].get() == &engine) {
      return awaited_by_store(level, doing);
    }
  }
  static constexpr PerRole<Doing> kTile = {Doing::kWeightTile, Doing::kInputTile, Doing::kOutputTile};
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const std::vector<int>& chain = reasons_->chain(role);
    if (&engine == array_.get() && doing == kTile[r] && chain.size() > 1) {
      return loaders_[r][static_cast<std::size_t>(chain.back())]->label();
    }
  }
  return &engine == vector_.get() && doing == Doing::kResults ? "all others" : "";
}

std::string Machine::states() const {
  std::string text = sequence_.state() + window_.state();
  for (const Engine* engine : all_) {
    const std::string whom = engine->finished() ? "" : awaited(*engine);
    text += engine->state() + (whom.empty() ? "" : " (from: " + whom + ")") + '\n';
  }
  for (const auto& levels : slots_) {
    for (const auto& slots : levels) {
      if (slots != nullptr) {
        text += slots->state() + '\n';
      }
    }
  }
  return text + arbiter_.state();
}

}  // namespace weft::sim
