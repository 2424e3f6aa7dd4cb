// The few words of HTML that pages are made of. Everything that comes from data passes escaped().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::report {

// Safe between tags and inside quoted attributes: & < > " ' become entities, control characters but newline
// and tab become the replacement character.
[[nodiscard]] std::string escaped(std::string_view text);

struct Column {
  std::string header{};
  bool number = true;  // aligned right
};

// A table with a caption above it; cells are escaped here. Rows have as many cells as there are columns.
[[nodiscard]] std::string table(const std::string& caption, const std::vector<Column>& columns,
                                const std::vector<std::vector<std::string>>& rows);

// A figure that a script may replace by an interactive one: `fallback` is what it shows until then.
[[nodiscard]] std::string chart(const std::string& name, const std::string& caption,
                                const std::string& fallback);

[[nodiscard]] std::string section(const std::string& id, const std::string& title, const std::string& body);

// Tables that a chart shows too.
[[nodiscard]] std::string folded_tables(const std::string& summary, const std::string& tables);
// A folded text: "loop nest of conv1".
[[nodiscard]] std::string folded(const std::string& summary, const std::string& text);

struct Card {
  std::string value{};
  std::string label{};
};
[[nodiscard]] std::string cards(const std::vector<Card>& list);

// 4 significant digits with a prefix of the unit, from pico to giga: si(2.5e-6, "J") is "2.5 µJ". "–" for
// NaN.
[[nodiscard]] std::string si(double value, std::string_view unit);
// Bits as "64 B", "108 KiB", "1.5 MiB".
[[nodiscard]] std::string bytes(double bits);
// A figure of a study by its name in the database: "energy" for energy_pj, "pe x" for knob.pe_x; the unit at
// the end of the name goes to the values: "2.5 mJ".
[[nodiscard]] std::string figure_label(std::string name);
[[nodiscard]] std::string figure_text(const std::string& name, double value);
[[nodiscard]] std::string percent(double share);  // "57.6 %"

}  // namespace weft::report
