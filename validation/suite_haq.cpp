// MobileNetV2 at many widths on a bit-serial machine, beside the latency table that HAQ's authors ship.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "mapper/mapper.hpp"
#include "validation/csv.hpp"
#include "validation/suites.hpp"
#include "workload/presets.hpp"

namespace weft::validation {
namespace {

struct Column {
  std::string name;  // "w4a8"
  int weights = 8, activations = 8;
  std::vector<double> cycles{};  // published, by layer
};

std::vector<Column> read_columns(const std::filesystem::path& file) {
  std::vector<Column> columns;
  for (int bits = 1; bits <= 8; ++bits) {
    columns.push_back({fmt::format("w{0}a{0}", bits), bits, bits});
  }
  columns.push_back({"w4a8", 4, 8});
  columns.push_back({"w8a4", 8, 4});
  for_each_row(file, [&columns](const CsvRow& cells, int /*line*/) {
    for (Column& column : columns) {
      column.cycles.push_back(cells.number(column.name));
    }
  });
  return columns;
}

// Cycles by layer of array work, in order.
std::vector<double> our_cycles(const Column& column, const Accelerator& accelerator,
                               const EnergyTable& table) {
  Network network = mobilenet_v2(1.0, 224, 16);
  set_bits(network, column.weights, column.activations);
  NetworkRequest request;
  request.network = &network;
  request.layer.accelerator = &accelerator;
  request.layer.table = &table;
  request.layer.objective = Objective::kLatency;
  request.layer.max_evaluations = 600;
  const NetworkResult result = map_network(request);
  std::vector<double> cycles;
  for (const LayerResult& layer : result.layers) {
    for (std::int64_t copy = 0; layer.map && copy < layer.repeat; ++copy) {
      WEFT_ENSURE(layer.map->mapping, "the machine runs every layer");
      cycles.push_back(static_cast<double>(layer.map->evaluation.timing.cycles));
    }
  }
  return cycles;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) {
    total += value;
  }
  return total;
}

}  // namespace

SuiteResult run_haq(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator_file(options.data / "haq_machine.yaml");
  const EnergyTable table = EnergyTable::load("default_45nm");
  Series totals{.title = "network",
                .unit = "cycles",
                .source = "K. Wang et al., HAQ, CVPR 2019; github.com/mit-han-lab/haq, lookup tables",
                .ranked = true};
  Series layers = totals;
  layers.title = "layers at all widths";
  layers.summarised = true;
  std::int64_t falls = 0;
  double before = 0;
  for (const Column& column : read_columns(table_of(options, "haq_mobilenet_v2.csv"))) {
    const std::vector<double> ours = our_cycles(column, accelerator, table);
    if (ours.size() != column.cycles.size()) {
      throw ConfigError({(options.data / "haq_mobilenet_v2.csv").string()}, "bad-table",
                        fmt::format("{} layers; MobileNetV2 has {}", column.cycles.size(), ours.size()));
    }
    totals.rows.push_back({column.name, sum(column.cycles), sum(ours)});
    for (std::size_t i = 0; i < ours.size(); ++i) {
      layers.rows.push_back({fmt::format("layer {} {}", i, column.name), column.cycles[i], ours[i]});
    }
    if (column.weights == column.activations) {
      falls += sum(ours) < before ? 1 : 0;
      before = sum(ours);
    }
  }
  SuiteResult result;
  result.machine = "configs/validation/haq_machine.yaml, the analytic model, MobileNetV2 at batch 16";
  result.series = {totals, layers};
  result.claims = {ranks_at_least(totals, 0.98),
                   ranks_at_least(layers, 0.98),
                   {.what = "uniform widths that are faster than the next narrower one",
                    .found = static_cast<double>(falls),
                    .relation = Claim::Relation::kExactly}};
  result.informed =
      "the machine is not published: its sizes were read off six layers at 8 bits "
      "(configs/validation/haq_machine.yaml)";
  result.not_modelled = {"what makes depthwise layers take 16 channels at a time there (21 here)",
                         "time to load weights between groups of filters, which shows in their deep layers"};
  return result;
}

}  // namespace weft::validation
