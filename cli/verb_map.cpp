// weft map: the best mapping of each layer, its cost and how far from optimal it can be; or, without a
// search, what no mapping can beat; or its whole energy-latency front. SPDX-License-Identifier: Apache-2.0
#include "cli/bounds.hpp"
#include "cli/front.hpp"
#include "cli/slopes.hpp"
#include "cli/solve.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_map(const RunArguments& arguments) {
  if (arguments.bound_only || arguments.ski_slope) {
    const Setup setup = prepare(arguments);
    return {.results = arguments.bound_only ? print(make_bound_report(setup), setup)
                                            : print(make_slope_report(setup), setup)};
  }
  if (arguments.front) {
    const Setup setup = prepare(arguments);
    const FrontReport report = make_front_report(setup);
    if (const std::string missing = missing_mappings(setup, report.first); !missing.empty()) {
      return {.exit_code = kExitFailed, .notes = missing};
    }
    return {.results = print(report, setup)};
  }
  return solve_and_report(Verb::kMap, arguments);
}

}  // namespace weft::cli
