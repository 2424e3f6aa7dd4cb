// Writing to and reading from open descriptors whatever the system cuts or interrupts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace weft {

// False, with errno, when not all of it could be written.
[[nodiscard]] bool write_all(int descriptor, std::string_view text);
// Up to the end, or to the first error.
[[nodiscard]] std::string read_all(int descriptor);

}  // namespace weft
