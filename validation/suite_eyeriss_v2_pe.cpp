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
      "where the zeros of the trained network's tensors are: they are spread uniformly here, and that is all "
      "that is missing. The same source runs its own model once with the real positions (ref_outputs, "
      "uniform_actual): 1,702,141 products of two non-zeros for L07, 1,677,685 for L21, 775,317 for L27, one "
      "more than the cycles above. So the reference counts these products and nothing else, and no mechanism "
      "of the PE is in it. From the densities alone the source's model is as far off: 10,650,603 cycles, "
      "-3.41 %",
      "the real positions themselves, some 800,000 bits, which are not at hand",
      "the other layers, whose densities are not published",
      "the bubble of a non-zero input without any non-zero weight: with up to 32 weights per input it is "
      "rare",
      "a refill of the pipeline of seven stages in every pass: the same source has layers without zeros take "
      "their MACs to the cycle, which excludes it"};
  return result;
}

}  // namespace weft::validation
