// The memory of a study: a line of JSON with a checksum for every evaluation, so that a study that was
// stopped, even by kill -9, goes on where it was. Every process only appends to a file of its own in
// OUT/journal; all read all files, so a shared folder needs no locks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "dse/journal_reader.hpp"

namespace weft {

class Journal : public JournalReader {
 public:
  // Opens this process's file for the study with this fingerprint, and reads what is there. Without `resume`
  // the study must be new: no journal in the folder (study-exists), or with several shards none of this
  // shard. With it there must be one (no-journal). Files of another study: study-mismatch. A last line of the
  // own file that was cut off is removed; lines whose checksum is wrong are passed over and counted.
  // cannot-write, with the reason.
  Journal(const std::filesystem::path& out, const std::string& fingerprint, bool resume, const Shard& shard);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Written to the disk at once, or with the next line that is written more than kLazy later.
  void append(const Genome& asked, const std::vector<StudyPoint>& points);
  // To the disk.
  void sync();

 private:
  void write(const std::string& text);

  static constexpr std::chrono::milliseconds kLazy{20};
  int descriptor_ = -1;
  bool dirty_ = false;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace weft
