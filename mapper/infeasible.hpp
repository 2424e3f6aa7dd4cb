// Why no mapping can be legal, decided without searching, and the smallest change that helps. Without
// constraints the answer is exact: the mapping with the smallest tiles is legal unless one of these obstacles
// stands. With constraints it holds for their smallest tiles; that nothing stands proves nothing then.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapper/constraints.hpp"

namespace weft {

struct Obstacle {
  enum class Kind : std::uint8_t {
    kWidth,     // index: role; needed, available: bits of a word
    kCapacity,  // level, index: memory; needed: bits of the smallest tiles, available: bits for tiles
  };
  Kind kind = Kind::kCapacity;
  int level = -1;
  int index = -1;
  std::int64_t needed = 0;
  std::int64_t available = 0;
  PerRole<bool> tensors{};  // capacity: those that have to be kept there
  // What makes it fit, either of them:
  std::int64_t raise_to = 0;  // bits: capacity of the memory, or width of the compute unit
  PerRole<bool> bypass{};     // tensors that would have to be allowed past the level; none: no way
  [[nodiscard]] bool can_bypass() const { return bypass[0] || bypass[1] || bypass[2]; }
};

// Every obstacle, from the outermost level in; constraints may be null.
[[nodiscard]] std::vector<Obstacle> obstacles(const Problem& problem, const Accelerator& accelerator,
                                              const Constraints* constraints);
// "buffer: the smallest tiles of weights, inputs need 24 b, 4 b can hold tiles".
[[nodiscard]] std::string explain(const Obstacle& obstacle, const Accelerator& accelerator);
// "raise the capacity of buffer to 48 b, or let inputs bypass it".
[[nodiscard]] std::string remedy(const Obstacle& obstacle, const Accelerator& accelerator);

}  // namespace weft
