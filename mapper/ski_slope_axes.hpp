// The choices behind a ski slope: along which axes a tile can vary, and what each choice means to each
// tensor.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/problem.hpp"

namespace weft {

// Fills. A loop over a dim that a tensor does not mention costs it nothing while it is inside all loops that
// move the tensor's tile; further out it repeats everything. Of the dims that only other tensors mention, one
// tensor (the stationary one) can have all inside, a second one only those that neither of the two mentions,
// the third none. With f repetitions that are left, a tensor without overlapping windows fills f times its
// words, exactly.
//
// Windows. Let X be the rank that the innermost loop moving the tile belongs to. Only one rank at a time may
// slide. Whenever a loop further out changes another rank Y, X wraps around and changes too, so the whole
// tile moves: words that tiles of Y share move once for each of them (`repeated`). Along X a word moves at
// least once in each of the f repetitions in which it leaves the tile at least once; only words that all
// positions of a loop share can stay (`core`). So fills >= (f distinct - (f - 1) core) of X times the
// product of `repeated` over the other ranks; the least over X is the bound. Where two loops of a rank can
// cancel out, or padding can make two tiles equal, a rank may change without changing its tile: it is not
// `regular`, and counts by `distinct` only.

// A rank of two dims, or with padding, cut into tiles.
struct SlopeWindow {
  std::int64_t distinct = 1;  // coordinates touched in all
  std::int64_t repeated = 1;  // at most the sum over its tiles, at least `distinct`
  std::int64_t core = 0;      // at least those that a loop's positions all share
  bool moves = false;
  bool regular = true;
};

struct SlopePart {
  std::int64_t words = 1;  // factor of the tile's words
  std::int64_t trips = 1;  // iterations of dims that the tensor does not mention
  bool moves = false;      // iterates over a dim that it does mention
  SlopeWindow window{};    // if the axis has one for the tensor
};

// One way to cut the dims of an axis.
struct SlopeOption {
  PerRole<SlopePart> parts{};
  PerRole<std::int64_t> only{1, 1, 1};  // iterations of dims that only this tensor mentions
};

// Dims whose tiles are chosen together: those of a window, or plain ones that the same tensors mention (only
// the product of their tiles matters).
struct SlopeAxis {
  std::vector<SlopeOption> options;
  PerRole<bool> windowed{};
};

struct SlopeAxes {
  std::vector<SlopeAxis> axes;
  PerRole<std::int64_t> plain{1, 1, 1};  // words along the ranks that are no windows, groups aside
  std::int64_t groups = 1;               // dims of all tensors: best outermost, one index at a time
  std::int64_t tiles = 1;                // combinations of options
  bool exact = true;                     // no window's positions overlap
};

// Throws TooManyTiles.
[[nodiscard]] SlopeAxes slope_axes(const Problem& problem);

}  // namespace weft
