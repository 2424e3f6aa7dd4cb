// Tags become keys, on the line of the first key below them.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/timeloop_text.hpp"

#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "base/text_file.hpp"

namespace weft::timeloop {
namespace {

// The word after "!" when the line is nothing but "- !Word", a comment aside; else empty.
std::string tag_of(const std::string& line) {
  const std::string text = trimmed(line.substr(0, line.find('#')));
  if (text.rfind("- !", 0) != 0) {
    return "";
  }
  const std::string word = text.substr(3);
  for (const char c : word) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      return "";
    }
  }
  return word;
}

std::size_t indent_of(const std::string& line) {
  return line.find_first_not_of(' ');
}

bool holds_nothing(const std::string& line) {
  const std::size_t first = indent_of(line);
  return first == std::string::npos || line[first] == '#';
}

// "  - !Component" and, somewhere below it, "    name: x" become "  -" and "    weft-tag: Component".
std::string without_tags(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string tag = tag_of(lines[i]);
    if (tag.empty()) {
      continue;
    }
    std::size_t below = i + 1;
    while (below < lines.size() && holds_nothing(lines[below])) {
      ++below;
    }
    const std::size_t dash = indent_of(lines[i]);
    const std::size_t keys = below < lines.size() ? indent_of(lines[below]) : 0;
    const std::size_t indent = keys > dash ? keys : dash + 2;
    lines[i] = std::string(dash, ' ') + "-" + std::string(indent - dash - 1, ' ') + kTagKey + ": " + tag;
  }
  std::string result;
  for (const std::string& line : lines) {
    result += line + '\n';
  }
  return result;
}

}  // namespace

yaml::Document load_document(const std::filesystem::path& file) {
  return yaml::Document::parse(without_tags(read_text_file(file)), file.string());
}

void note(ImportNotes& notes, const SourceLoc& where, const std::string& text) {
  notes.push_back(fmt::format("{}:{}: {}", where.file, where.line, text));
}

std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() ? std::nullopt : std::optional(value);
}

}  // namespace weft::timeloop
