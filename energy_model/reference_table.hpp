// Reference tables as Accelergy writes them (YAML): energies of actions (ERT) and areas (ART) by component,
// taken as if the accelerator's file stated them. One file holds either, or both one after the other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"

namespace weft {

// Has the file `ERT` or `ART` at its top? False for what is no YAML file too.
[[nodiscard]] bool is_reference_table(const std::filesystem::path& file);

struct ReferencedAccelerator {
  Accelerator accelerator;
  std::vector<std::string> unused{};  // components of the table that the accelerator does not have
  // With an ART: memories and compute units that it has no area for; the default table's laws give it.
  std::vector<std::string> without_area{};
};

// A component belongs to the memory or compute unit of the same name, whatever stands before its last dot and
// in brackets behind it ("chip.PE[0..167].weights_pad"). Actions of memories: read, write, update, drain,
// leak; of compute: compute, mac, mac_random, multiply, leak (pJ, per access of the memory's width or per
// MAC). Of several entries of one action (arguments) the dearest counts. Throws ConfigError: as other files
// do, and unknown-name when nothing in it belongs to the accelerator.
[[nodiscard]] ReferencedAccelerator with_reference_table(Accelerator accelerator,
                                                         const std::filesystem::path& file);

// um2 of one instance of each component of the file's ART, by the last part of its name; the largest of
// several. Empty without one. Throws ConfigError: as other files do.
[[nodiscard]] std::map<std::string, double> reference_areas(const std::filesystem::path& file);

}  // namespace weft
