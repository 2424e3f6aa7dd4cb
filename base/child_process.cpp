// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace weft {
namespace {

// The first letter of an answer: '+' and what was returned, or '!' and what was thrown.
std::string answer_of(const std::function<std::string()>& work) {
  try {
    return '+' + work();
  } catch (const std::exception& error) {
    return std::string("!") + error.what();
  }
}

}  // namespace

std::string in_child(const std::function<std::string()>& work) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::runtime_error("the system gives no pipe to a child process");
  }
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    throw std::runtime_error("the system gives no child process");
  }
  if (child == 0) {
    ::close(pipe[0]);
    (void)write_all(pipe[1], answer_of(work));  // if the parent is gone, nobody asks any more
    ::close(pipe[1]);
    ::_exit(0);  // what the parent has buffered is not ours to print
  }
  ::close(pipe[1]);
  const std::string answer = read_all(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (answer.empty() || answer.front() != '+') {
    throw std::runtime_error(answer.empty() ? "the child process died" : answer.substr(1));
  }
  return answer.substr(1);
}

}  // namespace weft
