// Text tables, CSV, and numbers for people.
// SPDX-License-Identifier: Apache-2.0
#include "base/table.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace weft {
namespace {

// Characters, not bytes; the tables hold no wide or combining ones.
std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::string blanks(width - std::min(width, display_width(text)), ' ');
  return align == Align::kLeft ? text + blanks : blanks + text;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string result = "\"";
  for (const char c : text) {
    result += c;
    if (c == '"') {
      result += c;
    }
  }
  return result + "\"";
}

void end_line(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add_row(std::vector<std::string> cells) {
  WEFT_ENSURE(cells.size() == columns_.size(), "a row needs one cell per column");
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].header);
    for (const auto& row : rows_) {
      width = std::max(width, display_width(row[i]));
    }
    widths.push_back(width);
  }
  std::string result;
  const auto add_line = [&](const auto& cell) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      result += (i == 0 ? "" : "  ") + padded(cell(i), widths[i], columns_[i].align);
    }
    end_line(result);
  };
  add_line([&](std::size_t i) { return columns_[i].header; });
  add_line([&](std::size_t i) { return std::string(widths[i], '-'); });
  for (const auto& row : rows_) {
    add_line([&](std::size_t i) { return row[i]; });
  }
  return result;
}

std::string Table::csv() const {
  std::string result;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    result += (i == 0 ? "" : ",") + csv_cell(columns_[i].header);
  }
  result += "\r\n";
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      result += (i == 0 ? "" : ",") + csv_cell(row[i]);
    }
    result += "\r\n";
  }
  return result;
}

std::string significant(double value, int digits) {
  if (std::isnan(value)) {
    return "–";
  }
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  if (value == 0) {
    return "0";
  }
  const double size = std::abs(value);
  if (size < 1e-3 || size >= 1e7) {
    return fmt::format("{:.{}e}", value, digits - 1);
  }
  // The exponent after rounding: 9.9996 has four digits as 10.00.
  const std::string rounded = fmt::format("{:.{}e}", value, digits - 1);
  const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
  return fmt::format("{:.{}f}", value, std::max(0, digits - 1 - exponent));
}

std::string grouped(long long value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

}  // namespace weft
