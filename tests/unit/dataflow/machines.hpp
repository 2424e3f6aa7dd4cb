// Machines small enough to count by hand: unbounded memories, one per level, that hold everything.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"

namespace weft::testing {

inline constexpr std::size_t kW = 0, kI = 1, kO = 2;

// `depth` levels L0, L1 ... with fan-outs wide enough for any test.
[[nodiscard]] inline Accelerator machine(int depth) {
  Accelerator accelerator;
  accelerator.name = "tiny";
  for (int l = 0; l < depth; ++l) {
    StorageLevel level;
    level.name = "L" + std::to_string(l);
    Memory memory;
    memory.name = level.name + "_mem";
    memory.holds = {true, true, true};
    level.memories.push_back(memory);
    level.may_bypass = {l > 0, l > 0, l > 0};
    level.fanout.x = 64;
    level.fanout.y = 64;
    accelerator.levels.push_back(level);
  }
  return accelerator;
}

// Appends a loop by the dim's name.
inline void add(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound) {
  level.temporal.push_back({problem.dim(dim), bound});
}
inline void spread(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound) {
  level.spatial.push_back({problem.dim(dim), bound, Axis::kX});
}

// Rows only: P positions, R taps.
[[nodiscard]] inline Problem conv_1d(std::int64_t in, std::int64_t kernel, std::int64_t stride = 1,
                                     std::int64_t pad = 0) {
  ConvShape shape{.name = "conv_1d", .in_h = in, .kernel_h = kernel, .stride_h = stride};
  shape.pad_top = shape.pad_bottom = pad;
  return make_conv(shape);
}

}  // namespace weft::testing
