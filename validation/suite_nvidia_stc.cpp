// Peak speed of a sparse tensor core over a dense one.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "arch/spec/sparse_effect.hpp"
#include "validation/csv.hpp"
#include "validation/sparse_case.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

SparseCase case_of(const Accelerator& accelerator, const CsvRow& cells) {
  SparseCase one{make_gemm({.m = cells.positive("m"), .n = cells.positive("n"), .k = cells.positive("k")}),
                 empty_mapping(accelerator)};
  for (TensorShape& tensor : one.problem.tensors) {
    tensor.bits = 16;
  }
  // 64 x 64 outputs over 32 of the reduction stay in the registers, 16 x 16 multipliers take columns and
  // rows.
  add_spatial(one.mapping.levels[2], one.problem, "N", 16, Axis::kX);
  add_spatial(one.mapping.levels[2], one.problem, "M", 16, Axis::kY);
  add_temporal(one.mapping.levels[2], one.problem, "K", 32);
  add_temporal(one.mapping.levels[2], one.problem, "N", 4);
  add_temporal(one.mapping.levels[2], one.problem, "M", 4);
  add_rest(one.mapping, 0, one.problem, {"M", "N", "K"});
  return one;
}

}  // namespace

SuiteResult run_nvidia_stc(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator("nvidia_stc");
  Series series{.title = "speed with 2:4 weights over dense weights",
                .unit = "ratio",
                .truth = Truth::kSilicon,
                .source = "NVIDIA A100 white paper, 2020, peak rates"};
  std::vector<SparseCase> cases;
  for_each_row(table_of(options, "nvidia_stc.csv"), [&](const CsvRow& cells, int /*line*/) {
    cases.push_back(case_of(accelerator, cells));
    series.rows.push_back(
        {fmt::format("{} x {} x {}", cells.integer("m"), cells.integer("n"), cells.integer("k")),
         cells.number("speedup"), 0});
  });
  std::vector<SparseCase> kept = cases;
  for (SparseCase& one : kept) {
    set_sparsity(one.problem, Role::kWeights, parse_sparsity("2:4"));
  }
  const std::vector<std::int64_t> dense = array_cycles(accelerator, cases, 1);
  const std::vector<std::int64_t> sparse = array_cycles(accelerator, kept, 1);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    series.rows[i].ours = static_cast<double>(dense[i]) / static_cast<double>(sparse[i]);
  }
  const Accelerator seen = for_layer(accelerator, kept.front().problem);
  Series stored{.title = "bits of a 2:4 matrix of FP16 over those of the dense one",
                .unit = "ratio",
                .truth = Truth::kSilicon,
                .source = "Mishra et al., arXiv 2104.08378: half the values, and 2 b for each",
                .rows = {{"weights", 9.0 / 16, seen.effect->levels[0].stored[0]}}};
  SuiteResult result;
  result.machine = "configs/arch/nvidia_stc.yaml; real positions from seed 1";
  result.series = {series, stored};
  result.claims = {worst_within(series, 0.01), all_equal(stored, {1e-12, 0})};
  result.informed = "none: that halves have equal time is the format's doing";
  result.not_modelled = {
      "everything around the core: the GPU's other levels, instruction issue, kernels; its measured "
      "speed-ups are below two"};
  return result;
}

}  // namespace weft::validation
