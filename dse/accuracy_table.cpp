// Families and accuracy tables.
// SPDX-License-Identifier: Apache-2.0
#include "dse/accuracy_table.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/parse_number.hpp"
#include "base/text_file.hpp"
#include "workload/presets.hpp"

namespace weft {

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 0;
  for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', from)) {
    cells.push_back(trimmed(line.substr(from, comma - from)));
    from = comma + 1;
  }
  cells.push_back(trimmed(line.substr(from)));
  return cells;
}

std::optional<double> number_of(const std::string& text) {
  const auto value = parse_number<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

class TableReader {
 public:
  TableReader(const std::filesystem::path& file, const NetworkFamily& family) : file_(file.string()) {
    header_ = family.parameters;
    header_.push_back(family.score);
  }

  std::vector<NetworkPoint> read() {
    bool titled = false;
    int number = 0;
    for (const std::string& whole : lines_of(read_text_file(file_))) {
      ++number;
      const std::string line = trimmed(whole);
      if (line.empty() || line.front() == '#') {
        continue;
      }
      if (titled) {
        row(cells_of(line), number);
      } else {
        title(cells_of(line), number);
      }
      titled = true;
    }
    if (points_.empty() && diagnostics_.empty()) {
      problem(0, "empty-table", "the table has no rows");
    }
    if (!diagnostics_.empty()) {
      throw ConfigError(std::move(diagnostics_));
    }
    return std::move(points_);
  }

 private:
  void problem(int line, std::string code, std::string message) {
    diagnostics_.push_back({{file_, line, line > 0 ? 1 : 0}, std::move(code), std::move(message), ""});
  }

  void title(const std::vector<std::string>& cells, int line) {
    if (cells != header_) {
      problem(line, "bad-table", fmt::format("the columns must be {}", fmt::join(header_, ",")));
    }
  }

  void row(const std::vector<std::string>& cells, int line) {
    if (cells.size() != header_.size()) {
      problem(line, "bad-table", fmt::format("{} cells, but {} columns", cells.size(), header_.size()));
      return;
    }
    NetworkPoint point;
    for (const std::string& cell : cells) {
      const auto value = number_of(cell);
      if (!value) {
        problem(line, "bad-table", fmt::format("'{}' is not a number", cell));
        return;
      }
      point.parameters.push_back(*value);
    }
    point.accuracy = point.parameters.back();
    point.parameters.pop_back();
    if (point.accuracy < 0 || point.accuracy > 100) {
      problem(line, "bad-table", fmt::format("an accuracy of {} % is not between 0 and 100", point.accuracy));
      return;
    }
    for (const NetworkPoint& other : points_) {
      if (other.parameters == point.parameters) {
        problem(line, "duplicate-row", "an earlier row has the same parameters");
        return;
      }
    }
    points_.push_back(std::move(point));
  }

  std::string file_;
  std::vector<std::string> header_;
  std::vector<NetworkPoint> points_;
  std::vector<Diagnostic> diagnostics_;
};

Network build_mobilenet_v2(const std::vector<double>& parameters) {
  const double width = parameters.at(0);
  const double resolution = parameters.at(1);
  if (width < 0.05 || width > 16 || resolution < 32 || resolution > 8192 ||
      resolution != std::floor(resolution)) {
    throw std::invalid_argument(
        fmt::format("no MobileNetV2 of width {} and resolution {}: widths are 0.05 to 16, resolutions whole "
                    "numbers from 32 to 8192",
                    width, resolution));
  }
  return mobilenet_v2(width, static_cast<std::int64_t>(resolution));
}

Registry<NetworkFamily> make_families() {
  Registry<NetworkFamily> registry("network family");
  registry.add("mobilenet_v2", "MobileNetV2 by width multiplier and resolution",
               {{"width", "resolution"}, build_mobilenet_v2, "top1"});
  return registry;
}

}  // namespace

const Registry<NetworkFamily>& network_families() {
  static const Registry<NetworkFamily> registry = make_families();
  return registry;
}

std::vector<NetworkPoint> load_accuracy(const std::filesystem::path& file, const NetworkFamily& family) {
  return TableReader(file, family).read();
}

std::string describe(const NetworkFamily& family, const NetworkPoint& point) {
  std::string text;
  for (std::size_t i = 0; i < family.parameters.size(); ++i) {
    text += fmt::format("{}{}={}", i > 0 ? " " : "", family.parameters[i], point.parameters[i]);
  }
  return text;
}

}  // namespace weft
