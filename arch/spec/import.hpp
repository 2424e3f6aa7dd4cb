// Accelerators from files of other tools. What they say and we cannot express is listed in `notes`, with what
// had to be assumed. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "arch/spec/accelerator.hpp"
#include "workload/import.hpp"

namespace weft {

// An architecture of Timeloop, versions 0.2 to 0.4: every storage becomes a level that may bypass everything
// (as that tool's mappings may), the ratio of instances a fan-out below the level. Sizes are counted in words
// of the compute units' width, since capacities of that tool are. Throws ConfigError: the reader's codes,
// cannot-express, and what check_accelerator() finds.
[[nodiscard]] Accelerator load_accelerator_timeloop(const std::filesystem::path& file, ImportNotes& notes);

// A configuration of SCALE-Sim: DRAM, three SRAMs side by side, a systolic array for the dataflow stated,
// words of one byte. Throws ConfigError: missing-key, not-integer, out-of-range, unknown-name and those of
// reading a text.
[[nodiscard]] Accelerator load_accelerator_scalesim(const std::filesystem::path& file, ImportNotes& notes);

}  // namespace weft
