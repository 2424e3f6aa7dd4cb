// Is a mapping legal, and if not, what is in the way? Rejection is data: no strings on the search's path.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/mapping.hpp"

namespace weft {

enum class Reason : std::uint8_t {
  kShape,            // number of levels, a dim index or a bound makes no sense for this machine
  kCoverage,         // product of a dim's bounds is below its size (needed: size, available: product)
  kEmptyIterations,  // a bound larger than what is left of the dim (needed: bound, available: useful)
  kFanOut,           // spatial bounds on an axis exceed it (level, axis; needed, available)
  kAxisDims,         // a dim that the hardware cannot spread over this axis
  kCapacity,         // tiles do not fit (level, memory; needed, available: bits)
  kCannotHold,       // the mapping keeps a tensor at a level with no memory for it
  kCannotBypass,     // the mapping bypasses a tensor that the level must keep
  kOutermostBypass,  // the outermost level must keep every tensor
  kWidth,            // a tensor's words are wider than the compute unit takes
};
inline constexpr int kReasons = 10;
[[nodiscard]] std::string_view name_of(Reason reason);

struct Rejection {
  Reason reason = Reason::kShape;
  int level = -1;  // storage level, -1: none
  int index = -1;  // dim, role, memory or axis, by reason
  std::int64_t needed = 0;
  std::int64_t available = 0;
  PerRole<bool> tensors{};  // capacity: those whose tiles share the memory
};

// The first obstacle found, in the order of the enumeration and from the outermost level in; none: legal.
[[nodiscard]] std::optional<Rejection> check(const Mapping& mapping, const Problem& problem,
                                             const Accelerator& accelerator);
// "GLB: tiles of weights, inputs need 131072 b but 65536 b can hold a tile (double-buffered)".
[[nodiscard]] std::string explain(const Rejection& rejection, const Problem& problem,
                                  const Accelerator& accelerator);

// May the dim be spread over an axis that allows these words (FanOut::allowed_dims)?
[[nodiscard]] bool may_spread(const Problem& problem, int dim, const std::vector<std::string>& allowed);

// Bits a memory of `level` may give to tiles: capacity, halved when double-buffered; max int64 if unbounded.
[[nodiscard]] std::int64_t usable_bits(const Memory& memory);
// Bits that a word of the tensor takes of the capacity of its memory at `level`: as written down, in
// expectation.
[[nodiscard]] double capacity_bits(const Accelerator& accelerator, const Problem& problem, int level,
                                   Role role);
// A number of bits as a whole one, at most 2^63-1.
[[nodiscard]] std::int64_t whole_bits(double bits);

}  // namespace weft
