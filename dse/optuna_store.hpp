// A study as a database in the schema of Optuna 3 (Akiba et al., KDD 2019), so that its tools and its
// Dashboard open it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "dse/merged_study.hpp"

namespace weft {

// Writes (replaces) the file: one study named after the space, a direction for each objective, a trial for
// each point with its number. Feasible points are complete trials with their objectives as values; others
// have failed. Parameters are the network's figures and the knobs, all categorical; what decides nothing in a
// network is left out of its trial. User attributes hold all figures. Times are not kept in journals, so
// trials have none. Throws ConfigError: cannot-write.
void write_optuna(const std::filesystem::path& file, const MergedStudy& study);

}  // namespace weft
