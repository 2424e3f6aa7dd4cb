// How busy every unit of the array is, as heat maps.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/whole_number.hpp"
#include "report/html.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostMaps = 8;
constexpr double kSide = 168, kGap = 14, kTop = 30;
constexpr int kPerRow = 4;
constexpr std::int64_t kMostCells = 1 << 16;  // along one axis

// Shares of a layer's cycles in which the units behind each cell work.
struct Map {
  std::string name{};
  std::size_t across = 0, down = 0;
  std::vector<double> busy{};
  double weight = 0;  // cycles of all copies
};

// The mapping says how the units' work compares; the utilisation says how much all of them work.
Map map_of(const Json& layer) {
  const Json& array = layer.at("array");
  Map map{.name = layer.at("name").get<std::string>(),
          .across = static_cast<std::size_t>(whole_number(array.at("cells_x"), 0, kMostCells)),
          .down = static_cast<std::size_t>(whole_number(array.at("cells_y"), 0, kMostCells)),
          .busy = array.at("share").get<std::vector<double>>(),
          .weight = layer.at("repeat").get<double>() * layer.at("cycles").get<double>()};
  const double mean =
      std::accumulate(map.busy.begin(), map.busy.end(), 0.0) / static_cast<double>(map.busy.size());
  const double scale = mean > 0 ? layer.at("utilization").get<double>() / mean : 0;
  for (double& busy : map.busy) {
    busy = std::min(1.0, busy * scale);
  }
  return map;
}

// All layers with array work; those of another shape of the array (units that split) are left out.
std::vector<Map> maps_of(const Json& run) {
  std::vector<Map> maps;
  for (const Json& layer : run.at("layers")) {
    if (layer.contains("array") && !layer.at("array").is_null()) {
      Map map = map_of(layer);
      const bool fits = map.busy.size() == map.across * map.down &&
                        (maps.empty() || (maps[0].across == map.across && maps[0].down == map.down));
      if (fits && !map.busy.empty()) {
        maps.push_back(std::move(map));
      }
    }
  }
  return maps;
}

Map all_of(const std::vector<Map>& maps) {
  Map all{.name = "all layers", .across = maps[0].across, .down = maps[0].down};
  all.busy.assign(maps[0].busy.size(), 0);
  for (const Map& map : maps) {
    all.weight += map.weight;
    for (std::size_t i = 0; i < map.busy.size(); ++i) {
      all.busy[i] += map.weight * map.busy[i];
    }
  }
  for (double& busy : all.busy) {
    busy /= all.weight > 0 ? all.weight : 1;
  }
  return all;
}

// Equal neighbours of a row are one rectangle.
std::string cells(const Map& map, double left, double top, double side) {
  std::string text;
  for (std::size_t y = 0; y < map.down; ++y) {
    const auto row = map.busy.begin() + static_cast<std::ptrdiff_t>(y * map.across);
    for (std::size_t x = 0; x < map.across;) {
      std::size_t end = x + 1;
      const double busy = row[static_cast<std::ptrdiff_t>(x)];
      while (end < map.across && std::abs(row[static_cast<std::ptrdiff_t>(end)] - busy) < 0.002) {
        ++end;
      }
      if (busy > 0.002) {
        text += fmt::format(
            "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" class=\"heat\" "
            "fill-opacity=\"{:.3f}\"/>",
            left + static_cast<double>(x) * side, top + static_cast<double>(y) * side,
            static_cast<double>(end - x) * side, side, busy);
      }
      x = end;
    }
  }
  return text;
}

std::string drawing(const Map& map, double left, double top) {
  const double side = kSide / static_cast<double>(std::max(map.across, map.down));
  const double width = side * static_cast<double>(map.across), height = side * static_cast<double>(map.down);
  const double mean =
      std::accumulate(map.busy.begin(), map.busy.end(), 0.0) / static_cast<double>(map.busy.size());
  const auto [least, most] = std::minmax_element(map.busy.begin(), map.busy.end());
  return fmt::format("<g><title>{}: {} of the cycles on average; {} to {}</title>", escaped(map.name),
                     percent(mean), percent(*least), percent(*most)) +
         fmt::format("<text class=\"tiny\" x=\"{:.1f}\" y=\"{:.1f}\">{}  {}</text>", left, top - 6,
                     escaped(map.name.substr(0, 18)), percent(mean)) +
         fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" class=\"level\"/>",
                     left, top, width, height) +
         cells(map, left, top, side) + "</g>\n";
}

}  // namespace

std::string array_svg(const Json& run) {
  std::vector<Map> maps = maps_of(run);
  if (maps.empty()) {
    return "";
  }
  std::vector<Map> shown;
  if (maps.size() > 1) {
    shown.push_back(all_of(maps));
  }
  std::stable_sort(maps.begin(), maps.end(), [](const Map& a, const Map& b) { return a.weight > b.weight; });
  for (Map& map : maps) {
    if (shown.size() < kMostMaps) {
      shown.push_back(std::move(map));
    }
  }
  const double aspect =
      static_cast<double>(shown[0].down) / static_cast<double>(std::max(shown[0].across, shown[0].down));
  const double height = kTop + kSide * aspect;
  const auto rows = static_cast<double>((shown.size() + kPerRow - 1) / kPerRow);
  std::string text = fmt::format(
      "<svg viewBox=\"0 0 {:.0f} {:.0f}\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"Work of "
      "the array's units\">\n",
      kPerRow * (kSide + kGap), rows * height + 8);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    text += drawing(shown[i], static_cast<double>(i % kPerRow) * (kSide + kGap),
                    static_cast<double>(i / kPerRow) * height + kTop - 6);
  }
  return text + "</svg>\n";
}

}  // namespace weft::report
