// weft estimate: cost of a network on an accelerator, by the analytic model.
// SPDX-License-Identifier: Apache-2.0
#include "cli/solve.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_estimate(const RunArguments& arguments) {
  return solve_and_report(Verb::kEstimate, arguments);
}

}  // namespace weft::cli
