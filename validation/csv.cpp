// SPDX-License-Identifier: Apache-2.0
#include "validation/csv.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/text_file.hpp"

namespace weft::validation {
namespace {

// A last empty cell counts too.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 0;
  for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', from)) {
    cells.push_back(line.substr(from, comma - from));
    from = comma + 1;
  }
  cells.push_back(line.substr(from));
  return cells;
}

template <class T>
T parsed(const std::string& cell, const std::string& name, const char* kind) {
  const auto value = parse_number<T>(cell);
  if (!value) {
    throw std::invalid_argument(fmt::format("{}: '{}' is not {}", name, cell, kind));
  }
  return *value;
}

}  // namespace

CsvRow::CsvRow(const std::vector<std::string>& names, const std::string& line)
    : names_(names), cells_(split(line)) {
  if (cells_.size() != names_.size()) {
    throw std::invalid_argument(fmt::format("{} cells under {} columns", cells_.size(), names_.size()));
  }
}

bool CsvRow::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

const std::string& CsvRow::text(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    throw std::invalid_argument("no column '" + name + "'");
  }
  return cells_[static_cast<std::size_t>(found - names_.begin())];
}

std::int64_t CsvRow::integer(const std::string& name) const {
  const auto value = parsed<std::int64_t>(text(name), name, "a whole number");
  if (value < 0) {
    throw std::invalid_argument(fmt::format("{}: {} is below zero", name, value));
  }
  return value;
}

std::int64_t CsvRow::positive(const std::string& name) const {
  const std::int64_t value = integer(name);
  if (value == 0) {
    throw std::invalid_argument(name + ": needs at least 1");
  }
  return value;
}

double CsvRow::number(const std::string& name) const {
  const auto value = parsed<double>(text(name), name, "a number");
  if (!std::isfinite(value)) {
    throw std::invalid_argument(name + ": not finite");
  }
  return value;
}

void for_each_row(const std::filesystem::path& file,
                  const std::function<void(const CsvRow& row, int line)>& take) {
  std::vector<std::string> names;
  int number = 0;
  for (const std::string& line : lines_of(read_text_file(file))) {
    ++number;
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (names.empty()) {
      names = split(line);
      continue;
    }
    try {
      take(CsvRow(names, line), number);
    } catch (const std::invalid_argument& error) {
      throw ConfigError({file.string(), number, 1}, "bad-table", error.what());
    }
  }
  if (names.empty()) {
    throw ConfigError({file.string(), 0, 0}, "bad-table", "no head line with the columns' names");
  }
}

}  // namespace weft::validation
