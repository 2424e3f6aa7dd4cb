// Validations for programs and spreadsheets: full precision.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.hpp"
#include "validation/print.hpp"

namespace weft::validation {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Series& series) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < series.rows.size(); ++i) {
    const Comparison& row = series.rows[i];
    Json item = {{"row", row.what}, {"reference", row.reference}, {"ours", row.ours}};
    item["error"] = row.reference == 0 ? Json(nullptr) : Json(row.ours / row.reference - 1);
    item["note"] = series.notes.empty() ? "" : series.notes[i];
    rows.push_back(std::move(item));
  }
  Json json = {{"title", series.title},
               {"unit", series.unit},
               {"reference_kind", name_of(series.truth)},
               {"source", series.source}};
  const bool any = !series.rows.empty();
  json["mean_absolute_error"] = any ? Json(mean_error(series.rows)) : Json(nullptr);
  json["worst_error"] = any ? Json(agreement(series.rows, 0).worst) : Json(nullptr);
  if (series.ranked && series.rows.size() > 2) {
    json["spearman"] = rank_correlation(series.rows);
  }
  json["rows"] = std::move(rows);
  return json;
}

Json to_json(const NamedResult& named) {
  Json json = {{"suite", named.name},
               {"summary", named.summary},
               {"machine", named.result.machine},
               {"met", named.result.met()}};
  for (const Series& series : named.result.series) {
    json["series"].push_back(to_json(series));
  }
  for (const Claim& claim : named.result.claims) {
    const char* relation = claim.relation == Claim::Relation::kAtMost    ? "at most"
                           : claim.relation == Claim::Relation::kAtLeast ? "at least"
                                                                         : "exactly";
    json["claims"].push_back({{"what", claim.what},
                              {"found", claim.found},
                              {"relation", relation},
                              {"limit", claim.limit},
                              {"met", claim.met()}});
  }
  json["informed"] = named.result.informed;
  json["not_modelled"] = named.result.not_modelled;
  return json;
}

}  // namespace

std::string print_json(const std::vector<NamedResult>& results) {
  Json json = {{"schema", "weft.validation.1"}, {"suites", Json::array()}};
  for (const NamedResult& named : results) {
    json["suites"].push_back(to_json(named));
  }
  return json.dump(2) + "\n";
}

std::string print_csv(const std::vector<NamedResult>& results) {
  Table table(
      {{"suite"}, {"series"}, {"unit"}, {"reference_kind"}, {"row"}, {"reference"}, {"ours"}, {"note"}});
  for (const NamedResult& named : results) {
    for (const Series& series : named.result.series) {
      for (std::size_t i = 0; i < series.rows.size(); ++i) {
        const Comparison& row = series.rows[i];
        table.add_row({named.name, series.title, series.unit, std::string(name_of(series.truth)), row.what,
                       fmt::format("{}", row.reference), fmt::format("{}", row.ours),
                       series.notes.empty() ? "" : series.notes[i]});
      }
    }
  }
  return table.csv();
}

}  // namespace weft::validation
