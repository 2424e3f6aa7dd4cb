// SPDX-License-Identifier: Apache-2.0
#include "validation/in_child.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::validation {
namespace {

void write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return;  // the parent is gone
    }
    done += static_cast<std::size_t>(n);
  }
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

// The first letter of an answer: '+' and the cycles, or '!' and what was thrown.
std::string answer_of(const Accelerator& accelerator, const std::vector<Program>& programs,
                      const sim::Options& options, const std::vector<sim::Positions>& positions) {
  try {
    std::string answer = "+";
    sim::Simulator simulator(accelerator, options);
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const sim::Positions* known = positions.empty() ? nullptr : &positions[i];
      const std::int64_t cycles = simulator.run(programs[i], nullptr, known).cycles;
      answer.append(reinterpret_cast<const char*>(&cycles), sizeof cycles);
    }
    return answer;
  } catch (const std::exception& error) {
    return std::string("!") + error.what();
  }
}

}  // namespace

std::vector<std::int64_t> simulated_cycles(const Accelerator& accelerator,
                                           const std::vector<Program>& programs, const sim::Options& options,
                                           const std::vector<sim::Positions>& positions) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::runtime_error("the system gives no pipe to a simulator");
  }
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    throw std::runtime_error("the system gives no process to a simulator");
  }
  if (child == 0) {
    ::close(pipe[0]);
    write_all(pipe[1], answer_of(accelerator, programs, options, positions));
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
    throw std::runtime_error(answer.empty() ? "a simulator's process died" : answer.substr(1));
  }
  std::vector<std::int64_t> cycles(programs.size());
  if (answer.size() != 1 + cycles.size() * sizeof(std::int64_t)) {
    throw std::runtime_error("a simulator's answer is cut short");
  }
  std::memcpy(cycles.data(), answer.data() + 1, answer.size() - 1);
  return cycles;
}

}  // namespace weft::validation
