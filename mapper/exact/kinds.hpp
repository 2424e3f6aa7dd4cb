// The kinds of mappings that the search tells apart: every bypass, and for every level what the order of its
// loops is good for. Every mapping belongs to at least one of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// What the order of a level's temporal loops is good for.
struct Stationary {
  // Tensors that the innermost loop leaves in place: the loops inside the last one they mention are free.
  PerRole<bool> inner{};
  // Tensors that no loop of the level mentions; what they hold stays across the level's iterations.
  PerRole<bool> all{};
};

// Per level (all but the innermost), what its order favours.
using Kind = std::vector<Stationary>;

// Kinds that keep the same tensors at the same levels.
struct Family {
  std::vector<PerRole<bool>> keep;  // [level]
  std::vector<Kind> kinds;
};

[[nodiscard]] std::vector<Family> families(const MapSpace& space);

// Which tensors the loops of which levels mention, one bit each.
using Mentioned = std::uint32_t;
[[nodiscard]] constexpr Mentioned mention(std::size_t level, std::size_t role) {
  return Mentioned{1} << (level * kRoles + role);
}
// What must not be mentioned in mappings of the kind.
[[nodiscard]] Mentioned unmentioned(const Kind& kind);

// From which level inwards the loops that the tensor does not mention move nothing into the child.
[[nodiscard]] int free_from(const Kind& kind, Role role, int child);

// Tensors kept somewhere below the level: what the order of its loops does for others costs nothing.
[[nodiscard]] PerRole<bool> kept_below(const Family& family, int level);

}  // namespace weft::exact
