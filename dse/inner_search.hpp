// The networks that suit one accelerator: NSGA-II over the genes of the network, by look-up in the machine's
// table. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "dse/evaluator.hpp"

namespace weft {

// Of an accelerator (a genome whose genes of the network do not matter), the front of the networks looked at,
// at most `evaluations` of them. A function of space, genome and number alone.
[[nodiscard]] std::vector<StudyPoint> front_of_networks(const DesignSpace& space, const Evaluator& evaluator,
                                                        const Genome& genome, std::int64_t evaluations);

}  // namespace weft
