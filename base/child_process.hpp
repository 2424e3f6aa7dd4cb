// Work in a process of its own: what may be done only once in a process, or may take it down.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace weft {

// What `work` returned in a forked child. Throws std::runtime_error: with the child's words when it threw, or
// when it died or could not be made.
[[nodiscard]] std::string in_child(const std::function<std::string()>& work);

}  // namespace weft
