// Pointwise layers of a sparse MobileNet on one PE of Eyeriss v2.
// SPDX-License-Identifier: Apache-2.0
#include "validation/csv.hpp"
#include "validation/sparse_case.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

SparseCase case_of(const Accelerator& accelerator, const CsvRow& cells) {
  SparseCase one{make_conv({.name = cells.text("layer"),
                            .in_channels = cells.positive("in_channels"),
                            .out_channels = cells.positive("out_channels"),
                            .in_h = cells.positive("side"),
                            .in_w = cells.positive("side")}),
                 empty_mapping(accelerator)};
  set_sparsity(one.problem, Role::kWeights, {cells.number("weight_density")});
  set_sparsity(one.problem, Role::kInputs, {cells.number("input_density")});
  // A chunk of four channels and 32 filters is what the PE's pads hold of one window.
  add_temporal(one.mapping.levels[1], one.problem, "C", 4);
  add_temporal(one.mapping.levels[1], one.problem, "K", 32);
  add_rest(one.mapping, 0, one.problem, {"K", "P", "Q", "C"});
  return one;
}

}  // namespace

SuiteResult run_eyeriss_v2_pe(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator("eyeriss_v2_pe");
  Series series{.title = "cycles of one PE",
                .unit = "cycles",
                .truth = Truth::kRtl,
                .source = "Wu et al., MICRO 2022, artifact, fig. 12 (figures of Eyeriss v2's authors)"};
  std::vector<SparseCase> cases;
  for_each_row(table_of(options, "eyeriss_v2_pe.csv"), [&](const CsvRow& cells, int /*line*/) {
    cases.push_back(case_of(accelerator, cells));
    series.rows.push_back({cells.text("layer"), static_cast<double>(cells.positive("cycles")), 0});
  });
  const std::vector<std::int64_t> cycles = array_cycles(accelerator, cases, 1);
  Series total = series;
  total.title = "cycles of all layers";
  total.rows = {{"sum", 0, 0}};
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    series.rows[i].ours = static_cast<double>(cycles[i]);
    total.rows[0].reference += series.rows[i].reference;
    total.rows[0].ours += series.rows[i].ours;
  }
  SuiteResult result;
  result.machine = "configs/arch/eyeriss_v2_pe.yaml; real positions from seed 1";
  result.series = {series, total};
  result.claims = {worst_within(series, 0.07), worst_within(total, 0.04)};
  result.informed = "none";
  result.not_modelled = {
      "how zeros gather in the trained network's tensors: they are spread uniformly here",
      "the other layers, whose densities are not published",
      "the bubble of a non-zero input without any non-zero weight: with up to 32 weights per input "
      "it is too rare to be the difference",
      "a refill of the pipeline of seven stages in every pass: six cycles a pass would leave 0.5 % "
      "of the sum, but the same source has layers without zeros take their MACs to the cycle, "
      "which excludes it"};
  return result;
}

}  // namespace weft::validation
