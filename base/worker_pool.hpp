// Jobs in worker processes: what may be done only once in a process, may take it down, or may never end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weft {

struct PoolOptions {
  std::size_t workers = 1;          // processes at a time, at least 1
  std::optional<double> seconds{};  // a job may take, by the clock on the wall; none: as long as it likes
};

struct JobEnd {
  enum class How : std::uint8_t { kAnswered, kThrew, kDied, kTimedOut };
  How how = How::kDied;
  std::string text{};           // the answer; else why there is none, in words
  std::exception_ptr thrown{};  // what the job threw, a ConfigError and an OverflowError as such
};

// Calls work(0), work(1) ... , each in a forked process of its own, so that each sees this process as it is
// now and changes nothing in it; at most `workers` at a time, begun in order. A process that throws, dies or
// is killed because its time is over ends its own job only. `done` is called here as jobs end, in any order;
// when it throws, the processes still at work are killed and the exception goes on. Precondition: no other
// thread of this process is in the middle of something that work() needs.
[[nodiscard]] std::vector<JobEnd> run_jobs(
    std::size_t jobs, const std::function<std::string(std::size_t)>& work, const PoolOptions& options = {},
    const std::function<void(std::size_t job, const JobEnd& end)>& done = nullptr);

// The answer. Throws what the job threw, or std::runtime_error with the words why there is none.
[[nodiscard]] const std::string& answer_of(const JobEnd& end);

// Workers for as many jobs as this computer has cores.
[[nodiscard]] std::size_t all_cores();

}  // namespace weft
