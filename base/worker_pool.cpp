// See worker_pool.hpp. One poll() over the pipes of all processes at work.
// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <list>
#include <poll.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/child_pipe.hpp"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

// A job at work. Its process is gone when this is.
class Worker {
 public:
  Worker(std::size_t job, const std::function<std::string(std::size_t)>& work, const PoolOptions& options)
      : job_(job), child_(child_pipe::start([&work, job](int pipe) {
          child_pipe::send_result_of(pipe, [&work, job] { return work(job); });
        })) {
    if (options.seconds) {
      until_ = Clock::now() +
               std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(*options.seconds));
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    ::close(child_.pipe);
    if (child_.process > 0) {
      ::kill(child_.process, SIGKILL);
      (void)child_pipe::wait_for(child_.process);
    }
  }

  [[nodiscard]] std::size_t job() const { return job_; }
  [[nodiscard]] int pipe() const { return child_.pipe; }
  [[nodiscard]] const std::optional<Clock::time_point>& until() const { return until_; }

  // Takes what is there to read; true when there will be no more.
  bool read() {
    std::array<char, 65536> some{};
    const ssize_t count = ::read(child_.pipe, some.data(), some.size());
    if (count > 0) {
      heard_.append(some.data(), static_cast<std::size_t>(count));
    }
    return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
  }

  [[nodiscard]] JobEnd end() {
    const std::string how = child_pipe::wait_for(std::exchange(child_.process, 0));
    using child_pipe::kHeadBytes;
    if (heard_.size() < kHeadBytes || heard_.size() - kHeadBytes != child_pipe::text_bytes(heard_.data())) {
      return {.how = JobEnd::How::kDied, .text = "its process " + how};
    }
    try {
      return {.how = JobEnd::How::kAnswered,
              .text = child_pipe::opened(heard_.front(), heard_.substr(kHeadBytes))};
    } catch (const std::exception& error) {
      return {.how = JobEnd::How::kThrew, .text = error.what(), .thrown = std::current_exception()};
    }
  }

 private:
  std::size_t job_;
  child_pipe::Child child_;
  std::optional<Clock::time_point> until_;
  std::string heard_;
};

// Milliseconds until the first of them has used up its time; -1: none ever will.
int patience(const std::list<Worker>& workers) {
  std::optional<Clock::time_point> first;
  for (const Worker& worker : workers) {
    if (worker.until() && (!first || *worker.until() < *first)) {
      first = worker.until();
    }
  }
  if (!first) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

}  // namespace

std::vector<JobEnd> run_jobs(std::size_t jobs, const std::function<std::string(std::size_t)>& work,
                             const PoolOptions& options,
                             const std::function<void(std::size_t job, const JobEnd& end)>& done) {
  std::vector<JobEnd> ends(jobs);
  std::list<Worker> workers;
  const auto over = [&](std::list<Worker>::iterator worker, JobEnd end) {
    const std::size_t job = worker->job();
    ends[job] = std::move(end);
    if (done) {
      done(job, ends[job]);
    }
    return workers.erase(worker);
  };
  std::size_t next = 0;
  while (next < jobs || !workers.empty()) {
    for (; next < jobs && workers.size() < std::max<std::size_t>(1, options.workers); ++next) {
      workers.emplace_back(next, work, options);
    }
    std::vector<pollfd> pipes;
    for (const Worker& worker : workers) {
      pipes.push_back({.fd = worker.pipe(), .events = POLLIN, .revents = 0});
    }
    if (::poll(pipes.data(), pipes.size(), patience(workers)) < 0) {
      if (errno != EINTR) {
        throw std::runtime_error("the system does not say which child processes have answered");
      }
      continue;
    }
    auto worker = workers.begin();
    for (const pollfd& pipe : pipes) {
      if (pipe.revents != 0) {
        worker = worker->read() ? over(worker, worker->end()) : std::next(worker);
      } else if (worker->until() && *worker->until() <= Clock::now()) {
        worker = over(worker, {.how = JobEnd::How::kTimedOut,
                               .text = fmt::format("it took longer than {} s", *options.seconds)});
      } else {
        ++worker;
      }
    }
  }
  return ends;
}

const std::string& answer_of(const JobEnd& end) {
  if (end.thrown) {
    std::rethrow_exception(end.thrown);
  }
  if (end.how != JobEnd::How::kAnswered) {
    throw std::runtime_error(end.text);
  }
  return end.text;
}

std::size_t all_cores() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace weft
