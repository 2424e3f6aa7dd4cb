// Writes files whole or not at all: a program that is stopped, or a disk that fills up, leaves the old file
// or none, never half of a new one. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace weft {

// Makes the folder if need be, writes a temporary file beside `file`, has it stored (fsync) and renames it.
// A `file` that is no plain file (a pipe, /dev/stdout) is written to directly. Throws ConfigError:
// cannot-write.
void write_whole_file(const std::filesystem::path& file, std::string_view text);

}  // namespace weft
