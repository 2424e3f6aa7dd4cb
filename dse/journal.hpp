// The memory of a study: a line of JSON with a checksum for every evaluation, so that a study that was
// stopped, even by kill -9, goes on where it was. Every process only appends to a file of its own in
// OUT/journal; all read all files, so a shared folder needs no locks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dse/space.hpp"
#include "dse/study.hpp"

namespace weft {

class Journal {
 public:
  // Opens this process's file for the study with this fingerprint, and reads what is there. Without `resume`
  // the study must be new: no journal in the folder (study-exists), or with several shards none of this
  // shard. With it there must be one (no-journal). Files of another study: study-mismatch. A last line of the
  // own file that was cut off is removed; lines whose checksum is wrong are passed over and counted.
  // cannot-write, with the reason.
  Journal(std::filesystem::path out, const std::string& fingerprint, bool resume, const Shard& shard);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // What is known of a genome that was asked for, or null. Entries stay where they are.
  [[nodiscard]] const std::vector<StudyPoint>* find(const Genome& asked) const;
  // Written to the disk at once, or with the next line that is written more than kLazy later.
  void append(const Genome& asked, const std::vector<StudyPoint>& points);
  // To the disk.
  void sync();
  // Reads what other processes have appended.
  void refresh();
  // Problems that were passed over, one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Read {
    std::uintmax_t bytes = 0;  // of whole lines
    int lines = 0;
  };
  void read(const std::filesystem::path& file, bool own);
  void take(const std::filesystem::path& file, int line, const std::string& text);
  void write(const std::string& text);
  [[nodiscard]] std::vector<std::filesystem::path> files() const;

  static constexpr std::chrono::milliseconds kLazy{20};
  std::filesystem::path folder_, file_;
  std::string fingerprint_;
  std::map<std::filesystem::path, Read> read_;
  std::map<Genome, std::vector<StudyPoint>> known_;
  std::vector<std::string> notes_;
  int descriptor_ = -1;
  bool dirty_ = false;
  std::chrono::steady_clock::time_point synced_{};
};

// Of everything that decides what evaluations come out: the space with its tables and seed, but not how many.
[[nodiscard]] std::string fingerprint_of(const DesignSpace& space);

// A line of a journal: the JSON object with its CRC-32 as last member, and back (empty: checksum wrong).
[[nodiscard]] std::string with_checksum(const std::string& json);
[[nodiscard]] std::string checked_json(const std::string& line);

}  // namespace weft
