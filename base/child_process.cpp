// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace weft {
namespace {

// What goes through the pipe: a mark, the length of the text as 8 bytes of this machine, the text.
constexpr char kMessage = 'm', kResult = 'r', kThrown = 'x';

void send(int pipe, char mark, std::string_view text) {
  const std::uint64_t size = text.size();
  std::string head(1 + sizeof size, mark);
  std::memcpy(head.data() + 1, &size, sizeof size);
  if (write_all(pipe, head)) {
    (void)write_all(pipe, text);  // if the parent is gone, nobody asks any more
  }
}

void work_in_child(int pipe, const std::function<std::string(const Say&)>& work) {
  try {
    send(pipe, kResult, work([pipe](const std::string& text) { send(pipe, kMessage, text); }));
  } catch (const std::exception& error) {
    send(pipe, kThrown, error.what());
  }
}

// A child that is waited for, whatever happens here.
class Child {
 public:
  Child(pid_t process, int pipe) : process_(process), pipe_(pipe) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(pipe_);
    if (!finished_) {
      ::kill(process_, SIGKILL);
    }
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  void ask_to_end() const { ::kill(process_, SIGTERM); }

  // Everything up to the end of what the child writes. None: it died before it answered.
  std::optional<std::string> listen(const std::function<bool(const std::string&)>& hear) {
    bool heard = true;
    for (;;) {
      std::array<char, 1 + sizeof(std::uint64_t)> head{};
      if (!read_exactly(head.data(), head.size(), hear, heard)) {
        return {};
      }
      std::uint64_t size = 0;
      std::memcpy(&size, head.data() + 1, sizeof size);
      std::string text(size, '\0');
      if (!read_exactly(text.data(), text.size(), hear, heard)) {
        return {};
      }
      if (head[0] == kMessage) {
        tell(text, hear, heard);
        continue;
      }
      finished_ = true;
      if (head[0] == kThrown) {
        throw std::runtime_error(text);
      }
      return text;
    }
  }

 private:
  void tell(const std::string& text, const std::function<bool(const std::string&)>& hear, bool& heard) const {
    if (heard && hear && !hear(text)) {
      heard = false;
      ask_to_end();
    }
  }

  bool read_exactly(char* to, std::size_t size, const std::function<bool(const std::string&)>& hear,
                    bool& heard) const {
    while (size > 0) {
      const ssize_t count = ::read(pipe_, to, size);
      if (count < 0 && errno == EINTR) {
        tell("", hear, heard);
        continue;
      }
      if (count <= 0) {
        return false;
      }
      to += count;
      size -= static_cast<std::size_t>(count);
    }
    return true;
  }

  pid_t process_;
  int pipe_;
  bool finished_ = false;
};

}  // namespace

std::string in_child(const std::function<std::string(const Say&)>& work,
                     const std::function<bool(const std::string&)>& hear) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::runtime_error("the system gives no pipe to a child process");
  }
  const pid_t process = ::fork();
  if (process < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    throw std::runtime_error("the system gives no child process");
  }
  if (process == 0) {
    ::close(pipe[0]);
    work_in_child(pipe[1], work);
    ::close(pipe[1]);
    ::_exit(0);  // what the parent has buffered is not ours to print
  }
  ::close(pipe[1]);
  Child child(process, pipe[0]);
  if (std::optional<std::string> answer = child.listen(hear)) {
    return *std::move(answer);
  }
  throw std::runtime_error("the child process died");
}

std::string in_child(const std::function<std::string()>& work) {
  return in_child([&work](const Say& /*say*/) { return work(); }, nullptr);
}

}  // namespace weft
