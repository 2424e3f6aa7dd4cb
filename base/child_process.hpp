// Work in a process of its own: what may be done only once in a process, or may take it down.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace weft {

// What `work` returned in a forked child. Throws what it threw (a ConfigError and an OverflowError as such,
// else std::runtime_error with its words), or std::runtime_error when it died or could not be made. Many of
// them: worker_pool.hpp.
[[nodiscard]] std::string in_child(const std::function<std::string()>& work);

// The same, with messages on the way: `work` may say something as often as it likes (from one thread at a
// time), and `hear` is called with it here, in order; with an empty text when a signal came in between. Once
// `hear` returns false the child is asked to end (SIGTERM) and nothing more is heard; what it still returns
// is the result. When `hear` throws, the child is killed and waited for, and the exception goes on.
using Say = std::function<void(const std::string&)>;
[[nodiscard]] std::string in_child(const std::function<std::string(const Say&)>& work,
                                   const std::function<bool(const std::string&)>& hear);

}  // namespace weft
