// A study as its journals tell it, merged: for views of a study that runs, was stopped or has ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dse/study.hpp"

namespace weft {

struct MergedStudy {
  DesignSpace space;
  std::string revision;  // of the program that began it
  std::vector<StudyPoint>
      points;  // in the order of the search, ids as in front.csv; then what a proof looked at
  std::vector<std::size_t> front;  // into points
  std::vector<std::string> notes;  // what was passed over, for people
};

// Of the program that began a study, as the text of its study.yaml says it; "unknown".
[[nodiscard]] std::string revision_in(const std::string& study_yaml);

// Reads the folder that `weft explore --out` wrote; changes nothing in it. Points are those whose
// predecessors in the search are all known, by replaying it from the journals; then all others, in the order
// of their genomes. Throws ConfigError: no-results (no study in the folder), study-mismatch, bad-journal.
[[nodiscard]] MergedStudy merged_study(const std::filesystem::path& folder);

}  // namespace weft
