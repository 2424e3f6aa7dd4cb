// Replays searches from their journals.
// SPDX-License-Identifier: Apache-2.0
#include "dse/merged_study.hpp"

#include <algorithm>
#include <set>

#include "base/text_file.hpp"
#include "dse/journal_reader.hpp"
#include "dse/study_front.hpp"
#include "dse/study_search.hpp"

namespace weft {

namespace {

void add(MergedStudy& study, const std::vector<StudyPoint>& points) {
  for (const StudyPoint& point : points) {
    study.points.push_back(point);
    study.points.back().id = std::ssize(study.points) - 1;
  }
}

// What the search asked for as far as the journals know; returns that.
std::set<Genome> replay(MergedStudy& study, const JournalReader& journal) {
  std::set<Genome> asked;
  SearchHooks hooks;
  hooks.run = [&](const std::vector<Genome>& batch) {
    std::vector<std::vector<StudyPoint>> results;
    for (const Genome& genome : batch) {
      const std::vector<StudyPoint>* known = journal.find(genome);
      if (known == nullptr) {
        break;
      }
      asked.insert(genome);
      results.push_back(*known);
    }
    return results;
  };
  hooks.took = [&](const std::vector<std::vector<StudyPoint>>& results) {
    std::for_each(results.begin(), results.end(), [&](const auto& points) { add(study, points); });
    return true;
  };
  search_designs(study.space, Evaluator(study.space), hooks);
  return asked;
}

}  // namespace

std::string revision_in(const std::string& text) {
  constexpr std::string_view kMark = "# revision: ";
  const std::size_t at = text.find(kMark);
  return at == std::string::npos ? "unknown"
                                 : text.substr(at + kMark.size(), text.find('\n', at) - at - kMark.size());
}

MergedStudy merged_study(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "study.yaml";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    throw ConfigError({folder.string()}, "no-results", "the folder holds no study",
                      "name the folder that 'weft explore --out' wrote");
  }
  MergedStudy study;
  study.space = load_space(file.string());
  study.revision = revision_in(read_text_file(file));
  JournalReader journal(folder, fingerprint_of(study.space));
  journal.refresh();
  const std::set<Genome> asked = replay(study, journal);
  for (const auto& [genome, points] : journal.known()) {
    if (asked.count(genome) == 0) {
      add(study, points);
    }
  }
  study.notes = journal.notes();
  study.front = feasible_front(study.space, study.points);
  return study;
}

}  // namespace weft
