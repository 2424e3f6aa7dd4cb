// Validations for people at a terminal.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "base/table.hpp"
#include "validation/print.hpp"
#include "validation/print_parts.hpp"

namespace weft::validation {
namespace {

std::string rows_of(const Series& series) {
  std::vector<Table::Column> columns = {{"row", Align::kLeft}, {"reference"}, {"ours"}, {"error"}};
  if (!series.notes.empty()) {
    columns.push_back({"note", Align::kLeft});
  }
  Table table(columns);
  for (const std::size_t i : shown_rows(series)) {
    const Comparison& row = series.rows[i];
    std::vector<std::string> cells = {row.what, number(row.reference), number(row.ours), signed_error(row)};
    if (!series.notes.empty()) {
      cells.push_back(series.notes[i]);
    }
    table.add_row(std::move(cells));
  }
  return table.text();
}

std::string text_of(const Series& series) {
  std::string text = fmt::format("\n{} [{}], reference: {} ({})\n", series.title, series.unit,
                                 name_of(series.truth), series.source);
  if (series.summarised) {
    text += "the rows furthest off (--format csv prints all):\n";
  }
  return text + "\n" + rows_of(series) + "=> " + summary_line(series) + "\n";
}

std::string text_of(const NamedResult& named) {
  const SuiteResult& result = named.result;
  std::string text = fmt::format("== {}: {}\nran: {}\n", named.name, named.summary, result.machine);
  for (const Series& series : result.series) {
    text += text_of(series);
  }
  text += "\nclaims\n";
  for (const Claim& claim : result.claims) {
    text += fmt::format("  {} {}\n", claim.met() ? "ok    " : "MISSED", claim_line(claim));
  }
  text += "\nrows that informed the model: " + result.informed + "\n";
  text += "not modelled:\n";
  for (const std::string& item : result.not_modelled) {
    text += "  - " + item + "\n";
  }
  return text;
}

}  // namespace

std::string print_text(const std::vector<NamedResult>& results) {
  std::string text;
  for (const NamedResult& named : results) {
    text += (text.empty() ? "" : "\n") + text_of(named);
  }
  return text;
}

}  // namespace weft::validation
