// The errors of the models, as HTML.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kWidth = 720, kLeft = 300, kRight = 90, kRow = 26;

double share(const Json& series, const char* key) {
  const Json& value = series.at(key);
  return value.is_number() ? std::fabs(value.get<double>()) : NAN;
}

std::string name_of(const Json& series) {
  return series.at("suite").get<std::string>() + ": " + series.at("title").get<std::string>();
}

std::string bar(double value, double most, double y, double height, const char* classes) {
  const double width = most > 0 && std::isfinite(value) ? value / most * (kWidth - kLeft - kRight) : 0;
  return fmt::format("<rect x=\"{}\" y=\"{:.0f}\" width=\"{:.2f}\" height=\"{:.0f}\" class=\"{}\"/>", kLeft,
                     y, std::max(1.0, width), height, classes);
}

// Worst errors as thin bars, means as thick ones on top of them.
std::string drawing(const Json& validation) {
  double most = 0;
  for (const Json& series : validation) {
    most = std::isfinite(share(series, "worst_error")) ? std::max(most, share(series, "worst_error")) : most;
  }
  std::string text =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Errors of the models\">\n", kWidth,
                  kRow * static_cast<double>(validation.size()) + 8);
  double y = 4;
  for (const Json& series : validation) {
    text += fmt::format("<text class=\"tiny\" x=\"{}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>", kLeft - 8,
                        y + 14, escaped(name_of(series)));
    text += bar(share(series, "worst_error"), most, y + 8, 4, "dot") +
            bar(share(series, "mean_absolute_error"), most, y + 4, 12, "s0");
    const double width = most > 0 && std::isfinite(share(series, "worst_error"))
                             ? share(series, "worst_error") / most * (kWidth - kLeft - kRight)
                             : 0;
    text += fmt::format("<text class=\"tiny\" x=\"{:.1f}\" y=\"{:.0f}\">{}</text>\n", kLeft + width + 6,
                        y + 14, percent(share(series, "mean_absolute_error")));
    y += kRow;
  }
  return text + "</svg>\n";
}

}  // namespace

std::string validation_section(const Json& validation) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& series : validation) {
    rows.push_back({name_of(series), series.at("reference_kind").get<std::string>(),
                    grouped(series.at("rows").get<long long>()),
                    percent(share(series, "mean_absolute_error")), percent(share(series, "worst_error")),
                    series.at("met").get<bool>() ? "yes" : "NO", series.at("source").get<std::string>()});
  }
  return section(
      "validation", "How far are the models from published numbers?",
      "<figure class=\"chart\"><figcaption>Thick: mean absolute error; thin: worst of all rows</figcaption>"
      "<div class=\"plot\">" +
          drawing(validation) + "</div></figure>\n" +
          table("Published numbers beside ours",
                {{"series", false},
                 {"reference", false},
                 {"rows"},
                 {"mean error"},
                 {"worst error"},
                 {"claims met", false},
                 {"source", false}},
                rows));
}

}  // namespace weft::report
