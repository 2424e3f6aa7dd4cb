// The memory of a study: one line of JSON for every evaluation, written before the next begins to count, so
// that a study that was stopped goes on where it was.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "dse/space.hpp"
#include "dse/study.hpp"

namespace weft {

class Journal {
 public:
  // Opens OUT/journal/evaluations.jsonl for the study with this fingerprint. Without `resume` the file must
  // not exist (study-exists); with it, it must (no-journal) and must be this study's (study-mismatch). A last
  // line that was cut off is dropped; a broken line before it is an error (bad-journal).
  Journal(const std::filesystem::path& out, const std::string& fingerprint, bool resume);

  // What an earlier run found out about the genome, or null.
  [[nodiscard]] const StudyPoint* find(const Genome& genome) const;
  void append(const StudyPoint& point);

 private:
  void read(const std::string& fingerprint);

  std::filesystem::path file_;
  std::map<Genome, StudyPoint> known_;
  std::ofstream stream_;
};

// Of everything that decides what evaluations come out: the space with its tables and seed, but not how many.
[[nodiscard]] std::string fingerprint_of(const DesignSpace& space);

}  // namespace weft
