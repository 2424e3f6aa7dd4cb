// Networks with a measured accuracy: families built from parameters, and tables of who reached what.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/registry.hpp"
#include "workload/network.hpp"

namespace weft {

// A parametric network. `build` takes one number per parameter; throws std::invalid_argument where they make
// no network.
struct NetworkFamily {
  std::vector<std::string> parameters;
  std::function<Network(const std::vector<double>&)> build;
  std::string score = "top1";  // what tables measure: ImageNet top-1 in per cent, BLEU ...
};
[[nodiscard]] const Registry<NetworkFamily>& network_families();

// One row of an accuracy table.
struct NetworkPoint {
  std::vector<double> parameters;
  double accuracy = 0;  // the score, 0 to 100
};

// Reads a table: '#' comments, a header (the family's parameters, then its score), rows of numbers. Throws
// ConfigError: missing-file, bad-table (with the line), empty-table, duplicate-row.
[[nodiscard]] std::vector<NetworkPoint> load_accuracy(const std::filesystem::path& file,
                                                      const NetworkFamily& family);

// "width=0.75 resolution=160"
[[nodiscard]] std::string describe(const NetworkFamily& family, const NetworkPoint& point);

}  // namespace weft
