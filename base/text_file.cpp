// Text files as strings and lines.
// SPDX-License-Identifier: Apache-2.0
#include "base/text_file.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "base/error.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = 16U << 20U;
constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

void require_plain_file(const fs::path& file) {
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (!fs::exists(status)) {
    throw ConfigError({file.string()}, "missing-file", "no such file");
  }
  if (!fs::is_regular_file(status)) {
    throw ConfigError({file.string()}, "not-a-file",
                      fs::is_directory(status) ? "this is a folder" : "this is not a regular file");
  }
}

std::string read_text_file(const fs::path& file) {
  require_plain_file(file);
  std::error_code failed;
  if (fs::file_size(file, failed) > kLargest) {
    throw ConfigError({file.string()}, "too-large", "the file is larger than 16 MiB");
  }
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.find('\0') != std::string::npos) {
    throw ConfigError({file.string()}, "binary-file", "the file is not text");
  }
  if (trimmed(text).empty()) {
    throw ConfigError({file.string()}, "empty-file", "the file is empty");
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text.rfind(kByteOrderMark, 0) == 0 ? text.substr(3) : text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    lines.push_back(line);
  }
  return lines;
}

std::string trimmed(const std::string& text) {
  constexpr const char* kBlank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace weft
