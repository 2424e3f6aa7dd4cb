// --constraints: one file for every layer of a run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/setup.hpp"

namespace weft::cli {

// Fills setup.constraints from the file the arguments name. Throws ConfigError, naming the layer that the
// constraints do not suit. What a file of another tool says and we cannot express goes to `notes`, once.
void load_constraints_of_layers(Setup& setup, ImportNotes& notes);

// Mappings given by the user under constraints. Throws ConfigError: breaks-constraint.
void check_given_mappings(const Setup& setup, const std::string& where,
                          const std::vector<std::optional<Mapping>>& mappings);

}  // namespace weft::cli
