// What processes that answer through a pipe have in common. Private to base/.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace weft::child_pipe {

// What goes through the pipe: a mark, the length of the text as 8 bytes of this machine, the text.
inline constexpr char kMessage = 'm', kResult = 'r';
inline constexpr char kThrown = 'x', kConfigError = 'c', kOverflow = 'o';  // what(); diagnostics; nothing
inline constexpr std::size_t kHeadBytes = 9;
[[nodiscard]] std::size_t text_bytes(const char* head);

// If nobody reads any more, nothing happens.
void send(int pipe, char mark, std::string_view text);

// Sends what `work` returns, or what it throws.
void send_result_of(int pipe, const std::function<std::string()>& work);

// The result, or throws what the child threw: ConfigError and OverflowError as such, anything else as a
// std::runtime_error with its words.
[[nodiscard]] std::string opened(char mark, std::string text);

struct Child {
  pid_t process = 0;
  int pipe = -1;  // to read from
};
// Forks; the child runs `body` with the end of the pipe to write to, and is gone afterwards. It does not
// outlive this process. Throws std::runtime_error when the system gives no process or no pipe.
[[nodiscard]] Child start(const std::function<void(int pipe)>& body);

// Waits for it, and says in words how it ended: "died of signal 11 (Segmentation fault)".
std::string wait_for(pid_t process);

}  // namespace weft::child_pipe
