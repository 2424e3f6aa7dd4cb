// A progress bar on standard error: drawn on a terminal only, at most ten times a second; elsewhere
// and with WEFT_QUIET silent. Finishing or destroying it leaves a clean line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace weft {

// Has the user asked for silence (WEFT_QUIET is set, and not to 0)?
[[nodiscard]] bool quiet();

class Progress {
 public:
  Progress(std::string title, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void advance(std::int64_t done, const std::string& note = "");
  void finish();

 private:
  std::string title_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  bool terminal_;
  bool finished_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_{};
};

}  // namespace weft
