// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/groups.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

// All that loops can mention to some effect.
Mentioned possible(const Family& family) {
  Mentioned result = 0;
  for (std::size_t level = 0; level + 1 < family.keep.size(); ++level) {
    const PerRole<bool> kept = kept_below(family, static_cast<int>(level));
    for (std::size_t r = 0; r < kRoles; ++r) {
      result |= kept[r] ? mention(level, r) : 0;
    }
  }
  return result;
}

}  // namespace

void Groups::begin(const Family& family, const BoundProgram& program, std::vector<Rows>& rows,
                   const Tries& tries) {
  tries_ = &tries;
  depth_ = static_cast<int>(family.keep.size());
  groups_.clear();
  for (std::size_t kind = 0; kind < family.kinds.size(); ++kind) {
    const Mentioned out = unmentioned(family.kinds[kind]);
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& known) { return known.unmentioned == out; });
    if (group == groups_.end()) {
      group = groups_.emplace(groups_.end());
      group->unmentioned = out;
      group->required = possible(family) & ~out;
      group->profiles.resize(program.profiles());
      for (std::size_t part = 0; part < tries.size(); ++part) {
        group->rows.emplace_back(rows[part], *tries[part], out);
      }
    }
    group->kinds.push_back(kind);
    group->profiles[program.profile(kind)] = true;
  }
}

// The first phase decides where dims are spread, the next the innermost level's loops, and so on outwards;
// the outermost level's follow with the last.
bool Groups::mention_enough(const Group& group, std::span<const int> nodes, int phase) const {
  Mentioned found = 0;
  for (std::size_t part = 0; part < nodes.size(); ++part) {
    found |= (*tries_)[part]->node(nodes[part]).mentioned;
  }
  const int decided = phase == depth_ ? 0 : depth_ - phase + 1;  // from this level inwards
  const Mentioned open = mention(static_cast<std::size_t>(decided), 0) - 1;
  return (group.required & ~found & ~open) == 0;
}

}  // namespace weft::exact
