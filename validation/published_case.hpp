// A folder with a network of one layer, an accelerator, a mapping and what another model printed for them;
// and the comparison of every printed number with ours.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/mapping.hpp"
#include "validation/comparison.hpp"
#include "workload/problem.hpp"

namespace weft::validation {

// What the other model printed for one tensor at one level.
struct PublishedTensor {
  std::int64_t instances = 1;                      // in use
  std::int64_t tile = 0;                           // words an instance holds
  std::int64_t reads = 0, fills = 0, updates = 0;  // words per instance in use
  double energy = 0;                               // pJ, all instances
  // Instances in use that one access of a wide memory serves there; we charge an access to each.
  std::int64_t one_access_serves = 1;
};

struct PublishedLevel {
  int level = 0;
  double leak = 0;  // pJ, of the instances in use
  PerRole<std::optional<PublishedTensor>> tensors{};
};

struct PublishedCase {
  std::string name;
  Problem problem;
  Accelerator accelerator;
  Mapping mapping;
  std::int64_t cycles = 0;
  double utilization = 0;
  double energy = 0;            // pJ, leakage of the memories included
  double printed_to = 0;        // pJ: the last digit printed of energies
  double total_printed_to = 0;  // pJ: the last digit of the total
  std::int64_t units = 1;       // compute units in use
  std::int64_t macs = 0;
  double compute_energy = 0;  // pJ
  std::vector<PublishedLevel> levels;
};

// Reads network.yaml, accelerator.yaml, mapping.yaml and expected.yaml. Throws ConfigError.
[[nodiscard]] PublishedCase load_published_case(const std::filesystem::path& folder);
// The folders of `root` that hold a case, in alphabetical order.
[[nodiscard]] std::vector<std::filesystem::path> published_cases(const std::filesystem::path& root);

// Words, instances, tiles, cycles: numbers that must agree exactly.
[[nodiscard]] std::vector<Comparison> compare_counts(const PublishedCase& published,
                                                     const EvaluateOptions& options);
// Energy per level and tensor, of compute, of leakage, and in total.
struct EnergyComparison {
  std::vector<Comparison> parts;
  Comparison total;
};
[[nodiscard]] EnergyComparison compare_energy(const PublishedCase& published, const EvaluateOptions& options);

}  // namespace weft::validation
