// The designs of a study as dots.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/html.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kWidth = 720, kHeight = 420, kLeft = 78, kRight = 16, kTop = 14, kBottom = 46;
constexpr std::size_t kMostDots = 1500;

// One figure along an axis, by its logarithm where all values are above zero.
struct Axis {
  std::string name{};
  std::vector<double> values{};
  bool logarithm = true;
  double low = 0, high = 1;

  [[nodiscard]] double scaled(double value) const { return logarithm ? std::log10(value) : value; }
  [[nodiscard]] double place(double value) const { return (scaled(value) - low) / (high - low); }
  [[nodiscard]] double at(double share) const {
    const double value = low + share * (high - low);
    return logarithm ? std::pow(10, value) : value;
  }
};

Axis axis_of(const Json& figure, const std::vector<bool>& complete) {
  Axis axis{.name = figure.at("name").get<std::string>(),
            .values = figure.at("values").get<std::vector<double>>()};
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    axis.logarithm = axis.logarithm && (!complete[i] || axis.values[i] > 0);
  }
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    if (complete[i]) {
      low = std::min(low, axis.scaled(axis.values[i]));
      high = std::max(high, axis.scaled(axis.values[i]));
    }
  }
  const double margin = high > low ? 0.04 * (high - low) : 1;
  axis.low = low - margin;
  axis.high = high + margin;
  return axis;
}

std::string dot(const Axis& x, const Axis& y, std::size_t i, const char* classes, double radius) {
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"{}\"/>\n",
                     kLeft + x.place(x.values[i]) * (kWidth - kLeft - kRight),
                     kHeight - kBottom - y.place(y.values[i]) * (kHeight - kTop - kBottom), radius, classes);
}

// Three digits are enough at an axis.
double significant_value(double value) {
  const double step = value == 0 ? 1 : std::pow(10, std::floor(std::log10(std::fabs(value))) - 2);
  return std::round(value / step) * step;
}

std::string axes(const Axis& x, const Axis& y) {
  std::string text;
  constexpr int kTicks = 4;
  for (int i = 0; i <= kTicks; ++i) {
    const double share = static_cast<double>(i) / kTicks;
    const double across = kLeft + share * (kWidth - kLeft - kRight);
    const double down = kHeight - kBottom - share * (kHeight - kTop - kBottom);
    text += fmt::format("<path class=\"grid\" d=\"M{0:.1f} {1}V{2}M{3} {4:.1f}H{5}\"/>\n", across, kTop,
                        kHeight - kBottom, kLeft, down, kWidth - kRight);
    text += fmt::format("<text class=\"tiny\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                        across, kHeight - kBottom + 15, figure_text(x.name, significant_value(x.at(share))));
    text += fmt::format("<text class=\"tiny\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                        kLeft - 6, down + 4, figure_text(y.name, significant_value(y.at(share))));
  }
  text += fmt::format("<text class=\"small\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                      (kLeft + kWidth - kRight) / 2, kHeight - 8, escaped(figure_label(x.name)));
  return text + fmt::format(
                    "<text class=\"small\" transform=\"translate(14 {}) rotate(-90)\" "
                    "text-anchor=\"middle\">{}</text>\n",
                    (kTop + kHeight - kBottom) / 2, escaped(figure_label(y.name)));
}

// The figures to draw: latency and energy where the study has them, else the first two.
std::vector<std::size_t> drawn(const Json& figures) {
  std::vector<std::size_t> chosen;
  for (const char* wanted : {"latency_s", "energy_pj"}) {
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (figures[i].at("name") == wanted) {
        chosen.push_back(i);
      }
    }
  }
  for (std::size_t i = 0; i < figures.size() && chosen.size() < 2; ++i) {
    if (std::find(chosen.begin(), chosen.end(), i) == chosen.end()) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

}  // namespace

std::string front_svg(const Json& study) {
  const Json& figures = study.at("figures");
  const auto complete = study.at("complete").get<std::vector<bool>>();
  const std::vector<std::size_t> chosen = drawn(figures);
  if (chosen.size() < 2 || std::find(complete.begin(), complete.end(), true) == complete.end()) {
    return "";
  }
  const Axis x = axis_of(figures[chosen[0]], complete), y = axis_of(figures[chosen[1]], complete);
  std::string text =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Designs by {} and {}\">\n", kWidth,
                  kHeight, escaped(x.name), escaped(y.name)) +
      axes(x, y);
  const std::size_t step = std::max<std::size_t>(1, complete.size() / kMostDots);
  for (std::size_t i = 0; i < complete.size(); i += step) {
    text += complete[i] ? dot(x, y, i, "dot", 2.5) : "";
  }
  for (const Json& member : study.at("front")) {
    text += dot(x, y, member.get<std::size_t>(), "dot front", 4);
  }
  if (!study.at("chosen").is_null()) {
    text += dot(x, y, study.at("chosen").get<std::size_t>(), "dot chosen", 7);
  }
  return text + "</svg>\n";
}

}  // namespace weft::report
