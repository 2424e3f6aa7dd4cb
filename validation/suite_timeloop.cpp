// Everything that timeloop-model printed for ten designs, number for number.
// SPDX-License-Identifier: Apache-2.0
#include "validation/published_case.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

// A case's part of a series: how many of its numbers differ.
Comparison equal_numbers(const std::string& name, const std::vector<Comparison>& numbers,
                         const Tolerance& tolerance) {
  Comparison row{name, static_cast<double>(numbers.size()), 0};
  for (const Comparison& number : numbers) {
    row.ours += tolerance.accepts(number) ? 1 : 0;
  }
  return row;
}

}  // namespace

SuiteResult run_timeloop(const SuiteOptions& options) {
  const EvaluateOptions model = EvaluateOptions::timeloop();
  Series counts{.title = "counts, tiles, instances and cycles",
                .unit = "numbers printed, numbers of ours that are equal",
                .truth = Truth::kTool,
                .source = "timeloop-model 4cf6d4c; timeloop-accelergy-exercises, example_designs"};
  Series parts = counts;
  parts.title = "energies";
  Series cycles = counts;
  cycles.title = "cycles";
  cycles.unit = "cycles";
  Series total = counts;
  total.title = "energy";
  total.unit = "uJ";
  std::int64_t wrong_totals = 0;
  for (const std::filesystem::path& folder : published_cases(options.data / "timeloop")) {
    const PublishedCase published = load_published_case(folder);
    const std::vector<Comparison> numbers = compare_counts(published, model);
    counts.rows.push_back(equal_numbers(published.name, numbers, {}));
    cycles.rows.push_back(numbers.front());
    cycles.rows.back().what = published.name;
    const EnergyComparison energies = compare_energy(published, model);
    parts.rows.push_back(equal_numbers(published.name, energies.parts, {1e-9, published.printed_to}));
    const Comparison& sum = energies.total;
    total.rows.push_back({published.name, sum.reference * 1e-6, sum.ours * 1e-6});
    wrong_totals += Tolerance{1e-9, published.total_printed_to}.accepts(sum) ? 0 : 1;
  }
  SuiteResult result;
  result.machine =
      "each design's own files in configs/validation/timeloop, the analytic model, --convention timeloop";
  result.series = {counts, cycles, parts, total};
  result.claims = {all_equal(counts), all_equal(cycles), all_equal(parts)};
  result.claims.push_back({.what = "energy: totals that differ in a digit printed",
                           .found = static_cast<double>(wrong_totals),
                           .relation = Claim::Relation::kExactly});
  result.informed =
      "the six cases tl*: the rules of counting were written with them at hand. Of the four designs ex-*, "
      "the input "
      "fills of eyeriss_like's buffer were seen while the rule for halos was looked for; nothing else";
  result.not_modelled = {"a memory that several instances share in one access (simba_like, see below)"};
  return result;
}

}  // namespace weft::validation
