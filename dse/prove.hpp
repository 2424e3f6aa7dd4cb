// Proves a front: looks at every design of a finite space, best bound first, and maps only those that no
// bound excludes. A design whose bounds are dominated cannot be on the front, whatever its mappings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "dse/evaluator.hpp"
#include "dse/study.hpp"
#include "dse/tasks.hpp"

namespace weft {

// Adds the designs of the front that `result` lacks to its points, in the order of their genomes. Ends early
// when the tasks are stopped; then some designs stay open. Throws ConfigError: bad-search (a space too large
// to look at).
[[nodiscard]] FrontProof prove_front(
    StudyResult& result, const Evaluator& evaluator, Tasks& tasks,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress);

}  // namespace weft
