// Layers that other mappers have searched, with what they found.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mapper/constraints_file.hpp"
#include "mapper/mapper.hpp"

namespace weft::validation {

struct BestSeen {
  std::string mapper, layer;
  double edp = 0;           // J cycle
  double energy_uj = 0;     // 0: not printed
  std::int64_t cycles = 0;  // 0: not printed
};
// Throws ConfigError (bad-table).
[[nodiscard]] std::vector<BestSeen> read_best_seen(const std::filesystem::path& file);

// A layer on the machine of configs/validation/mapper, with what a request points to.
struct MapperTask {
  Accelerator accelerator;
  EnergyTable table;  // every energy is stated, none of the table's is used
  Problem problem;
  Constraints constraints;

  // `folder`: configs/validation/mapper. Throws ConfigError (unknown-name).
  MapperTask(const std::filesystem::path& folder, const std::string& layer);
  [[nodiscard]] MapRequest request() const;
};
// J cycle.
[[nodiscard]] double edp(const MapResult& result);

}  // namespace weft::validation
