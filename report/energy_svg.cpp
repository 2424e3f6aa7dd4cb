// The energy of layers as stacked bars.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/html.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRows = 40;
constexpr double kWidth = 720, kLeft = 170, kRow = 18, kRight = 80;

struct Row {
  std::string name{};
  std::vector<double> parts{};  // pJ: one for each level, then MACs, leakage of the array, vector unit
  double total = 0;
};

Row row_of(const Json& layer, std::size_t levels) {
  const auto copies = layer.at("repeat").get<double>();
  Row row{.name = layer.at("name").get<std::string>(), .parts = std::vector<double>(levels, 0)};
  for (std::size_t i = 0; i < layer.at("levels").size() && i < levels; ++i) {
    row.parts[i] = copies * layer.at("levels")[i].at("energy_pj").get<double>();
  }
  for (const char* key : {"macs_pj", "leak_pj", "vector_pj"}) {
    row.parts.push_back(copies * layer.at("compute").at(key).get<double>());
  }
  for (const double part : row.parts) {
    row.total += part;
  }
  return row;
}

// The rows in the order of the network; those that cost least are put together.
std::vector<Row> rows_of(const Json& run, std::size_t levels) {
  std::vector<Row> rows;
  for (const Json& layer : run.at("layers")) {
    rows.push_back(row_of(layer, levels));
  }
  if (rows.size() <= kMostRows) {
    return rows;
  }
  std::vector<double> totals;
  for (const Row& row : rows) {
    totals.push_back(row.total);
  }
  std::nth_element(totals.begin(), totals.begin() + kMostRows - 1, totals.end(), std::greater<>());
  const double least = totals[kMostRows - 1];
  std::vector<Row> kept;
  Row rest{.name = "all others", .parts = std::vector<double>(levels + 3, 0)};
  for (const Row& row : rows) {
    if (row.total > least) {
      kept.push_back(row);
      continue;
    }
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
      rest.parts[i] += row.parts[i];
    }
    rest.total += row.total;
  }
  kept.push_back(rest);
  return kept;
}

}  // namespace

std::string energy_svg(const Json& run) {
  std::vector<std::string> names;
  for (const Json& level : run.at("accelerator").at("levels")) {
    names.push_back(level.at("name").get<std::string>());
  }
  const std::vector<Row> rows = rows_of(run, names.size());
  names.insert(names.end(), {"MACs", "leakage of the array", "vector unit"});
  double most = 0;
  for (const Row& row : rows) {
    most = std::max(most, row.total);
  }
  std::string text = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Energy by layer\">\n",
                                 kWidth, kRow * static_cast<double>(rows.size()) + 34);
  double x = 4;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format(
        "<rect x=\"{:.0f}\" y=\"4\" width=\"10\" height=\"10\" class=\"s{}\"/><text class=\"tiny\" "
        "x=\"{:.0f}\" y=\"13\">{}</text>\n",
        x, i % 8, x + 14, escaped(names[i]));
    x += 30 + 6.0 * static_cast<double>(names[i].size());
  }
  double y = 26;
  for (const Row& row : rows) {
    text += fmt::format("<text class=\"tiny\" x=\"{}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n",
                        kLeft - 6, y + 11, escaped(row.name.substr(0, 28)));
    double left = kLeft;
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
      const double width = most > 0 ? row.parts[i] / most * (kWidth - kLeft - kRight) : 0;
      text += fmt::format("<rect x=\"{:.2f}\" y=\"{:.0f}\" width=\"{:.2f}\" height=\"13\" class=\"s{}\"/>",
                          left, y, width, i % 8);
      left += width;
    }
    text += fmt::format("<text class=\"tiny\" x=\"{:.1f}\" y=\"{:.0f}\">{}</text>\n", left + 4, y + 11,
                        si(row.total * 1e-12, "J"));
    y += kRow;
  }
  return text + "</svg>\n";
}

}  // namespace weft::report
