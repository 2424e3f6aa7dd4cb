// All networks and all accelerators of a finite space.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "dse/evaluator.hpp"
#include "dse/space.hpp"

namespace weft {

// What the constraints admit; every network goes with every accelerator.
struct EveryDesign {
  struct Entry {
    Genome genes;
    double accuracy = 0;
    std::vector<std::uint64_t> blocks;  // keys (dse/network_space.hpp)
  };
  std::vector<Entry> networks;
  std::vector<const Machine*> machines;  // the evaluator's
  std::vector<Genome> knobs;             // of the machines
};

// Ends early, with fewer machines, once `stopped`. Throws ConfigError: bad-search (more designs than can be
// looked at).
[[nodiscard]] EveryDesign every_design(const DesignSpace& space, const Evaluator& evaluator,
                                       const std::function<bool()>& stopped);

// Distinct layers of all networks, on every distinct accelerator.
[[nodiscard]] std::int64_t distinct_layers(const DesignSpace& space, const EveryDesign& all);

}  // namespace weft
