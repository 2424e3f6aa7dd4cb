// weft map: the best mapping of each layer, its cost and how far from optimal it can be.
// SPDX-License-Identifier: Apache-2.0
#include "cli/solve.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_map(const RunArguments& arguments) {
  return solve_and_report(Verb::kMap, arguments);
}

}  // namespace weft::cli
