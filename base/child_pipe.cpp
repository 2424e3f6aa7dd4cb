// See child_pipe.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "base/child_pipe.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <fmt/format.h>

#include "base/byte_stream.hpp"
#include "base/checked.hpp"
#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace weft {

static void describe(ByteStream& bytes, SourceLoc& where) {
  bytes(where.file, where.line, where.column);
}

static void describe(ByteStream& bytes, Diagnostic& diagnostic) {
  bytes(diagnostic.where, diagnostic.code, diagnostic.message, diagnostic.hint, diagnostic.length,
        diagnostic.excerpt);
}

}  // namespace weft

namespace weft::child_pipe {

std::size_t text_bytes(const char* head) {
  std::uint64_t size = 0;
  std::memcpy(&size, head + 1, sizeof size);
  return static_cast<std::size_t>(size);
}

void send(int pipe, char mark, std::string_view text) {
  const std::uint64_t size = text.size();
  std::string head(kHeadBytes, mark);
  std::memcpy(head.data() + 1, &size, sizeof size);
  if (write_all(pipe, head)) {
    (void)write_all(pipe, text);
  }
}

void send_result_of(int pipe, const std::function<std::string()>& work) {
  try {
    send(pipe, kResult, work());
  } catch (const ConfigError& error) {
    send(pipe, kConfigError, to_bytes(error.diagnostics()));
  } catch (const OverflowError&) {
    send(pipe, kOverflow, "");
  } catch (const std::exception& error) {
    send(pipe, kThrown, error.what());
  }
}

std::string opened(char mark, std::string text) {
  switch (mark) {
    case kResult:
      return text;
    case kConfigError:
      throw ConfigError(from_bytes<std::vector<Diagnostic>>(std::move(text)));
    case kOverflow:
      throw OverflowError();
    default:
      throw std::runtime_error(text);
  }
}

Child start(const std::function<void(int pipe)>& body) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::runtime_error("the system gives no pipe to a child process");
  }
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    throw std::runtime_error("the system gives no child process");
  }
  if (process == 0) {
    ::close(pipe[0]);
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (::getppid() == parent) {
      body(pipe[1]);
    }
    ::close(pipe[1]);
    ::_exit(0);  // what the parent has buffered is not ours to print
  }
  ::close(pipe[1]);
  return {process, pipe[0]};
}

std::string wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) {
      return "ended unseen";
    }
  }
  if (WIFSIGNALED(status)) {
    return fmt::format("died of signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("ended with status {} before it answered", WEXITSTATUS(status));
}

}  // namespace weft::child_pipe
