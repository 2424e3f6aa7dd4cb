// Writes journals.
// SPDX-License-Identifier: Apache-2.0
#include "dse/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/descriptor.hpp"
#include "dse/journal_json.hpp"

namespace weft {

namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& file) {
  throw ConfigError({file.string()}, "cannot-write",
                    fmt::format("cannot write the journal: {}", std::strerror(errno)),
                    "what is written so far is kept: --resume continues");
}

}  // namespace

Journal::Journal(const std::filesystem::path& out, const std::string& fingerprint, bool resume,
                 const Shard& shard)
    : JournalReader(out, fingerprint) {
  own_ = folder_ / (shard.count == 1 ? "evaluations.jsonl"
                                     : fmt::format("shard-{}-of-{}.jsonl", shard.index, shard.count));
  const auto present = files();
  const bool own = std::find(present.begin(), present.end(), own_) != present.end();
  if (!resume && (own || (shard.count == 1 && !present.empty()))) {
    throw ConfigError({own ? own_.string() : present.front().string()}, "study-exists",
                      "the folder holds a study already", "give --resume to continue it, or another folder");
  }
  if (resume && present.empty()) {
    throw ConfigError({own_.string()}, "no-journal", "there is no study to resume in this folder",
                      "leave out --resume to start one");
  }
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) {
    throw ConfigError({folder_.string()}, "cannot-write", "cannot make the folder: " + failed.message());
  }
  refresh();
  descriptor_ = open(own_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    cannot_write(own_);
  }
  own_open_ = true;
  const Read& done = read_[own_];
  if (ftruncate(descriptor_, static_cast<off_t>(done.bytes)) != 0) {
    cannot_write(own_);
  }
  if (done.bytes == 0) {
    write(with_checksum(nlohmann::json{{"schema", kJournalSchema}, {"fingerprint", fingerprint_}}.dump()) +
          "\n");
    sync();
    read_[own_].lines = 1;
  }
}

Journal::~Journal() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

void Journal::append(const Genome& asked, const std::vector<StudyPoint>& points) {
  const nlohmann::json json = {{"asked", asked}, {"points", points_json(points)}};
  write(with_checksum(json.dump()) + "\n");
  known_.emplace(asked, points);
  if (std::chrono::steady_clock::now() - synced_ > kLazy) {
    sync();
  }
}

void Journal::write(const std::string& text) {
  if (!write_all(descriptor_, text)) {
    cannot_write(own_);
  }
  dirty_ = true;
}

void Journal::sync() {
  // Some file systems cannot sync; what was written is then theirs to keep.
  if (dirty_ && fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP) {
    cannot_write(own_);
  }
  dirty_ = false;
  synced_ = std::chrono::steady_clock::now();
}

}  // namespace weft
