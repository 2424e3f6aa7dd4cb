// Draws an accelerator.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.hpp"
#include "base/whole_number.hpp"
#include "report/html.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWidth = 720;
constexpr int kMargin = 10;
constexpr int kBox = 74;                 // height of a level
constexpr int kFan = 46;                 // height of what is between two levels
constexpr int kGrid = 150;               // height of the array
constexpr std::int64_t kMost = 1 << 30;  // of anything that is counted: products of two still fit

std::string label(int x, int y, const std::string& text, const char* classes, const char* anchor = "start") {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, classes,
                     anchor, escaped(text));
}

std::string rect(int x, int y, int width, int height, const char* classes) {
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\" class=\"{}\"/>\n", x, y,
                     width, height, classes);
}

// "W I O"
std::string initials(const Json& holds) {
  std::string text;
  for (const Json& role : holds) {
    const auto name = role.get<std::string>();
    text += (text.empty() ? "" : " ") + std::string(1, static_cast<char>(name.front() - 'a' + 'A'));
  }
  return text;
}

std::string per_cycle(const Json& bits) {
  return fmt::format("{:.4g}", bits.get<double>() / 8);
}

// "r 32 w 16 B/cycle"
std::string ports(const Json& memory) {
  std::string text;
  const auto add = [&](const char* letter, const char* key) {
    if (!memory.at(key).is_null()) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", letter, per_cycle(memory.at(key)));
    }
  };
  add("read", "read_bits_per_cycle");
  add("write", "write_bits_per_cycle");
  add("both", "shared_bits_per_cycle");
  return text.empty() ? "unlimited ports" : text + " B/cycle";
}

std::string memory_box(const Json& memory, int x, int y, int width) {
  const Json& capacity = memory.at("capacity_bits");
  const std::string size = capacity.is_null() ? "unbounded" : bytes(capacity.get<double>());
  const int middle = x + width / 2;
  return rect(x, y, width, 44, "memory") +
         label(middle, y + 14,
               fmt::format("{} · {}", memory.at("name").get<std::string>(), initials(memory.at("holds"))),
               "small", "middle") +
         label(middle, y + 27, fmt::format("{} {}", size, memory.at("kind").get<std::string>()),
               "small strong", "middle") +
         label(middle, y + 39, ports(memory), "tiny", "middle");
}

std::string level_box(const Json& level, const Json& area, int y) {
  const auto name = level.at("name").get<std::string>();
  const auto instances = whole_number(level.at("instances"), 0, kMost);
  std::string title = instances > 1 ? fmt::format("{} × {}", grouped(instances), name) : name;
  std::string text =
      rect(kMargin, y, kWidth - 2 * kMargin, kBox, "level") + label(kMargin + 10, y + 17, title, "strong");
  if (area.is_object() && area.contains(name) && area.at(name).get<double>() > 0) {
    text += label(kWidth - kMargin - 10, y + 17, significant(1e-6 * area.at(name).get<double>()) + " mm²",
                  "small", "end");
  }
  const Json& memories = level.at("memories");
  const int count = std::max(1, static_cast<int>(memories.size()));
  const int room = kWidth - 2 * kMargin - 20;
  const int width = (room - 8 * (count - 1)) / count;
  for (int i = 0; i < count && i < static_cast<int>(memories.size()); ++i) {
    text +=
        memory_box(memories.at(static_cast<std::size_t>(i)), kMargin + 10 + i * (width + 8), y + 24, width);
  }
  return text;
}

std::string fan(const Json& fanout, int y) {
  const auto x_size = whole_number(fanout.at("x"), 0, kMost);
  const auto y_size = whole_number(fanout.at("y"), 0, kMost);
  const int middle = kWidth / 2;
  if (x_size * y_size == 1) {
    return fmt::format("<path class=\"wire\" d=\"M{0} {1}V{2}\"/>\n", middle, y, y + kFan);
  }
  std::string text;
  const int lines = static_cast<int>(std::min<std::int64_t>(x_size * y_size, 13));
  for (int i = 0; i < lines; ++i) {
    const int end = 60 + (kWidth - 120) * i / std::max(1, lines - 1);
    text += fmt::format("<path class=\"wire\" d=\"M{0} {1}L{2} {3}\"/>\n", middle, y, end, y + kFan);
  }
  const Json& network = fanout.at("network");
  const std::string words =
      fmt::format("{} × {}   W {}, I {}, O {}", x_size, y_size, network.at("weights").get<std::string>(),
                  network.at("inputs").get<std::string>(), network.at("outputs").get<std::string>());
  return text + rect(middle - 190, y + 13, 380, 20, "paper") +
         label(middle, y + 27, words, "small", "middle");
}

// The units as a grid: that of the largest fan-out, at most 32 x 16 squares, each for as many units.
std::string array(const Json& machine, int y) {
  std::int64_t x_size = 1, y_size = 1;
  for (const Json& level : machine.at("levels")) {
    const auto x = whole_number(level.at("fanout").at("x"), 0, kMost);
    const auto rows = whole_number(level.at("fanout").at("y"), 0, kMost);
    if (x * rows > x_size * y_size) {
      x_size = x;
      y_size = rows;
    }
  }
  const int columns = static_cast<int>(std::min<std::int64_t>(x_size, 32));
  const int rows = static_cast<int>(std::min<std::int64_t>(y_size, 16));
  const double side = std::min(22.0, std::min((kWidth - 60.0) / columns, (kGrid - 40.0) / rows));
  std::string text = rect(kMargin, y, kWidth - 2 * kMargin, kGrid, "level");
  const double left = kWidth / 2.0 - columns * side / 2, top = y + 34 + (kGrid - 44.0 - rows * side) / 2;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      text +=
          fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"unit\"/>",
                      left + column * side, top + row * side, side - 1.5, side - 1.5);
    }
  }
  const Json& compute = machine.at("compute");
  const bool all = columns == x_size && rows == y_size;
  return text +
         label(kMargin + 10, y + 18,
               fmt::format("{} × {}", grouped(whole_number(compute.at("units"), 0, kMost)),
                           compute.at("name").get<std::string>()),
               "strong") +
         label(kWidth - kMargin - 10, y + 18,
               fmt::format("{} × {} b into {} b, array {} × {}{}",
                           whole_number(compute.at("weight_bits"), 0, kMost),
                           whole_number(compute.at("input_bits"), 0, kMost),
                           whole_number(compute.at("output_bits"), 0, kMost), x_size, y_size,
                           all ? "" : ", drawn smaller"),
               "small", "end");
}

}  // namespace

std::string machine_svg(const Json& machine, const Json& area) {
  const Json& levels = machine.at("levels");
  const int height = static_cast<int>(levels.size()) * (kBox + kFan) + kGrid + 2 * kMargin;
  std::string text = fmt::format(
      "<svg class=\"machine\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"The accelerator {}\">\n",
      kWidth, height, escaped(machine.at("name").get<std::string>()));
  int y = kMargin;
  for (const Json& level : levels) {
    text += level_box(level, area, y);
    text += fan(level.at("fanout"), y + kBox);
    y += kBox + kFan;
  }
  return text + array(machine, y) + "</svg>\n";
}

}  // namespace weft::report
