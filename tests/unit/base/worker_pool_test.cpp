// Jobs in worker processes: every answer arrives in its place for any number of workers, and a job that dies,
// throws or never ends takes none of the others with it.
// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/byte_stream.hpp"
#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

using How = JobEnd::How;

// A number that all processes see.
class Shared {
 public:
  Shared()
      : number_(new (::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0)) std::atomic<int>(0)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { ::munmap(static_cast<void*>(number_), sizeof(std::atomic<int>)); }
  std::atomic<int>& operator*() const { return *number_; }

 private:
  std::atomic<int>* number_;
};

TEST(WorkerPool, AnswersDoNotDependOnTheNumberOfWorkers) {
  for (const std::size_t workers : {0U, 1U, 2U, 8U, 100U}) {
    std::vector<int> told(40);
    const std::vector<JobEnd> ends = run_jobs(
        told.size(),
        [](std::size_t job) { return std::string(job * 7919, static_cast<char>('a' + job % 26)); },
        {.workers = workers},
        [&told](std::size_t job, const JobEnd& end) { told[job] += end.how == How::kAnswered ? 1 : 0; });
    ASSERT_EQ(ends.size(), told.size());
    for (std::size_t job = 0; job < ends.size(); ++job) {
      EXPECT_EQ(answer_of(ends[job]), std::string(job * 7919, static_cast<char>('a' + job % 26)));
    }
    EXPECT_EQ(told, std::vector<int>(told.size(), 1));
  }
  EXPECT_TRUE(run_jobs(0, [](std::size_t) { return std::string(); }).empty());
}

// Each job waits for two others: three are under way together, and never more.
TEST(WorkerPool, HasSoManyJobsUnderWay) {
  const Shared begun, most, inside;
  const std::vector<JobEnd> ends =
      run_jobs(9,
               [&](std::size_t job) {
                 const int now = ++*inside;
                 for (int seen = *most; seen < now && !(*most).compare_exchange_weak(seen, now);) {
                 }
                 ++*begun;
                 while (*begun < static_cast<int>(job / 3 * 3 + 3)) {
                   ::usleep(100);
                 }
                 --*inside;
                 return std::string("met");
               },
               {.workers = 3, .seconds = 60});
  for (const JobEnd& end : ends) {
    EXPECT_EQ(end.text, "met");
  }
  EXPECT_EQ(*most, 3);
}

TEST(WorkerPool, ACrashAndAHangEndTheirOwnJobsOnly) {
  const auto work = [](std::size_t job) -> std::string {
    if (job == 1) {
      std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it
      ::raise(SIGSEGV);
    }
    if (job == 2) {
      for (;;) {
        ::pause();
      }
    }
    if (job == 3) {
      ::_exit(5);
    }
    if (job == 4) {
      throw std::out_of_range("no such layer");
    }
    return "answer " + std::to_string(job);
  };
  for (const std::size_t workers : {1U, 2U, 8U}) {
    const std::vector<JobEnd> ends = run_jobs(8, work, {.workers = workers, .seconds = 1.5});
    EXPECT_EQ(ends[1].how, How::kDied);
    EXPECT_EQ(ends[1].text, "its process died of signal 11 (Segmentation fault)");
    EXPECT_EQ(ends[2].how, How::kTimedOut);
    EXPECT_EQ(ends[2].text, "it took longer than 1.5 s");
    EXPECT_EQ(ends[3].how, How::kDied);
    EXPECT_EQ(ends[3].text, "its process ended with status 5 before it answered");
    EXPECT_EQ(ends[4].how, How::kThrew);
    EXPECT_EQ(ends[4].text, "no such layer");
    for (const std::size_t job : {0U, 5U, 6U, 7U}) {
      EXPECT_EQ(answer_of(ends[job]), "answer " + std::to_string(job));
    }
    for (const std::size_t job : {1U, 2U, 3U, 4U}) {
      EXPECT_THROW((void)answer_of(ends[job]), std::runtime_error);
    }
  }
}

TEST(WorkerPool, WhatAUserDidWrongComesOutAsSuch) {
  const std::vector<JobEnd> ends = run_jobs(2, [](std::size_t job) -> std::string {
    if (job == 0) {
      throw ConfigError({"net.yaml", 3, 14}, "too-large", "layer 'a' is too large", "take a smaller one");
    }
    throw OverflowError();
  });
  try {
    (void)answer_of(ends[0]);
    FAIL();
  } catch (const ConfigError& error) {
    ASSERT_EQ(error.diagnostics().size(), 1U);
    EXPECT_EQ(error.diagnostics()[0].code, "too-large");
    EXPECT_EQ(error.diagnostics()[0].hint, "take a smaller one");
    EXPECT_EQ(error.diagnostics()[0].where.column, 14);
  }
  EXPECT_THROW((void)answer_of(ends[1]), OverflowError);
}

TEST(WorkerPool, NoProcessIsLeftWhenTheCallerGivesUp) {
  std::vector<pid_t> processes;
  const auto work = [](std::size_t job) {
    if (job > 0) {
      ::pause();
    }
    return std::to_string(::getpid());
  };
  const auto done = [&](std::size_t /*job*/, const JobEnd& end) {
    processes.push_back(std::stoi(end.text));
    throw std::domain_error("enough");
  };
  EXPECT_THROW((void)run_jobs(4, work, {.workers = 4}, done), std::domain_error);
  ASSERT_EQ(processes.size(), 1U);
  errno = 0;
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);  // there is no child at all
  EXPECT_EQ(errno, ECHILD);
}

TEST(ByteStream, RefusesWhatIsTooShortOrTooLong) {
  const std::vector<std::pair<std::string, double>> value = {{"a", 1.5}, {"", -0.0}};
  const std::string bytes = to_bytes(value);
  EXPECT_EQ((from_bytes<std::vector<std::pair<std::string, double>>>(bytes)), value);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW((void)(from_bytes<std::vector<std::pair<std::string, double>>>(bytes.substr(0, size))),
                 std::runtime_error);
  }
  EXPECT_THROW((void)(from_bytes<std::vector<std::pair<std::string, double>>>(bytes + "x")),
               std::runtime_error);
}

}  // namespace
}  // namespace weft
