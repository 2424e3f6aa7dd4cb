// SPDX-License-Identifier: Apache-2.0
#include "validation/eyeriss_energy.hpp"

#include "base/error.hpp"
#include "mapper/constraints_file.hpp"
#include "mapper/exact/exact.hpp"
#include "validation/csv.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

constexpr std::int64_t kImages = 16;
constexpr std::int64_t kBits = 16;

Problem problem_of(const CsvRow& cells) {
  const std::int64_t side = cells.positive("side");
  const std::int64_t kernel = cells.positive("kernel");
  const std::int64_t stride = cells.positive("stride");
  Problem problem = make_conv({.name = cells.text("layer"),
                               .batch = kImages,
                               .in_channels = cells.positive("in_channels"),
                               .out_channels = cells.positive("out_channels"),
                               .in_h = side,
                               .in_w = side,
                               .kernel_h = kernel,
                               .kernel_w = kernel,
                               .stride_h = stride,
                               .stride_w = stride,
                               .groups = cells.positive("groups")});
  for (const Role role : kAllRoles) {
    problem.tensor(role).bits = kBits;
  }
  return problem;
}

}  // namespace

EyerissEnergy eyeriss_energy(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator_file(options.data / "eyeriss_isca16.yaml");
  const EnergyTable table = EnergyTable::load("eyeriss_ratios");
  EyerissEnergy energy;
  energy.alu = {.title = "energy of the MACs",
                .unit = "1e9 MACs",
                .truth = Truth::kModel,
                .source = "Y.-H. Chen et al., ISCA 2016, fig. 10"};
  energy.dram = energy.alu;
  energy.dram.title = "energy of DRAM, row stationary, best mapping of 16 images";
  for_each_row(options.data / "eyeriss_isca16.csv", [&](const CsvRow& cells, int /*line*/) {
    const Problem problem = problem_of(cells);
    const Constraints constraints = load_constraints("row_stationary", problem, accelerator);
    MapRequest request;
    request.problem = &problem;
    request.accelerator = &accelerator;
    request.table = &table;
    request.objective = Objective::kEnergy;
    request.constraints = &constraints;
    const MapResult best = exact::solve(request);
    WEFT_ENSURE(best.mapping, "every layer of AlexNet has a row-stationary mapping");
    double dram = best.energy.levels.front().leak;
    for (const double tensor : best.energy.levels.front().tensors) {
      dram += tensor;
    }
    energy.alu.rows.push_back(
        {cells.text("layer"), cells.number("alu"), static_cast<double>(best.evaluation.counts.macs) * 1e-9});
    energy.dram.rows.push_back({cells.text("layer"), cells.number("dram"), dram * 1e-9});
  });
  return energy;
}

}  // namespace weft::validation
