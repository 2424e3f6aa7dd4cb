// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <stdexcept>
#include <unistd.h>
#include <utility>

#include "base/child_pipe.hpp"
#include "base/worker_pool.hpp"

namespace weft {
namespace {

// A child that is waited for, whatever happens here.
class Child {
 public:
  explicit Child(child_pipe::Child child) : process_(child.process), pipe_(child.pipe) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(pipe_);
    if (process_ > 0) {
      if (!finished_) {
        ::kill(process_, SIGKILL);
      }
      (void)child_pipe::wait_for(process_);
    }
  }
  void ask_to_end() const { ::kill(process_, SIGTERM); }

  // Everything up to the end of what the child writes. Throws when it died before it answered.
  std::string listen(const std::function<bool(const std::string&)>& hear) {
    bool heard = true;
    for (;;) {
      std::array<char, child_pipe::kHeadBytes> head{};
      std::string text;
      if (read_exactly(head.data(), head.size(), hear, heard)) {
        text.resize(child_pipe::text_bytes(head.data()));
      } else {
        died();
      }
      if (!read_exactly(text.data(), text.size(), hear, heard)) {
        died();
      }
      if (head[0] == child_pipe::kMessage) {
        tell(text, hear, heard);
        continue;
      }
      finished_ = true;
      return child_pipe::opened(head[0], std::move(text));
    }
  }

 private:
  [[noreturn]] void died() {
    throw std::runtime_error("the child process " + child_pipe::wait_for(std::exchange(process_, 0)));
  }

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
  Child child(child_pipe::start([&work](int pipe) {
    child_pipe::send_result_of(pipe, [&work, pipe] {
      return work([pipe](const std::string& text) { child_pipe::send(pipe, child_pipe::kMessage, text); });
    });
  }));
  return child.listen(hear);
}

std::string in_child(const std::function<std::string()>& work) {
  return answer_of(run_jobs(1, [&work](std::size_t /*job*/) { return work(); }).front());
}

}  // namespace weft
