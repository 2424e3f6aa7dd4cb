// Reads and writes journals.
// SPDX-License-Identifier: Apache-2.0
#include "dse/journal.hpp"

#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace weft {

namespace {

constexpr const char* kSchema = "weft-journal/1";

nlohmann::json to_json(const StudyPoint& point) {
  return {{"id", point.id},
          {"genome", point.genome},
          {"accuracy", point.accuracy},
          {"cycles", point.cycles},
          {"latency_s", point.latency_s},
          {"energy_pj", point.energy_pj},
          {"area_um2", point.area_um2},
          {"complete", point.complete},
          {"feasible", point.feasible}};
}

// Throws nlohmann::json::exception.
StudyPoint to_point(const nlohmann::json& json) {
  StudyPoint point;
  json.at("id").get_to(point.id);
  json.at("genome").get_to(point.genome);
  json.at("accuracy").get_to(point.accuracy);
  json.at("cycles").get_to(point.cycles);
  json.at("latency_s").get_to(point.latency_s);
  json.at("energy_pj").get_to(point.energy_pj);
  json.at("area_um2").get_to(point.area_um2);
  json.at("complete").get_to(point.complete);
  json.at("feasible").get_to(point.feasible);
  return point;
}

// The lines that end in a newline; what follows the last one was cut off.
std::vector<std::string> whole_lines(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(stream, line)) {
    if (!stream.eof()) {
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace

Journal::Journal(const std::filesystem::path& out, const std::string& fingerprint, bool resume)
    : file_(out / "journal" / "evaluations.jsonl") {
  const bool exists = std::filesystem::exists(file_);
  if (exists && !resume) {
    throw ConfigError({file_.string()}, "study-exists", "the folder holds a study already",
                      "give --resume to continue it, or another folder");
  }
  if (!exists && resume) {
    throw ConfigError({file_.string()}, "no-journal", "there is no study to resume in this folder",
                      "leave out --resume to start one");
  }
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  if (failed) {
    throw ConfigError({file_.parent_path().string()}, "cannot-write",
                      "cannot make the folder: " + failed.message());
  }
  if (resume) {
    read(fingerprint);
  } else {
    stream_.open(file_, std::ios::binary);
    stream_ << nlohmann::json{{"schema", kSchema}, {"fingerprint", fingerprint}}.dump() << '\n' << std::flush;
  }
  if (!stream_) {
    throw ConfigError({file_.string()}, "cannot-write", "cannot write the journal");
  }
}

void Journal::read(const std::string& fingerprint) {
  const std::vector<std::string> lines = whole_lines(file_);
  std::string kept;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const SourceLoc where{file_.string(), static_cast<int>(i) + 1, 1};
    try {
      const nlohmann::json json = nlohmann::json::parse(lines[i]);
      if (i > 0) {
        const StudyPoint point = to_point(json);
        known_.emplace(point.genome, point);
      } else if (json.at("schema") != kSchema || json.at("fingerprint") != fingerprint) {
        throw ConfigError(where, "study-mismatch", "the journal belongs to another study",
                          "space, tables and seed must be those the study began with");
      }
    } catch (const nlohmann::json::exception& error) {
      throw ConfigError(where, "bad-journal", fmt::format("not a line of a journal: {}", error.what()));
    }
    kept += lines[i] + '\n';
  }
  if (lines.empty()) {
    throw ConfigError({file_.string()}, "bad-journal", "the journal has no first line",
                      "remove the folder and start again");
  }
  std::error_code failed;
  std::filesystem::resize_file(file_, kept.size(), failed);
  stream_.open(file_, std::ios::binary | std::ios::app);
}

const StudyPoint* Journal::find(const Genome& genome) const {
  const auto found = known_.find(genome);
  return found == known_.end() ? nullptr : &found->second;
}

void Journal::append(const StudyPoint& point) {
  stream_ << to_json(point).dump() << '\n' << std::flush;
  if (!stream_) {
    throw ConfigError({file_.string()}, "cannot-write", "cannot write the journal");
  }
}

std::string fingerprint_of(const DesignSpace& space) {
  DesignSpace identity = space;
  identity.evaluations = 1;
  std::string text = print_yaml(identity);
  text += space.identity;
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace weft
