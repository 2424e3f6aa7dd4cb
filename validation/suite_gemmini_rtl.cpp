// Simulated cycles beside those of Gemmini's RTL.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/lower.hpp"
#include "validation/gemmini_rtl.hpp"
#include "validation/in_child.hpp"
#include "validation/suites.hpp"

namespace weft::validation {

RtlCycles compare_rtl_cycles(const Accelerator& accelerator, const std::filesystem::path& table,
                             const std::string& set) {
  RtlCycles result;
  std::vector<Program> programs;
  for (GemminiRtlRow& row : read_gemmini_rtl_rows(table)) {
    if (!set.empty() && row.set != set) {
      continue;
    }
    const Problem problem = executed_problem(row);
    const Mapping mapping = executed_mapping(row, problem);
    if (const auto obstacle = check(mapping, problem, accelerator)) {
      throw ConfigError({table.string(), static_cast<int>(row.line), 1}, "bad-table",
                        explain(*obstacle, problem, accelerator));
    }
    programs.push_back(lower(mapping, problem, accelerator, {.max_steps = std::int64_t{1} << 18}));
    const GemminiRow& s = row.stated;
    const std::string label =
        fmt::format("{}x{} P{} C{} K{} /{} (line {})", s.r, s.s, s.p, s.c, s.k, s.stride_p, row.line);
    const auto rtl = static_cast<double>(row.rtl_cycles);
    const auto model = static_cast<double>(evaluate(mapping, problem, accelerator).timing.cycles);
    result.modelled.push_back({label, rtl, model});
    result.timeloop.push_back({label, rtl, static_cast<double>(s.cycles)});
    result.sets.push_back(row.set);
  }
  // The study's program ran every layer with the tiler's own tiles before it ran it with these.
  const auto cycles = simulated_cycles(accelerator, programs, {.warm_caches = true});
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    result.simulated.push_back(
        {result.modelled[i].what, result.modelled[i].reference, static_cast<double>(cycles[i])});
  }
  return result;
}

std::vector<Comparison> of_set(const RtlCycles& rows, const std::string& set) {
  std::vector<Comparison> result;
  for (std::size_t i = 0; i < rows.sets.size(); ++i) {
    if (rows.sets[i] == set) {
      result.push_back(rows.simulated[i]);
    }
  }
  return result;
}

SuiteResult run_gemmini_rtl(const SuiteOptions& options) {
  const char* kSource = "github.com/ucb-bar/dosa, data/firesim_test_data (FireSim)";
  const RtlCycles rows =
      compare_rtl_cycles(load_accelerator("gemmini_firesim"), table_of(options, "gemmini_rtl.csv"));
  const auto series = [&](const char* title, std::vector<Comparison> of) {
    return Series{.title = title,
                  .unit = "cycles",
                  .truth = Truth::kRtl,
                  .source = kSource,
                  .rows = std::move(of),
                  .ranked = true};
  };
  SuiteResult result;
  result.machine = "gemmini_firesim, the simulator, mappings of the rows";
  result.series.push_back(series("simulated cycles", rows.simulated));
  result.series.front().notes = rows.sets;
  result.series.push_back(series("analytic model, for comparison", rows.modelled));
  result.series.back().summarised = true;
  result.series.push_back(series("Timeloop as printed with the rows, for comparison", rows.timeloop));
  result.series.back().summarised = true;
  result.claims = {mean_within(result.series[0], 0.10)};
  if (rows.simulated.size() > 2) {
    result.claims.push_back(ranks_at_least(result.series[0], 0.99));
  }
  if (options.table.empty()) {
    // Four numbers of the preset were estimated on the first half; the second half knows nothing of them.
    for (const char* set : {"analytical", "both"}) {
      const Series half = series("simulated cycles", of_set(rows, set));
      Claim claim = mean_within(half, set == std::string("both") ? 0.06 : 0.065);
      claim.what += std::string(", set '") + set + "'";
      result.claims.push_back(claim);
    }
  }
  result.informed =
      "the mechanisms were chosen with all 58 rows in view; four numbers of the preset (latency of a "
      "command, time of "
      "a 64 B request, bandwidth, time of a cache line) were estimated on the 29 rows of the set "
      "'analytical'; the "
      "set 'both' had no say in them";
  result.not_modelled = {"DRAM pages and the miss registers of the system's L2", "latency of the first load",
                         "the cycle that short commands of 7 positions take in the RTL"};
  return result;
}

}  // namespace weft::validation
