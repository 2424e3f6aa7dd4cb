// weft estimate: cost of a network on an accelerator, by the analytic model; with --explain, where every
// energy comes from. SPDX-License-Identifier: Apache-2.0
#include "cli/explain.hpp"
#include "cli/solve.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_estimate(const RunArguments& arguments) {
  if (!arguments.explain) {
    return solve_and_report(Verb::kEstimate, arguments);
  }
  const Setup setup = prepare(arguments);
  const NetworkResult result = solve(setup);
  if (const std::string missing = missing_mappings(setup, result); !missing.empty()) {
    return {.exit_code = kExitFailed, .notes = missing};
  }
  save_mappings(setup, result);
  const std::string table =
      setup.format == Format::kText ? print(make_report(Verb::kEstimate, setup, result), setup) : "";
  return {.results = table + print_explained(setup, result)};
}

}  // namespace weft::cli
