// The front as a spreadsheet.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/table.hpp"
#include "dse/chosen.hpp"

namespace weft {

namespace {

constexpr double kMilliseconds = 1e3;  // in a second
constexpr double kMicrojoulesPerPicojoule = 1e-6;
constexpr double kSquareMillimetres = 1e-6;  // in a square micrometre

}  // namespace

std::string front_csv(const StudyResult& result) {
  const DesignSpace& space = result.space;
  std::vector<Table::Column> columns = {{"design"}};
  for (const std::string& parameter : space.network->columns()) {
    columns.push_back({parameter});
  }
  for (const Knob& knob : space.knobs) {
    columns.push_back({knob.name});
  }
  for (const char* name : {"accuracy_percent", "latency_ms", "energy_uj", "area_mm2", "cycles", "knee"}) {
    columns.push_back({name});
  }
  Table table(columns);
  for (const std::size_t member : result.front) {
    const StudyPoint& point = result.points[member];
    std::vector<std::string> cells = {fmt::format("{}", point.id)};
    for (const std::optional<double>& cell : space.network->cells(point.genome)) {
      cells.push_back(cell ? fmt::format("{}", *cell) : "");
    }
    for (std::size_t k = 0; k < space.knobs.size(); ++k) {
      cells.push_back(space.option(point.genome, k).label);
    }
    cells.push_back(fmt::format("{}", point.accuracy));
    cells.push_back(fmt::format("{}", point.latency_s * kMilliseconds));
    cells.push_back(fmt::format("{}", point.energy_pj * kMicrojoulesPerPicojoule));
    cells.push_back(fmt::format("{}", point.area_um2 * kSquareMillimetres));
    cells.push_back(fmt::format("{}", point.cycles));
    cells.push_back(result.knee == member ? "1" : "0");
    table.add_row(std::move(cells));
  }
  return table.csv();
}

std::string trace_csv(const StudyResult& result) {
  Table table({{"evaluations"}, {"front"}, {"hypervolume"}});
  for (const TraceRow& row : result.trace) {
    table.add_row({fmt::format("{}", row.evaluations), fmt::format("{}", row.front),
                   fmt::format("{}", row.hypervolume)});
  }
  return table.csv();
}

}  // namespace weft
