// Tables of published rows: a head line of column names, one row per line, no quotes; lines that begin with
// '#' say where the rows come from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft::validation {

// The cells of one line by the names in the head line. All throw std::invalid_argument for what is not there.
class CsvRow {
 public:
  CsvRow(const std::vector<std::string>& names, const std::string& line);
  [[nodiscard]] const std::string& text(const std::string& name) const;
  [[nodiscard]] std::int64_t integer(const std::string& name) const;  // 0 or more
  [[nodiscard]] std::int64_t positive(const std::string& name) const;
  [[nodiscard]] double number(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const;

 private:
  const std::vector<std::string>& names_;
  std::vector<std::string> cells_;
};

// Hands every row, with the number of its line, to `take`. Throws ConfigError: what reading throws
// (text_file.hpp), and bad-table with the line for whatever std::invalid_argument `take` throws.
void for_each_row(const std::filesystem::path& file,
                  const std::function<void(const CsvRow& row, int line)>& take);

// What `make(row, line)` makes of every row.
template <typename Make>
[[nodiscard]] auto collect_rows(const std::filesystem::path& file, const Make& make) {
  std::vector<std::decay_t<decltype(make(std::declval<const CsvRow&>(), 0))>> rows;
  for_each_row(file, [&](const CsvRow& cells, int line) { rows.push_back(make(cells, line)); });
  return rows;
}

}  // namespace weft::validation
