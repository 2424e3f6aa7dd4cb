// The least traffic for every buffer size.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/html.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kLeft = 70, kRight = 700, kTop = 12, kBottom = 270;

struct Scale {
  double low = 1, high = 10;  // logarithms
  double from = 0, to = 1;
  [[nodiscard]] double operator()(double value) const {
    return from + (to - from) * (std::log10(value) - low) / std::max(1e-9, high - low);
  }
};

Scale scale_of(const Json& points, const char* key, double from, double to) {
  Scale scale{.low = INFINITY, .high = -INFINITY, .from = from, .to = to};
  for (const Json& point : points) {
    const double value = std::log10(std::max(1.0, point.at(key).get<double>()));
    scale.low = std::min(scale.low, value);
    scale.high = std::max(scale.high, value);
  }
  return scale;
}

// Powers of a base within the scale, every n-th so that they fit.
std::string axis(const Scale& scale, bool across) {
  std::string text;
  const double step = std::ceil((scale.high - scale.low) / std::log10(2.0) / 8) * std::log10(2.0);
  const double first =
      std::ceil((scale.low - std::log10(8.0)) / std::log10(2.0)) * std::log10(2.0) + std::log10(8.0);
  for (double at = first; at <= scale.high + 1e-9; at += step) {
    const double value = std::pow(10, at), place = scale(value);
    text +=
        across
            ? fmt::format(
                  "<path d=\"M{0:.1f} {1}V{2}\" class=\"grid\"/><text class=\"tiny\" x=\"{0:.1f}\" y=\"{3}\" "
                  "text-anchor=\"middle\">{4}</text>\n",
                  place, kTop, kBottom, kBottom + 14, bytes(value))
            : fmt::format(
                  "<path d=\"M{1} {0:.1f}H{2}\" class=\"grid\"/><text class=\"tiny\" x=\"{3}\" y=\"{4:.1f}\" "
                  "text-anchor=\"end\">{5}</text>\n",
                  place, kLeft, kRight, kLeft - 4, place + 4, bytes(value));
  }
  return text;
}

}  // namespace

std::string slope_svg(const Json& slope) {
  const Json& points = slope.at("points");
  if (points.empty()) {
    return "";
  }
  const Scale x = scale_of(points, "capacity_bits", kLeft, kRight),
              y = scale_of(points, "bits", kBottom, kTop);
  std::string line;
  double before = 0;
  for (const Json& point : points) {
    const double across = x(point.at("capacity_bits").get<double>()),
                 down = y(point.at("bits").get<double>());
    line += line.empty() ? fmt::format("M{:.1f} {:.1f}", across, down)
                         : fmt::format("L{:.1f} {:.1f}L{:.1f} {:.1f}", across, before, across, down);
    before = down;
  }
  line += fmt::format("L{} {:.1f}", kRight, before);
  std::string text =
      fmt::format("<svg viewBox=\"0 0 720 {}\" role=\"img\" aria-label=\"Ski slope\">\n", kBottom + 40) +
      axis(x, true) + axis(y, false) + fmt::format("<path d=\"{}\" class=\"slope\"/>\n", line);
  double low = kTop;
  for (const Json& mark : slope.at("marks")) {
    if (mark.at("bits").is_null() || mark.at("capacity_bits").is_null()) {
      continue;
    }
    const double across = x(mark.at("capacity_bits").get<double>());
    if (across < kLeft || across > kRight) {
      continue;
    }
    low += 13;
    const bool end = across > (kLeft + kRight) / 2;
    text += fmt::format("<path d=\"M{0:.1f} {1:.1f}V{2:.1f}\" class=\"wire\"/>", across,
                        y(mark.at("bits").get<double>()), low - 4);
    text += fmt::format(
        "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"4\" class=\"front\"/><text class=\"tiny\" x=\"{2:.1f}\" "
        "y=\"{3:.1f}\" text-anchor=\"{4}\">{5}</text>\n",
        across, y(mark.at("bits").get<double>()), across + (end ? -7 : 7), low, end ? "end" : "start",
        escaped(mark.at("name").get<std::string>() + ", " + bytes(mark.at("capacity_bits").get<double>())));
  }
  return text +
         fmt::format("<text class=\"tiny\" x=\"{}\" y=\"{}\" text-anchor=\"end\">buffer</text></svg>\n",
                     kRight, kBottom + 32);
}

std::string slope_section(const Json& slope) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& mark : slope.at("marks")) {
    const bool known = !mark.at("bits").is_null() && !mark.at("capacity_bits").is_null();
    rows.push_back({mark.at("name").get<std::string>(),
                    known ? bytes(mark.at("capacity_bits").get<double>()) : "–",
                    known ? bytes(mark.at("bits").get<double>()) : "–"});
  }
  return section(
      "slope", "How large should the buffer be?",
      "<figure><div class=\"scroll\">" + slope_svg(slope) +
          "</div>"
          "<figcaption>Least traffic of the outermost level, for one buffer of each size below it: no even "
          "mapping with all three tensors in it needs less. Dots: where the accelerator's levels stand, and "
          "the sizes from which larger ones save little.</figcaption></figure>\n" +
          table("Sizes and what must pass the outermost level", {{"mark", false}, {"buffer"}, {"traffic"}},
                rows));
}

}  // namespace weft::report
