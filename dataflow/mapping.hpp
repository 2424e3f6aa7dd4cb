// How a problem is computed on an accelerator: temporal loops at every storage level, spatial loops on
// every fan-out, and which tensors each level keeps.
//
// Index arithmetic is mixed radix: along one dim, a loop's stride is the product of the bounds of that
// dim's loops further in, and iterations whose index reaches the dim's size do not happen. So factors
// need not divide: size 7 as 2 x 4 gives tiles of 4 and 3.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "workload/problem.hpp"

namespace weft {

struct Loop {
  int dim = 0;             // index into Problem::dims
  std::int64_t bound = 1;  // iterations
  friend bool operator==(const Loop&, const Loop&) = default;
};

enum class Axis : std::uint8_t { kX, kY };

struct SpatialLoop {
  int dim = 0;
  std::int64_t bound = 1;  // instances used
  Axis axis = Axis::kX;
  friend bool operator==(const SpatialLoop&, const SpatialLoop&) = default;
};

// What one storage level and the fan-out below it do.
struct LevelMapping {
  std::vector<Loop> temporal;        // outermost first
  std::vector<SpatialLoop> spatial;  // below the temporal loops; outermost first (the last varies fastest)
  PerRole<bool> keep{};              // false: bypassed
  friend bool operator==(const LevelMapping&, const LevelMapping&) = default;
};

// One entry per storage level of the accelerator, outermost first.
struct Mapping {
  std::vector<LevelMapping> levels;
  friend bool operator==(const Mapping&, const Mapping&) = default;
};

// Bounds of all loops over the dim, multiplied: its size where they divide it.
[[nodiscard]] std::int64_t covered(const Mapping& mapping, int dim);

// No loops; every level keeps what its memories hold (also where `may_bypass` would allow otherwise).
[[nodiscard]] Mapping empty_mapping(const Accelerator& accelerator);

// The mapping's YAML (configs/README.md, "mapping files"): names instead of indices; loads back equal.
[[nodiscard]] std::string print_yaml(const Mapping& mapping, const Problem& problem,
                                     const Accelerator& accelerator);
// Throws ConfigError: unknown levels, dims, tensors; wrong problem (wrong-problem); bounds < 1 or absurd.
[[nodiscard]] Mapping load_mapping(const std::filesystem::path& file, const Problem& problem,
                                   const Accelerator& accelerator);
[[nodiscard]] Mapping parse_mapping(std::string text, std::string file_name, const Problem& problem,
                                    const Accelerator& accelerator);
// The loop nest as indented pseudo-code, one line per loop and kept tile.
[[nodiscard]] std::string print_loop_nest(const Mapping& mapping, const Problem& problem,
                                          const Accelerator& accelerator);
// One line: "DRAM[WIO] K4 P7 | GLB[IO] C2 . X:K14 Y:R3 | ..." for tables.
[[nodiscard]] std::string one_line(const Mapping& mapping, const Problem& problem,
                                   const Accelerator& accelerator);

}  // namespace weft
