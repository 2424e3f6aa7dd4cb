// Diagnostic text in a compiler's format, and the nearest-name search behind every "did you mean".
// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr std::size_t kLongestWord = 64;  // longer words are not worth an edit distance

// Text of a file may hold escapes that move a terminal's cursor; line feeds are the caller's layout.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) {
      result += fmt::format("\\x{:02X}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

std::string place(const SourceLoc& where) {
  if (where.file.empty()) {
    return "";
  }
  const std::string file = printable(where.file);
  return where.line == 0 ? file + ": " : fmt::format("{}:{}:{}: ", file, where.line, where.column);
}

// Blanks that bring the caret under `column`, keeping the line's own tabs.
std::string indent_to(std::string_view line, int column) {
  std::string result;
  int at = 1;
  for (std::size_t i = 0; i < line.size() && at < column; ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U) {
      continue;  // the rest of a UTF-8 character
    }
    result += line[i] == '\t' ? '\t' : ' ';
    ++at;
  }
  return result + std::string(static_cast<std::size_t>(std::max(0, column - at)), ' ');
}

std::vector<Diagnostic> sorted(std::vector<Diagnostic> diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.file, a.where.line, a.where.column) <
           std::tie(b.where.file, b.where.line, b.where.column);
  });
  return diagnostics;
}

std::string text_of(const std::vector<Diagnostic>& diagnostics) {
  std::string result;
  for (const Diagnostic& diagnostic : diagnostics) {
    result += to_string(diagnostic);
  }
  return result;
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> result;
  for (std::size_t start = 0, end = 0; start < text.size(); start = end) {
    for (end = start + 1; end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;) {
      ++end;
    }
    result.push_back(text.substr(start, end - start));
  }
  return result;
}

// Damerau's distance (insert, delete, replace, swap of neighbours), optimal string alignment.
std::size_t edit_distance(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replace, previous[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
  std::string result = fmt::format("{}error: {} [{}]\n", place(diagnostic.where),
                                   printable(diagnostic.message), diagnostic.code);
  if (!diagnostic.excerpt.empty() && diagnostic.where.line > 0) {
    result += fmt::format("{:5} | {}\n", diagnostic.where.line, printable(diagnostic.excerpt));
    const auto tail = static_cast<std::size_t>(std::max(0, diagnostic.length - 1));
    result += "      | " + indent_to(diagnostic.excerpt, diagnostic.where.column) + "^" +
              std::string(tail, '~') + "\n";
  }
  if (!diagnostic.hint.empty()) {
    result += "  hint: " + printable(diagnostic.hint) + "\n";
  }
  return result;
}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(text_of(sorted(diagnostics))), diagnostics_(sorted(std::move(diagnostics))) {}

ConfigError::ConfigError(SourceLoc where, std::string code, std::string message, std::string hint)
    : ConfigError(std::vector<Diagnostic>{Diagnostic{.where = std::move(where),
                                                     .code = std::move(code),
                                                     .message = std::move(message),
                                                     .hint = std::move(hint)}}) {}

InternalError::InternalError(const char* file, int line, const char* condition, const std::string& message)
    : std::logic_error(fmt::format("{}:{}: {} (broken: {})", file, line, message, condition)) {}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kLongestWord) {
    return "";
  }
  const std::vector<std::string_view> letters = characters_of(word);
  const std::size_t close_enough = 1 + letters.size() / 4;  // one slip, and one more for every four letters
  std::string best;
  std::size_t best_distance = close_enough + 1;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongestWord) {
      continue;
    }
    const std::vector<std::string_view> other = characters_of(candidate);
    const std::size_t distance = edit_distance(letters, other);
    // A word that shares no letter with the candidate ("x" for "y") was not a slip.
    if (distance < best_distance && distance < std::max(letters.size(), other.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace weft
