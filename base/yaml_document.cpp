// One file: reading it within limits, keeping its problems, throwing them together.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/text_file.hpp"
#include "base/yaml.hpp"
#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = 16ULL << 20U;
constexpr std::size_t kMaxProblems = 100;
constexpr std::size_t kLongestExcerpt = 400;  // bytes; longer lines are not quoted

[[noreturn]] void too_large(const std::string& file) {
  throw ConfigError({file}, "too-large", "the file is larger than 16 MiB");
}

std::string read_file(const fs::path& file) {
  require_plain_file(file);
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (!failed && size > kMaxBytes) {
    too_large(file.string());
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text(failed ? 0 : static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream) {
    throw ConfigError({file.string()}, "missing-file", "the file cannot be read");
  }
  return text;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::size_t end = std::min(text.size(), kLongest);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;  // not within a character
  }
  std::string result = "'";
  for (const char c : text.substr(0, end)) {
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result + (end < text.size() ? "...'" : "'");
}

std::string_view DocumentState::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts.size()) {
    return {};
  }
  const std::size_t start = line_starts[static_cast<std::size_t>(number) - 1];
  const std::string_view rest = std::string_view(source).substr(start);
  std::string_view text = rest.substr(0, rest.find('\n'));
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  return text;
}

bool DocumentState::quotable(int number) const {
  const auto index = static_cast<std::size_t>(std::max(number, 0));
  if (index == 0 || index > line_starts.size()) {
    return false;
  }
  const std::size_t end = index < line_starts.size() ? line_starts[index] : source.size();
  return end - line_starts[index - 1] <= kLongestExcerpt;
}

Diagnostic DocumentState::diagnostic(const Position& at, std::string code, std::string message,
                                     std::string hint) const {
  return {.where = {file, at.line, at.column},
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint),
          .length = at.length,
          .excerpt = quotable(at.line) ? std::string(line(at.line)) : ""};
}

void DocumentState::refuse(const Position& at, std::string code, std::string message,
                           std::string hint) const {
  throw ConfigError({diagnostic(at, std::move(code), std::move(message), std::move(hint))});
}

void DocumentState::report(const Position& at, std::string code, std::string message, std::string hint) {
  const bool known = std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& other) {
    return other.where.line == at.line && other.where.column == at.column && other.code == code &&
           other.message == message;
  });
  if (known) {
    return;  // the same value, read twice
  }
  if (diagnostics.size() >= kMaxProblems) {
    ++not_kept;
    return;
  }
  diagnostics.push_back(diagnostic(at, std::move(code), std::move(message), std::move(hint)));
}

Document::Document() : state_(std::make_unique<DocumentState>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::load(const fs::path& file) {
  return parse(read_file(file), file.string());
}

Document Document::parse(std::string text, std::string file_name) {
  if (text.size() > kMaxBytes) {
    too_large(file_name);
  }
  Document document;
  document.state_->source = std::move(text);
  document.state_->file = std::move(file_name);
  parse_source(*document.state_);
  return document;
}

Value Document::value() const {
  return {state_->root, state_.get()};
}

Section Document::root() const {
  return value().section();
}

bool Document::failed() const {
  return !state_->diagnostics.empty();
}

void Document::finish() const {
  if (state_->diagnostics.empty()) {
    return;
  }
  std::vector<Diagnostic> all = state_->diagnostics;
  if (state_->not_kept > 0) {
    SourceLoc last{state_->file, static_cast<int>(state_->line_starts.size()), 1};
    all.push_back({.where = std::move(last),
                   .code = "too-many-problems",
                   .message = fmt::format("{} more problems are not shown", state_->not_kept),
                   .hint = ""});
  }
  throw ConfigError(std::move(all));
}

}  // namespace weft::yaml
