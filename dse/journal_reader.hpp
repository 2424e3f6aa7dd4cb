// What the journals of a study's folder know, whoever wrote them; nothing is written. Works on a study that
// is running too. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dse/space.hpp"
#include "dse/study.hpp"

namespace weft {

inline constexpr const char* kJournalSchema = "weft-journal/2";

class JournalReader {
 public:
  // Of the study with this fingerprint in the folder `out`; reads nothing yet.
  JournalReader(const std::filesystem::path& out, std::string fingerprint);

  // Reads what has been appended since. Files of another study: study-mismatch. Lines whose checksum is wrong
  // are passed over and noted.
  void refresh();
  // What is known of a genome that was asked for, or null. Entries stay where they are.
  [[nodiscard]] const std::vector<StudyPoint>* find(const Genome& asked) const;
  [[nodiscard]] const std::map<Genome, std::vector<StudyPoint>>& known() const { return known_; }
  // Problems that were passed over, one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] std::vector<std::filesystem::path> files() const;

 protected:
  struct Read {
    std::uintmax_t bytes = 0;  // of whole lines
    int lines = 0;
  };
  std::string fingerprint_;
  std::filesystem::path folder_, own_;  // own_: the file that this process appends to; empty: none
  bool own_open_ = false;               // then what is in it is known already
  std::map<std::filesystem::path, Read> read_;
  std::map<Genome, std::vector<StudyPoint>> known_;

 private:
  void read(const std::filesystem::path& file, bool own);
  void take(const std::filesystem::path& file, int line, const std::string& text);

  std::vector<std::string> notes_;
};

// Of everything that decides what evaluations come out: the space with its tables and seed, but not how many.
[[nodiscard]] std::string fingerprint_of(const DesignSpace& space);

// A line of a journal: the JSON object with its CRC-32 as last member, and back (empty: checksum wrong).
[[nodiscard]] std::string with_checksum(const std::string& json);
[[nodiscard]] std::string checked_json(const std::string& line);

}  // namespace weft
