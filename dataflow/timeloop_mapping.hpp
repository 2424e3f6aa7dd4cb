// Mappings in Timeloop's words: a list of directives that target levels (its documentation, "Mapping").
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "dataflow/mapping.hpp"
#include "workload/import.hpp"

namespace weft {

// Reads `mapping:` of a file. Directives of type temporal and spatial give factors and a permutation,
// innermost dim first; of a spatial one, the first `split` dims go along X. A factor of 0 is what is left of
// the dim. Type datatype, dataspace or bypass says what a level keeps and bypasses, by the tensors' names in
// the problem. Spatial directives target the level above the fan-out, or the container that makes it (version
// 0.4). Throws ConfigError: the reader's codes, unknown-name, cannot-express.
[[nodiscard]] Mapping load_mapping_timeloop(const std::filesystem::path& file, const Problem& problem,
                                            const Accelerator& accelerator, ImportNotes& notes);

// The mapping as such a list; level and tensor names as Timeloop's architecture and problem are taken to have
// them. Levels with several memories become one target each, the loops at the last one. Throws ConfigError
// cannot-express: a dim with two loops in one nest.
[[nodiscard]] std::string print_timeloop(const Mapping& mapping, const Problem& problem,
                                         const Accelerator& accelerator, ImportNotes& notes);

}  // namespace weft
