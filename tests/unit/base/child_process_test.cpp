// Work in a child process: what it returns, says and throws arrives, and what is heard can end it.
// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(ChildProcess, ReturnsAndThrows) {
  EXPECT_EQ(in_child([] { return std::string("done\0so", 7); }), std::string("done\0so", 7));
  EXPECT_EQ(in_child([] { return std::string(); }), "");
  try {
    (void)in_child([]() -> std::string { throw std::invalid_argument("no such thing"); });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no such thing");
  }
  EXPECT_THROW((void)in_child([]() -> std::string { ::_exit(3); }), std::runtime_error);
}

// Messages larger than what a pipe holds, in order, before the result.
TEST(ChildProcess, SaysThingsOnTheWay) {
  std::vector<std::size_t> heard;
  const std::string result = in_child(
      [](const Say& say) {
        for (std::size_t size : {0U, 1U, 300000U}) {
          say(std::string(size, 'x'));
        }
        return std::string(1000000, 'y');
      },
      [&heard](const std::string& text) {
        heard.push_back(text.size());
        return true;
      });
  EXPECT_EQ(heard, (std::vector<std::size_t>{0, 1, 300000}));
  EXPECT_EQ(result, std::string(1000000, 'y'));
}

// The child that is asked to end may still answer; nothing more is heard of it.
TEST(ChildProcess, IsAskedToEnd) {
  static volatile std::sig_atomic_t asked = 0;
  int heard = 0;
  const std::string result = in_child(
      [](const Say& say) {
        std::signal(SIGTERM, [](int) { asked = 1; });
        for (int i = 0; i < 100000 && asked == 0; ++i) {
          say("on my way");
        }
        return std::string(asked != 0 ? "ended" : "ran to the end");
      },
      [&heard](const std::string&) { return ++heard < 3; });
  EXPECT_EQ(result, "ended");
  EXPECT_EQ(heard, 3);
}

TEST(ChildProcess, IsGoneWhenTheListenerThrows) {
  pid_t child = 0;
  const auto listen = [&child](const std::string& text) -> bool {
    child = std::stoi(text);
    throw std::out_of_range("enough");
  };
  const auto work = [](const Say& say) {
    say(std::to_string(::getpid()));
    ::pause();
    return std::string();
  };
  EXPECT_THROW((void)in_child(work, listen), std::out_of_range);
  ASSERT_GT(child, 0);
  EXPECT_EQ(::kill(child, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace weft
