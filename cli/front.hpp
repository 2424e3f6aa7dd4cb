// The energy-latency front of each layer: what less energy costs in cycles, by the exact search.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/report.hpp"
#include "cli/setup.hpp"
#include "mapper/exact/exact.hpp"

namespace weft::cli {

// A shape that the network has. Figures are those of the array's work of one copy, without vector work.
struct LayerFront {
  std::vector<std::string> names{};  // of the layers of this shape
  const Problem* problem = nullptr;  // of the setup's network
  exact::Front front{};
};

struct FrontReport {
  Report base{};  // for the head
  std::vector<LayerFront> layers{};
  NetworkResult first{};  // by layer the fastest mapping, or why there is none
};
// Throws ConfigError: bad-usage when no layer has array work. The setup must outlive the report.
[[nodiscard]] FrontReport make_front_report(const Setup& setup);
[[nodiscard]] std::string print(const FrontReport& report, const Setup& setup);  // in setup.format

}  // namespace weft::cli
