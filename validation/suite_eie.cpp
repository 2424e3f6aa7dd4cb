// Fully connected layers on EIE: padding zeros of the format, imbalance of 64 queues.
// SPDX-License-Identifier: Apache-2.0
#include "base/checked.hpp"
#include "validation/csv.hpp"
#include "validation/sparse_case.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

constexpr double kRatio =
    0.12;  // of each row; VGG-6, whose density of 4 % is known to half a per cent, is the worst
constexpr std::int64_t kBatch = 4096;  // inputs
constexpr double kTheory = 0.15;       // on average

struct Row {
  std::string layer;
  SparseCase one;
  double theoretical_us = 0, actual_us = 0;
};

// Rows of the matrix over the PEs; each goes through its part of a column, column after column.
SparseCase case_of(const Accelerator& accelerator, const CsvRow& cells) {
  SparseCase one{
      make_gemm({.name = cells.text("layer"), .m = 1, .n = cells.positive("out"), .k = cells.positive("in")}),
      empty_mapping(accelerator)};
  one.problem.tensor(Role::kWeights).bits = 4;
  set_sparsity(one.problem, Role::kWeights, {cells.number("weight_density")});
  set_sparsity(one.problem, Role::kInputs, {cells.number("input_density")});
  const std::int64_t rows = cells.positive("out");
  // The files of inputs and outputs hold 64 each in every PE: longer vectors come in batches, between which
  // all PEs have to be done (section IV).
  add_temporal(one.mapping.levels[0], one.problem, "K", ceil_div(cells.positive("in"), kBatch));
  add_spatial(one.mapping.levels[0], one.problem, "N", ceil_div(rows, ceil_div(rows, 64)), Axis::kX);
  add_rest(one.mapping, 1, one.problem, {"K", "N"});
  return one;
}

}  // namespace

SuiteResult run_eie(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator("eie");
  const std::vector<Row> rows =
      collect_rows(table_of(options, "eie.csv"), [&](const CsvRow& cells, int /*line*/) {
        return Row{cells.text("layer"), case_of(accelerator, cells), cells.number("theoretical_us"),
                   cells.number("actual_us")};
      });
  std::vector<SparseCase> cases;
  for (const Row& row : rows) {
    cases.push_back(row.one);
  }
  const std::vector<std::int64_t> cycles = array_cycles(accelerator, cases, 1);
  const double per_us = accelerator.clock.count() * 1e-6;
  Series ratio{.title = "actual over theoretical time",
               .unit = "ratio",
               .truth = Truth::kRtl,
               .source = "Han et al., ISCA 2016, tables IV and V"};
  Series theoretical = ratio;
  theoretical.title = "theoretical time";
  theoretical.unit = "us";
  Series actual = theoretical;
  actual.title = "actual time";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double balanced = static_cast<double>(balanced_cycles(accelerator, rows[i].one)) / per_us;
    const double simulated = static_cast<double>(cycles[i]) / per_us;
    theoretical.rows.push_back({rows[i].layer, rows[i].theoretical_us, balanced});
    actual.rows.push_back({rows[i].layer, rows[i].actual_us, simulated});
    ratio.rows.push_back({rows[i].layer, rows[i].actual_us / rows[i].theoretical_us, simulated / balanced});
  }
  SuiteResult result;
  result.machine = "configs/arch/eie.yaml; real positions from seed 1; theoretical: the analytic model";
  result.series = {ratio, theoretical, actual};
  result.claims = {worst_within(ratio, kRatio), mean_within(theoretical, kTheory)};
  result.informed =
      "no number; format, depth of the queue and array are those of the paper, but that a zero input takes "
      "no "
      "place in the queue, and that long vectors come in batches of 4,096 (0.4 % of VGG-6), were decided "
      "with these "
      "rows in view";
  result.not_modelled = {
      "the matrices of the trained networks: zeros are spread uniformly, at densities known to a per cent",
      "a column in which a PE has no entry takes it no time: one cycle for each would close about 2 % of "
      "VGG-6's 12 %",
      "reading pointers, finding the next non-zero input and the broadcast tree"};
  return result;
}

}  // namespace weft::validation
