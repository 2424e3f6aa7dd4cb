// Aligned text tables and CSV rows for people and spreadsheets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace weft {

enum class Align : unsigned char { kLeft, kRight };

// Rows of cells under headers. Every row has as many cells as there are headers.
class Table {
 public:
  struct Column {
    std::string header;
    Align align = Align::kRight;
  };
  explicit Table(std::vector<Column> columns);
  void add_row(std::vector<std::string> cells);
  [[nodiscard]] std::string text() const;  // aligned by display width (UTF-8 aware), header underlined
  [[nodiscard]] std::string csv() const;   // RFC 4180

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Four significant digits, no exponent between 1e-3 and 1e7; "–" for NaN.
[[nodiscard]] std::string significant(double value, int digits = 4);
// "1,234,567"
[[nodiscard]] std::string grouped(long long value);

}  // namespace weft
