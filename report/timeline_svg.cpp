// A simulated run over time: what the array did, how busy the ports were, how full the buffers.
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
using Bins = std::vector<double>;

constexpr double kLeft = 170, kWidth = 720, kArray = 110, kStrip = 22, kRowGap = 5;
constexpr std::size_t kColours = 8;

double x_of(std::size_t bin, std::size_t bins) {
  return kLeft + (kWidth - kLeft) * static_cast<double>(bin) / static_cast<double>(bins);
}

// The area between two step lines, in shares of `height` above `bottom`.
std::string area(const Bins& low, const Bins& high, double bottom, double height, std::size_t colour) {
  std::string there, back;
  for (std::size_t i = 0; i < high.size(); ++i) {
    const double left = x_of(i, high.size()), right = x_of(i + 1, high.size());
    there += fmt::format("{}{:.1f} {:.1f}L{:.1f} {:.1f}", i == 0 ? "M" : "L", left, bottom - height * high[i],
                         right, bottom - height * high[i]);
    const std::size_t j = high.size() - 1 - i;
    back += fmt::format("L{:.1f} {:.1f}L{:.1f} {:.1f}", x_of(j + 1, high.size()), bottom - height * low[j],
                        x_of(j, high.size()), bottom - height * low[j]);
  }
  return fmt::format("<path d=\"{}{}Z\" class=\"s{}\"/>\n", there, back, colour);
}

std::string label(const std::string& text, double y) {
  return fmt::format("<text class=\"tiny\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", kLeft - 6,
                     y, escaped(text.substr(0, 30)));
}

struct Series {
  std::string name{};
  Bins bins{};
};

// Work first, then what was waited for, by how much.
std::vector<Series> array_series(const Json& timeline) {
  std::vector<Series> waits;
  for (const auto& [name, bins] : timeline.at("waiting").items()) {
    waits.push_back({"waits for " + name, bins.get<Bins>()});
  }
  const auto sum = [](const Series& s) {
    double all = 0;
    for (const double bin : s.bins) {
      all += bin;
    }
    return all;
  };
  std::stable_sort(waits.begin(), waits.end(),
                   [&](const Series& a, const Series& b) { return sum(a) > sum(b); });
  waits.insert(waits.begin(), {"works", timeline.at("working").get<Bins>()});
  return waits;
}

std::string legend(const std::vector<Series>& series, double& y) {
  std::string text;
  double x = kLeft;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double width = 30 + 5.6 * static_cast<double>(series[i].name.size());
    if (x + width > kWidth && x > kLeft) {
      x = kLeft;
      y += 16;
    }
    text += fmt::format(
        "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"10\" height=\"10\" class=\"s{}\"/><text class=\"tiny\" "
        "x=\"{:.0f}\" "
        "y=\"{:.0f}\">{}</text>\n",
        x, y, i % kColours, x + 14, y + 9, escaped(series[i].name));
    x += width;
  }
  y += 20;
  return text;
}

// Where layers end: a line through everything, a name where there is room.
std::string layer_ends(const Json& run, double cycles, double top, double bottom) {
  std::string text;
  double named = kLeft;
  for (const Json& layer : run.at("layers")) {
    const double end = layer.at("end").get<double>();
    if (end <= 0 || end > cycles) {
      continue;
    }
    const double x = kLeft + (kWidth - kLeft) * end / cycles;
    text += fmt::format("<path d=\"M{:.1f} {:.1f}V{:.1f}\" class=\"grid\"/>", x, top, bottom);
    const auto name = layer.at("name").get<std::string>();
    const double width = 6.0 * static_cast<double>(name.size());
    if (x - named > width + 8) {
      text += fmt::format("<text class=\"tiny\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                          x - 2, top - 3, escaped(name));
      named = x;
    }
  }
  return text;
}

std::string strip(const std::string& name, const Bins& bins, double y, std::size_t colour) {
  return label(name, y + kStrip - 7) +
         fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"level\"/>",
                     kLeft, y, kWidth - kLeft, kStrip) +
         area(Bins(bins.size(), 0), bins, y + kStrip, kStrip, colour);
}

Bins shares(const Json& buffer) {
  Bins bins = buffer.at("taken").get<Bins>();
  for (double& bin : bins) {
    bin /= std::max(1.0, buffer.at("places").get<double>());
  }
  return bins;
}

}  // namespace

std::string timeline_svg(const Json& back_to_back) {
  const Json& timeline = back_to_back.at("timeline");
  const double cycles = timeline.at("cycles").get<double>();
  const std::vector<Series> series = array_series(timeline);
  double y = 4;
  std::string body = legend(series, y);
  const double top = y + 12;
  body += label("the array", top + kArray / 2);
  Bins low(series[0].bins.size(), 0);
  for (std::size_t i = 0; i < series.size(); ++i) {
    Bins high = low;
    for (std::size_t bin = 0; bin < high.size(); ++bin) {
      high[bin] = std::min(1.0, high[bin] + series[i].bins[bin]);
    }
    body += area(low, high, top + kArray, kArray, i % kColours);
    low = std::move(high);
  }
  y = top + kArray + 12;
  for (const auto& [name, bins] : timeline.at("ports").items()) {
    body += strip("port " + name, bins.get<Bins>(), y, 5);
    y += kStrip + kRowGap;
  }
  y += 6;
  for (const Json& buffer : timeline.at("buffers")) {
    body += strip(
        fmt::format("{}, {}", buffer.at("name").get<std::string>(), buffer.at("places").get<long long>()),
        shares(buffer), y, 2);
    y += kStrip + kRowGap;
  }
  body += layer_ends(back_to_back, cycles, top, y);
  body += fmt::format(
      "<text class=\"tiny\" x=\"{}\" y=\"{:.0f}\">0</text><text class=\"tiny\" x=\"{}\" y=\"{:.0f}\" "
      "text-anchor=\"end\">{} cycles</text>\n",
      kLeft, y + 12, kWidth, y + 12, si(cycles, ""));
  return fmt::format("<svg viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"The run over time\">\n",
                     kWidth + 4, y + 18) +
         body + "</svg>\n";
}

}  // namespace weft::report
