// Files before they are read, and small text files of formats that are not YAML.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weft {

// A device has no end, and a pipe waits for ever: neither may stand where a file is named, not in a file that
// somebody sent either. Throws ConfigError: missing-file, not-a-file.
void require_plain_file(const std::filesystem::path& file);

// The whole file. Throws ConfigError: missing-file, not-a-file, too-large (over 16 MiB), binary-file (a NUL
// byte), empty-file.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

// Its lines, without line ends ("\n" or "\r\n") and without a mark of the byte order at the beginning.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

// Without blanks, tabs and carriage returns at both ends.
[[nodiscard]] std::string trimmed(const std::string& text);

}  // namespace weft
