// Reads journals.
// SPDX-License-Identifier: Apache-2.0
#include "dse/journal_reader.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dse/journal_json.hpp"

namespace weft {

namespace {

constexpr const char* kMark = ",\"crc\":\"";

// CRC-32 as in IEEE 802.3.
std::uint32_t crc32(const std::string& text) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
  }
  return ~crc;
}

}  // namespace

std::string with_checksum(const std::string& json) {
  const std::string body = json.substr(0, json.size() - 1);
  return fmt::format("{}{}{:08x}\"}}", body, kMark, crc32(body));
}

std::string checked_json(const std::string& line) {
  const std::size_t mark = line.rfind(kMark);
  if (mark == std::string::npos) {
    return "";
  }
  const std::string body = line.substr(0, mark);
  return line == with_checksum(body + "}") ? body + "}" : "";
}

JournalReader::JournalReader(const std::filesystem::path& out, std::string fingerprint)
    : fingerprint_(std::move(fingerprint)), folder_(out / "journal") {}

std::vector<std::filesystem::path> JournalReader::files() const {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() == ".jsonl") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void JournalReader::refresh() {
  for (const std::filesystem::path& file : files()) {
    if (file != own_ || !own_open_) {
      read(file, file == own_);
    }
  }
}

void JournalReader::read(const std::filesystem::path& file, bool own) {
  Read& done = read_[file];
  std::error_code failed;
  if (std::filesystem::file_size(file, failed) <= done.bytes || failed) {
    return;
  }
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(done.bytes));
  std::string line;
  while (std::getline(stream, line)) {
    if (stream.eof()) {
      if (own) {
        notes_.push_back(fmt::format("{}: the last line was cut off and is dropped", file.string()));
      }
      break;  // of another process: not whole yet
    }
    ++done.lines;
    done.bytes += line.size() + 1;
    take(file, done.lines, line);
  }
}

void JournalReader::take(const std::filesystem::path& file, int line, const std::string& text) {
  const SourceLoc where{file.string(), line, 1};
  const std::string json_text = checked_json(text);
  const auto json = nlohmann::json::parse(json_text, nullptr, false);
  try {
    if (line == 1) {
      if (json.is_discarded()) {
        throw ConfigError(where, "bad-journal", "the first line of the journal is damaged",
                          "remove this file; what others know is kept");
      }
      if (json.at("schema") != kJournalSchema || json.at("fingerprint") != fingerprint_) {
        throw ConfigError(where, "study-mismatch", "the journal belongs to another study",
                          "space, tables and seed must be those the study began with");
      }
      return;
    }
    if (!json.is_discarded()) {
      known_.emplace(genome_of(json.at("asked")), points_of(json.at("points")));
      return;
    }
  } catch (const nlohmann::json::exception&) {
    if (line == 1) {
      throw ConfigError(where, "study-mismatch", "the journal belongs to another study",
                        "space, tables and seed must be those the study began with");
    }
  }
  notes_.push_back(fmt::format("{}:{}: damaged line, evaluated again", file.string(), line));
}

const std::vector<StudyPoint>* JournalReader::find(const Genome& asked) const {
  const auto found = known_.find(asked);
  return found == known_.end() ? nullptr : &found->second;
}

std::string fingerprint_of(const DesignSpace& space) {
  DesignSpace identity = space;
  identity.evaluations = 1;
  identity.target.reset();
  identity.baseline.reset();
  // Files count by what they hold (space.identity), wherever they lie.
  identity.source.accuracy = identity.source.accuracy_file.empty() ? identity.source.accuracy : "a file";
  identity.source.file = identity.source.network_file.empty() ? identity.source.file : "a file";
  const std::string text = print_yaml(identity) + space.identity;
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace weft
