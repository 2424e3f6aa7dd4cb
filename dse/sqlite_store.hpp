// The results as a database, for those who would rather ask than read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "dse/study.hpp"

namespace weft {

// Writes (replaces) the file. Tables: designs (one row per evaluated design, one column per parameter and
// knob), front (ids in the order of front.csv), simulated (layers of the chosen design), resimulated
// (designs), importance (share of a figure that a choice explains). Throws ConfigError: cannot-write.
void write_sqlite(const std::filesystem::path& file, const StudyResult& result);

}  // namespace weft
