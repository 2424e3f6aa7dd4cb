// What a study answers besides its front: which choices matter, how it compares with a machine that is
// known, what would have to change to reach a target, and how far the simulator agrees.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft {

enum class Metric : std::uint8_t { kAccuracy, kLatency, kEnergy, kArea, kEdp };

// What a space file asks for beyond its objectives. All figures that are stated have to be reached.
struct Target {
  std::optional<double> accuracy;                        // per cent, at least
  std::optional<double> latency_s, energy_pj, area_um2;  // at most
};

// What a space file compares the front with.
struct Baseline {
  std::string arch;
  std::string network;             // empty: the file of a layerwise space
  std::optional<double> accuracy;  // per cent; only designs that have as much are compared
};

// Share of each objective's variance over the whole space that one choice explains alone, by a forest fitted
// to the designs evaluated; logarithms of all but accuracy (forest.hpp).
struct ChoiceShares {
  std::string choice;
  std::vector<double> shares;  // per objective
};

// A design of the front in the simulator: array work of the whole network, layer by layer.
struct ResimulatedDesign {
  std::size_t point = 0;  // into StudyResult::points
  std::int64_t model_cycles = 0, simulated_cycles = 0;
  double model_s = 0, simulated_s = 0;
  bool counts_match = false;
};
struct Resimulation {
  std::vector<ResimulatedDesign> designs;
  std::int64_t pairs = 0;       // of designs with different model times
  std::int64_t inversions = 0;  // pairs that the simulator puts the other way round
};

// Figures of the baseline under the study's search of mappings, and the best designs of the front against it.
struct BaselineAnswer {
  std::string name;
  std::int64_t units = 0, cycles = 0;
  double storage_bits = 0, area_um2 = 0, latency_s = 0, energy_pj = 0;
  bool complete = false;  // every layer has a mapping; otherwise nothing is compared
  struct Gain {
    Metric metric = Metric::kEdp;
    std::size_t point = 0;  // the best of the front that is accurate enough
    double factor = 0;      // the baseline's figure over its own
    std::int64_t units = 0;
    double storage_bits = 0;
  };
  std::vector<Gain> gains;
};

// The design evaluated that is nearest to a target, by the share it misses most by, and what one change to it
// does.
struct TargetAnswer {
  std::size_t nearest = 0;  // into StudyResult::points
  struct Miss {
    Metric metric = Metric::kLatency;
    double value = 0, wanted = 0;  // per cent, s, pJ, um2
    double excess = 0;             // share by which the target is missed; 0 and less: met
  };
  std::vector<Miss> misses;  // one for each figure of the target
  double excess = 0;         // the largest; 0 and less: met
  struct Change {
    std::string choice, from, to;
    double excess = 0;    // of the changed design
    std::string refused;  // the constraint in its way; empty: none
  };
  std::vector<Change> changes;      // those that bring it nearer, best first
  std::vector<std::string> at_end;  // knobs whose option with the most is taken: the space ends there
};

}  // namespace weft
