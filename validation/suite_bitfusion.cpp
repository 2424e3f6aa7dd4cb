// Layers of quantised networks beside Bit Fusion's own simulator: compute cycles, cycles with a slow memory,
// and energy against the Eyeriss of the same files. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "mapper/constraints.hpp"
#include "mapper/mapper.hpp"
#include "validation/bitfusion_tiler.hpp"
#include "validation/csv.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

constexpr std::int64_t kBatch = 16;
constexpr double kSlow = 0.01, kEnergy = 0.05;  // of each network's cycles and energy at 192 b/cycle

struct FusionRow {
  std::string network, layer;
  std::int64_t side = 1, c = 1, m = 1, kernel = 1, stride = 1;
  int input_bits = 8, weight_bits = 8;
  bool kernel_along_channels = false;  // im2col
  double slow_cycles = 0, slow_stall = 0, fast_cycles = 0, energy_uj = 0, eyeriss_uj = 0;
};

std::vector<FusionRow> read_rows(const std::filesystem::path& file) {
  return collect_rows(file, [](const CsvRow& cells, int /*line*/) {
    return FusionRow{.network = cells.text("net"),
                     .layer = cells.text("layer"),
                     .side = cells.positive("OH"),
                     .c = cells.positive("C"),
                     .m = cells.positive("M"),
                     .kernel = cells.positive("k"),
                     .stride = cells.positive("s"),
                     .input_bits = static_cast<int>(cells.positive("a_bits")),
                     .weight_bits = static_cast<int>(cells.positive("w_bits")),
                     .kernel_along_channels = cells.integer("im2col") != 0,
                     .slow_cycles = cells.number("bf192"),
                     .slow_stall = cells.number("bf192_stall"),
                     .fast_cycles = cells.number("bf4096"),
                     .energy_uj = cells.number("energy_uj"),
                     .eyeriss_uj = cells.number("eyeriss_uj")};
  });
}

ConvShape shape_of(const FusionRow& row) {
  const std::int64_t kernel = row.kernel_along_channels ? 1 : row.kernel;
  const std::int64_t stride = row.kernel_along_channels ? 1 : row.stride;
  return {.name = row.layer,
          .batch = kBatch,
          .in_channels = row.kernel_along_channels ? row.c * row.kernel * row.kernel : row.c,
          .out_channels = row.m,
          .in_h = (row.side - 1) * stride + kernel,
          .in_w = (row.side - 1) * stride + kernel,
          .kernel_h = kernel,
          .kernel_w = kernel,
          .stride_h = stride,
          .stride_w = stride};
}

// Sums move in 32 bits, to and from DRAM too, as in that simulator.
PerRole<int> bits_of(const FusionRow& row) {
  return {row.weight_bits, row.input_bits, 32};
}

Problem problem_of(const FusionRow& row) {
  Problem problem = make_conv(shape_of(row));
  for (const Role role : kAllRoles) {
    problem.tensor(role).bits = bits_of(row)[at(role)];
  }
  return problem;
}

// The machine with channels alone along the rows, as its loop nest has them, and a DRAM of so many bits per
// cycle.
Accelerator machine(double bits_per_cycle) {
  Accelerator accelerator = load_accelerator("bitfusion");
  accelerator.levels.front().memories.front().shared_bandwidth = BitsPerCycle(bits_per_cycle);
  accelerator.levels.back().fanout.allowed_dims[1] = {"C"};
  return accelerator;
}

// Their tiler keeps the whole batch in a tile.
Constraints whole_batches(const Problem& problem, const Accelerator& accelerator) {
  Constraints constraints = no_constraints(accelerator);
  constraints.levels.front().temporal[static_cast<std::size_t>(problem.dim("N"))].high = 1;
  return constraints;
}

MapResult best(const Problem& problem, const Accelerator& accelerator, const EnergyTable& table,
               Objective objective, const Constraints* constraints = nullptr) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table;
  request.objective = objective;
  request.constraints = constraints;
  request.max_evaluations = 4000;
  MapResult found = searches().at("constructive")(request);
  WEFT_ENSURE(found.mapping, "the machine runs every convolution of these networks");
  return found;
}

struct Sums {
  double slow_reference = 0, slow_tiled = 0, slow_ours = 0;
  double tiled_energy = 0, energy = 0, eyeriss = 0, published = 0;
};

Series series_of(const char* title, const char* unit) {
  return {.title = title,
          .unit = unit,
          .truth = Truth::kModel,
          .source = "H. Sharma et al., ISCA 2018; github.com/hsharma35/bitfusion, results"};
}

}  // namespace

SuiteResult run_bitfusion(const SuiteOptions& options) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Accelerator fast = machine(4096), slow = machine(192);
  Series compute = series_of("compute cycles, 4096 b/cycle", "cycles");
  compute.ranked = true;
  std::vector<std::string> order;
  std::map<std::string, Sums> networks;
  double worst = 0;
  for (const FusionRow& row : read_rows(table_of(options, "bitfusion.csv"))) {
    const Problem problem = problem_of(row);
    const auto cycles =
        static_cast<double>(best(problem, fast, table, Objective::kLatency).evaluation.timing.compute_cycles);
    compute.rows.push_back({row.network + " " + row.layer, row.fast_cycles, cycles});
    compute.notes.push_back(fmt::format("{}-bit inputs, {}-bit weights", row.input_bits, row.weight_bits));
    worst = std::max(worst, std::abs(cycles - row.fast_cycles));
    const Constraints whole = whole_batches(problem, slow);
    const MapResult mapped = best(problem, slow, table, Objective::kEdp, &whole);
    if (networks.find(row.network) == networks.end()) {
      order.push_back(row.network);
    }
    Sums& sums = networks[row.network];
    sums.slow_reference += row.slow_cycles;
    sums.slow_ours += static_cast<double>(mapped.evaluation.timing.cycles);
    sums.energy += mapped.energy.total * 1e-6;
    const Tiled tiled = tiled_as_bitfusion(shape_of(row), bits_of(row), slow, table);
    sums.slow_tiled += std::ceil(tiled.cycles);
    sums.tiled_energy += tiled.energy_pj * 1e-6;
    sums.published += row.energy_uj;
    sums.eyeriss += row.eyeriss_uj;
  }
  Series cycles = series_of("cycles, 192 b/cycle, tiles by their rules", "cycles");
  Series energy = series_of("energy, 192 b/cycle, tiles by their rules", "uJ");
  Series reduction = series_of("energy of Eyeriss (published) over that of Bit Fusion", "ratio");
  Series free_cycles = series_of("cycles, 192 b/cycle, our mappings", "cycles");
  Series free_energy = series_of("energy, 192 b/cycle, our mappings", "uJ");
  for (const std::string& name : order) {
    const Sums& sums = networks[name];
    cycles.rows.push_back({name, sums.slow_reference, sums.slow_tiled});
    energy.rows.push_back({name, sums.published, sums.tiled_energy});
    reduction.rows.push_back({name, sums.eyeriss / sums.published, sums.eyeriss / sums.tiled_energy});
    free_cycles.rows.push_back({name, sums.slow_reference, sums.slow_ours});
    free_energy.rows.push_back({name, sums.published, sums.energy});
  }
  SuiteResult result;
  result.machine =
      "bitfusion, the analytic model, best mappings for latency (4096 b/cycle); at 192 b/cycle the best "
      "under the "
      "rules of the authors' tiler, and the best for EDP";
  result.series = {compute, cycles, energy, reduction, free_cycles, free_energy};
  result.claims = {{.what = "compute cycles: largest difference in cycles (theirs include the start)",
                    .found = worst,
                    .limit = 70},
                   worst_within(cycles, kSlow),
                   worst_within(energy, kEnergy)};
  result.informed =
      "none for cycles: the tiler's rules are read in the authors' simulator, no number is fitted; the "
      "prices per "
      "bit are the authors'";
  result.not_modelled = {
      "weights padded to the rows of the array in traffic",
      "several tiles of a tensor held at once where they fit (it counts them as one larger tile)",
      "in 'our mappings': the tiler's rules but one, that the whole batch is in a tile"};
  return result;
}

}  // namespace weft::validation
