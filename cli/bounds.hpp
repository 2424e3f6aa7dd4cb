// What no mapping can beat, without a search: the parts of each layer's lower bound, and their report.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/report.hpp"
#include "cli/setup.hpp"

namespace weft::cli {

// Traffic of the outermost level.
struct OuterTraffic {
  std::int64_t words = 0;
  std::int64_t bits = 0;
  double cycles = 0;  // on the level's ports, at least
};

// Beside the bound itself, which is in the report's layer of the same place (cycles, energy, bound_cost).
struct BoundDetail {
  double compute_cycles = 0;
  OuterTraffic compulsory{};
  // With all memory on the chip as one buffer, for even mappings; none: no array work, or too many tiles.
  std::optional<OuterTraffic> buffered{};
  std::string binds{};                                      // what sets the bound's cycles
  std::vector<std::pair<std::string, double>> energy_pj{};  // parts of the bound's energy
};

struct BoundReport {
  Report base{};                                        // layers and total are those of the bounds
  std::vector<BoundDetail> details{};                   // of base.layers
  BoundDetail total{};                                  // sums over layers x repeat
  std::vector<std::pair<std::string, double>> binds{};  // cycles of the network's bound by what binds
  std::int64_t buffer_bits = 0;
  std::string refused{};  // why some layer has no buffered traffic
};
[[nodiscard]] BoundReport make_bound_report(const Setup& setup);
[[nodiscard]] std::string print(const BoundReport& report, const Setup& setup);  // in setup.format
[[nodiscard]] std::string print_text(const BoundReport& report, const Setup& setup);
[[nodiscard]] std::string print_csv(const BoundReport& report);
[[nodiscard]] std::string print_json(const BoundReport& report, const Setup& setup);

}  // namespace weft::cli
