// The progress bar: redraws one line of standard error, and wipes it at the end.
// SPDX-License-Identifier: Apache-2.0
#include "base/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr int kWidth = 24;  // cells of the bar
constexpr std::chrono::milliseconds kRedraw{100};
constexpr const char* kWipe = "\r\033[K";

}  // namespace

bool quiet() {
  const char* asked = std::getenv("WEFT_QUIET");
  return asked != nullptr && *asked != '\0' && std::string_view(asked) != "0";
}

Progress::Progress(std::string title, std::int64_t total)
    : title_(std::move(title)),
      total_(std::max<std::int64_t>(total, 1)),
      terminal_(isatty(STDERR_FILENO) == 1 && !quiet()),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  finish();
}

void Progress::advance(std::int64_t done, const std::string& note) {
  done_ = std::clamp<std::int64_t>(done, 0, total_);
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || finished_ || now - last_drawn_ < kRedraw) {
    return;
  }
  last_drawn_ = now;
  const double part = static_cast<double>(done_) / static_cast<double>(total_);
  const int filled = static_cast<int>(part * kWidth);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string bar(static_cast<std::size_t>(filled), '#');
  const std::string line =
      fmt::format("{}{} [{:<{}}] {}/{} {:.0f}s, {} left {}", kWipe, title_, bar, kWidth, done_, total_,
                  elapsed, part > 0 ? fmt::format("{:.0f}s", elapsed / part - elapsed) : "?", note);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void Progress::finish() {
  if (terminal_ && !finished_) {
    std::fputs(kWipe, stderr);
    std::fflush(stderr);
  }
  finished_ = true;
}

}  // namespace weft
