// Works out ski slopes and prints them for people and spreadsheets.
// SPDX-License-Identifier: Apache-2.0
#include "cli/slopes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "base/table.hpp"
#include "base/units.hpp"
#include "cli/human_bytes.hpp"

namespace weft::cli {
namespace {

// A power of two as people say it: "128 KiB", where the shortest text would be "1 Mib".
std::string size_text(std::int64_t bits) {
  for (const auto& [unit, size] : {std::pair{"GiB", std::int64_t{8} << 30},
                                   {"MiB", std::int64_t{8} << 20},
                                   {"KiB", std::int64_t{8} << 10},
                                   {"B", std::int64_t{8}}}) {
    if (bits % size == 0) {
      return fmt::format("{} {}", bits / size, unit);
    }
  }
  return fmt::format("{} b", bits);
}

std::vector<SlopeMark> marks_of(const SkiSlope& slope, const Accelerator& accelerator) {
  std::vector<SlopeMark> marks = {{"smallest", slope.points.front().capacity_bits},
                                  {"within 10 %", slope.knee(0.10)},
                                  {"within 1 %", slope.knee(0.01)},
                                  {"compulsory", slope.compulsory().capacity_bits}};
  for (const SlopeRoom& room : slope_rooms(accelerator)) {
    marks.push_back({room.name, room.bits});
  }
  for (SlopeMark& mark : marks) {
    mark.point = slope.at(mark.capacity_bits);
  }
  return marks;
}

double over_compulsory(const SlopePoint& point, const SkiSlope& slope) {
  return static_cast<double>(point.words) / static_cast<double>(slope.compulsory().words);
}

// Powers of two of the buffer's bytes, from the first that one word of each tensor fits to the last that
// makes a difference.
std::vector<std::int64_t> round_sizes(const SkiSlope& slope) {
  std::vector<std::int64_t> sizes;
  std::int64_t size = 8;
  while (size < slope.points.front().capacity_bits) {
    size *= 2;
  }
  for (; size / 2 < slope.compulsory().capacity_bits; size *= 2) {
    sizes.push_back(size);
  }
  return sizes;
}

std::string curve(const SkiSlope& slope) {
  Table table({{"buffer"}, {"words"}, {"bytes"}, {"x compulsory"}, {"", Align::kLeft}});
  const double steepest = over_compulsory(slope.points.front(), slope);
  for (const std::int64_t size : round_sizes(slope)) {
    const SlopePoint point = *slope.at(size);
    const double over = over_compulsory(point, slope);
    const double share = steepest > 1 ? std::log(over) / std::log(steepest) : 0;
    table.add_row({size_text(size), grouped(point.words), human_bytes(point.bits), significant(over),
                   std::string(static_cast<std::size_t>(std::lround(40 * share)), '#')});
  }
  return table.text();
}

std::string marks_table(const SlopeReport& report) {
  Table table({{"mark", Align::kLeft}, {"buffer"}, {"words"}, {"bytes"}, {"x compulsory"}});
  for (const SlopeMark& mark : report.marks) {
    const std::string size = human_room(mark.capacity_bits);
    if (mark.point) {
      table.add_row({mark.name, size, grouped(mark.point->words), human_bytes(mark.point->bits),
                     significant(over_compulsory(*mark.point, report.slope))});
    } else {
      table.add_row({mark.name, size, "too small", "", ""});
    }
  }
  return table.text();
}

std::string print_text(const SlopeReport& report, const Setup& setup) {
  const std::string& outer = setup.accelerator.levels.front().name;
  std::string text = text_header(report.base, setup);
  text += fmt::format("least traffic of {} through one buffer of each size{}\n\n", outer,
                      report.layers == 1 ? "" : fmt::format(", sum of {} layers", report.layers));
  text += curve(report.slope) + "\n" + marks_table(report);
  text += fmt::format(
      "\nbuffer: room for a tile of each tensor; a double-buffered memory has twice that. words, bytes: read "
      "from "
      "and\nwritten to {}; no even mapping with all three tensors in one buffer of that size needs fewer. x "
      "compulsory: these /\nthe words that must move once. bar: the same, logarithmic. Levels of the "
      "accelerator: "
      "the room of all instances,\nwhatever tensors they hold; mappings that are uneven or bypass a level "
      "may be "
      "below the slope.\n",
      outer);
  text +=
      report.slope.exact
          ? "exact: for each size there is such a mapping.\n"
          : "lower bound: windows overlap, and an order that reuses as much of the overlap need not exist.\n";
  if (report.skipped > 0) {
    text += fmt::format("{} layers without array work are left out.\n", report.skipped);
  }
  return text;
}

std::string print_csv(const SlopeReport& report) {
  Table table({{"mark"}, {"capacity_bits"}, {"words"}, {"bits"}, {"over_compulsory"}});
  const auto add = [&](const std::string& name, std::int64_t capacity,
                       const std::optional<SlopePoint>& point) {
    if (point) {
      table.add_row({name, std::to_string(capacity), std::to_string(point->words),
                     std::to_string(point->bits), fmt::format("{}", over_compulsory(*point, report.slope))});
    } else {
      table.add_row({name, std::to_string(capacity), "", "", ""});
    }
  };
  for (const SlopePoint& point : report.slope.points) {
    add("", point.capacity_bits, point);
  }
  for (const SlopeMark& mark : report.marks) {
    add(mark.name, mark.capacity_bits, mark.point);
  }
  return table.csv();
}

}  // namespace

LayerSlopes slopes_of(const Setup& setup) {
  LayerSlopes slopes;
  const std::vector<Layer>& layers = setup.network.layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    slopes.slope_of.emplace_back();
    if (!layers[i].problem) {
      continue;
    }
    const Problem& problem = *layers[i].problem;
    for (std::size_t j = 0; j < i && !slopes.slope_of[i]; ++j) {
      const bool same = layers[j].problem && same_shape(*layers[j].problem, problem);
      slopes.slope_of[i] = same ? slopes.slope_of[j] : std::nullopt;
    }
    if (slopes.slope_of[i]) {
      continue;
    }
    try {
      slopes.distinct.push_back(ski_slope(problem, slope_widths(problem, setup.accelerator)));
      slopes.slope_of[i] = slopes.distinct.size() - 1;
    } catch (const TooManyTiles& refused) {
      slopes.refused = slopes.refused.empty()
                           ? fmt::format("layer '{}' has {}", layers[i].name, refused.what())
                           : slopes.refused;
    }
  }
  return slopes;
}

SlopeReport make_slope_report(const Setup& setup) {
  if (setup.arguments.convention != "weft") {
    throw ConfigError({}, "bad-usage", "--ski-slope counts words as weft does",
                      "leave out --convention " + setup.arguments.convention);
  }
  const LayerSlopes slopes = slopes_of(setup);
  if (!slopes.refused.empty()) {
    throw ConfigError({setup.network_source.name}, "too-many-tiles",
                      slopes.refused + ": too many for a ski slope", "name another layer with --layer");
  }
  SlopeReport report{.base = make_report(Verb::kMap, setup, {})};
  std::vector<RepeatedSlope> parts;
  for (std::size_t i = 0; i < setup.network.layers.size(); ++i) {
    const std::int64_t repeat = setup.network.layers[i].repeat;
    if (slopes.slope_of[i]) {
      parts.push_back({&slopes.distinct[*slopes.slope_of[i]], repeat});
    }
    std::int64_t& count = slopes.slope_of[i] ? report.layers : report.skipped;
    count = checked_add(count, repeat);
  }
  if (parts.empty()) {
    throw ConfigError({setup.network_source.name}, "bad-usage",
                      "no layer has array work: there is no ski slope");
  }
  report.slope = sum(parts);
  report.marks = marks_of(report.slope, setup.accelerator);
  return report;
}

std::string print(const SlopeReport& report, const Setup& setup) {
  switch (setup.format) {
    case Format::kText:
      return print_text(report, setup);
    case Format::kJson:
      return print_json(report, setup);
    case Format::kCsv:
      return print_csv(report);
  }
  WEFT_ENSURE(false, "not a format");
}

}  // namespace weft::cli
