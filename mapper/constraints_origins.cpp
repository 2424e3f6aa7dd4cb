// Finds the rule behind a contradiction.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints_origins.hpp"

#include <algorithm>

namespace weft {

namespace {

bool causes(const ConstraintOrigins::Origin& origin, const Contradiction& c) {
  const auto& conflicts = origin.conflicts;
  const bool by_index = c.conflict != Conflict::kCapacity && c.conflict != Conflict::kOverFanOut;
  return std::find(conflicts.begin(), conflicts.end(), c.conflict) != conflicts.end() &&
         (c.level < 0 || origin.level < 0 || origin.level == c.level) &&
         (!by_index || origin.index < 0 || origin.index == c.index);
}

}  // namespace

void ConstraintOrigins::report(const yaml::Section& root, const Constraints& constraints,
                               const Problem& problem, const Accelerator& accelerator) const {
  for (const Contradiction& c : contradictions(constraints, problem, accelerator)) {
    const std::string code(code_of(c.conflict));
    const std::string message = explain(c, problem, accelerator);
    const std::string hint = remedy(c, problem, accelerator);
    const auto cause = std::find_if(origins_.rbegin(), origins_.rend(),
                                    [&c](const Origin& origin) { return causes(origin, c); });
    if (cause != origins_.rend()) {
      cause->at.error(code, message, hint);
    } else {
      root.error(code, message, hint);
    }
  }
}

}  // namespace weft
