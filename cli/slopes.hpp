// The ski slopes of a run's layers (mapper/ski_slope.hpp), and their report.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/report.hpp"
#include "cli/setup.hpp"
#include "mapper/ski_slope.hpp"

namespace weft::cli {

// One per layer of the network; none: vector work only, or too many tiles. Equal shapes are worked out once.
struct LayerSlopes {
  std::vector<SkiSlope> distinct{};
  std::vector<std::optional<std::size_t>> slope_of{};  // per layer: index of `distinct`
  std::string refused{};                               // the first layer with too many tiles, and why
};
[[nodiscard]] LayerSlopes slopes_of(const Setup& setup);

// A place on the slope that has a name.
struct SlopeMark {
  std::string name{};
  std::int64_t capacity_bits = 0;
  std::optional<SlopePoint> point{};  // none: too small for one word of each tensor
};

struct SlopeReport {
  Report base{};     // for the head
  SkiSlope slope{};  // of all layers, repeats included
  std::int64_t layers = 0, skipped = 0;
  std::vector<SlopeMark> marks{};
};
// Throws ConfigError: too-many-tiles; bad-usage when no layer has array work.
[[nodiscard]] SlopeReport make_slope_report(const Setup& setup);
[[nodiscard]] std::string print(const SlopeReport& report, const Setup& setup);  // in setup.format
[[nodiscard]] std::string print_json(const SlopeReport& report, const Setup& setup);

}  // namespace weft::cli
