// Which lines a cache holds: set-associative, written back, a random line of the set makes way. Tags only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/spec/timing.hpp"
#include "base/rng.hpp"

namespace weft::sim {

class CacheTags {
 public:
  explicit CacheTags(const Cache& cache);
  // Lines that have to pass between cache and memory so that `line` (counted from address zero) is there:
  // none when it is, else the line itself and the one that makes way for it if that has been written to.
  enum class Access : std::uint8_t { kRead, kWrite };
  [[nodiscard]] std::int64_t touch(std::int64_t line, Access access);

 private:
  std::size_t ways_, sets_;
  struct Line {
    std::int64_t tag = -1;  // -1: empty
    bool written = false;
  };
  std::vector<Line> lines_;  // [set][way]
  Rng rng_;                  // a fixed seed: the same program always takes the same time
};

}  // namespace weft::sim
