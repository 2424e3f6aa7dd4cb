// Constraints of Timeloop: the lists of its mapspace and architecture constraints.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "mapper/constraints.hpp"
#include "workload/import.hpp"

namespace weft {

// From `mapspace_constraints`, `architecture_constraints` or `constraints` (or `mapspace`) at the top of the
// file: a list of directives, or a section with `targets`. Each has a target (a storage level, or for spatial
// ones the name of a fan-out) and a type: temporal or spatial with factors ("C=2", "C<=4", "C>=2"; 0:
// whatever is left) and a permutation (innermost first), datatype, dataspace or bypass with keep and bypass,
// utilization with min. What cannot be expressed goes to `notes`. Throws ConfigError: as other files do;
// unknown-name for targets, dims and data-spaces that are not there.
[[nodiscard]] Constraints load_constraints_timeloop(const std::filesystem::path& file, const Problem& problem,
                                                    const Accelerator& accelerator, ImportNotes& notes);

}  // namespace weft
