// Files of constraints (configs/README.md, "constraint files"): rules in names of levels and dims, or in
// words that fit any machine and problem; turned into Constraints for one problem on one accelerator.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mapper/constraints.hpp"

namespace weft {

// A preset's name (configs/constraints, with '-' or '_') or a file. Throws ConfigError: what is wrong with
// the file, names that the problem or the accelerator does not have, and every contradiction.
[[nodiscard]] Constraints load_constraints(const std::string& name_or_file, const Problem& problem,
                                           const Accelerator& accelerator);
[[nodiscard]] Constraints parse_constraints(std::string text, std::string file_name, const Problem& problem,
                                            const Accelerator& accelerator);

// What can be said of a file without problem and accelerator: keys, ranges, orders. Throws ConfigError.
struct ConstraintsHead {
  std::string name{};
  std::string summary{};
  int entries = 0;  // of its list of levels
};
[[nodiscard]] ConstraintsHead read_constraints_head(const std::string& name_or_file);

// The presets: name and one-line summary, in alphabetical order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> constraint_presets();

// Constraints as a file for this problem and accelerator, every rule that says something written out; loads
// back equal.
[[nodiscard]] std::string print_yaml(const Constraints& constraints, const Problem& problem,
                                     const Accelerator& accelerator);

}  // namespace weft
