// Our proven optima beside the best mappings that other mappers have been seen to find.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "mapper/exact/exact.hpp"
#include "validation/csv.hpp"
#include "validation/mapper_rows.hpp"
#include "validation/suites.hpp"
#include "workload/import.hpp"

namespace weft::validation {
namespace {

Problem problem_of(const std::filesystem::path& folder, const std::string& layer) {
  const Network network = load_network_yaml(folder / "layers.yaml");
  for (const Layer& candidate : network.layers) {
    if (candidate.name == layer && candidate.problem) {
      return *candidate.problem;
    }
  }
  throw ConfigError({(folder / "layers.yaml").string()}, "unknown-name", "no layer '" + layer + "'");
}

}  // namespace

std::vector<BestSeen> read_best_seen(const std::filesystem::path& file) {
  return collect_rows(file, [](const CsvRow& cells, int /*line*/) {
    return BestSeen{.mapper = cells.text("mapper"),
                    .layer = cells.text("layer"),
                    .edp = cells.number("edp_j_cycle"),
                    .energy_uj = cells.number("energy_uj"),
                    .cycles = cells.integer("cycles")};
  });
}

MapperTask::MapperTask(const std::filesystem::path& folder, const std::string& layer)
    : accelerator(load_accelerator_file(folder / "eyeriss168.yaml")),
      table(EnergyTable::load("default_45nm")),
      problem(problem_of(folder, layer)),
      constraints(load_constraints((folder / "eyeriss168_constraints.yaml").string(), problem, accelerator)) {
}

MapRequest MapperTask::request() const {
  return {.problem = &problem,
          .accelerator = &accelerator,
          .table = &table,
          .objective = Objective::kEdp,
          .model = EvaluateOptions::timeloop(),
          .constraints = &constraints};
}

double edp(const MapResult& result) {
  return result.energy.total * 1e-12 * static_cast<double>(result.evaluation.timing.cycles);
}

SuiteResult run_mapper(const SuiteOptions& options) {
  const std::filesystem::path folder = options.data / "mapper";
  Series found{.title = "EDP of the best mapping",
               .unit = "J cycle",
               .truth = Truth::kTool,
               .source = "timeloop-mapper 4cf6d4c, best over all its runs; AccelForge 1c1929c"};
  double worst_gap = 0;
  std::int64_t higher = 0;
  for (const BestSeen& row : read_best_seen(table_of(options, "mapper/best_seen.csv"))) {
    const MapperTask task(folder, row.layer);
    const MapResult best = exact::solve(task.request());
    WEFT_ENSURE(best.mapping, "the exact search finds a mapping of every layer here");
    found.rows.push_back({row.layer + " (" + row.mapper + ")", row.edp, edp(best)});
    found.notes.push_back(fmt::format("{:.2f} uJ, {} cycles, gap {:.2g}", best.energy.total * 1e-6,
                                      best.evaluation.timing.cycles, best.gap));
    worst_gap = std::max(worst_gap, best.gap);
    higher += edp(best) > row.edp ? 1 : 0;
  }
  // One row can be checked for the price, not only for the optimum.
  const MapperTask conv1(folder, "conv1");
  const MapResult priced =
      price(conv1.request(), load_mapping(folder / "conv1_best_seen.yaml", conv1.problem, conv1.accelerator));
  Series price_series{.title = "price of one mapping (conv1_best_seen.yaml)",
                      .unit = "uJ, cycles",
                      .truth = Truth::kTool,
                      .source = "timeloop-mapper 4cf6d4c",
                      .rows = {{"energy", 360.052, priced.energy.total * 1e-6},
                               {"cycles", 1'278'704, static_cast<double>(priced.evaluation.timing.cycles)}}};
  SuiteResult result;
  result.machine = "configs/validation/mapper/eyeriss168.yaml, exact search, --convention timeloop";
  result.series = {found, price_series};
  result.claims = {{.what = "rows in which ours is worse",
                    .found = static_cast<double>(higher),
                    .relation = Claim::Relation::kExactly},
                   {.what = "largest gap to the proven bound", .found = worst_gap, .limit = 1e-12},
                   all_equal(price_series, {1e-9, 0.0005})};
  result.informed = "none; conv1's row confirmed the machine's description";
  result.not_modelled = {"a latch that keeps an input at the multiplier between MACs (neither do they)"};
  return result;
}

}  // namespace weft::validation
