// Choosing the mapping of a layer: one interface for every search, exact or heuristic.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/registry.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/mapping.hpp"
#include "energy_model/energy.hpp"
#include "mapper/constraints.hpp"
#include "workload/ranking.hpp"

namespace weft {

enum class Objective : std::uint8_t { kEnergy, kLatency, kEdp, kEd2p };
[[nodiscard]] std::string_view name_of(Objective objective);
[[nodiscard]] const std::vector<std::string>& objective_names();  // "energy", "latency", "edp", "ed2p"
// Energy in pJ, cycles at `clock`: pJ, s, J s, J s^2.
[[nodiscard]] double objective_value(Objective objective, double energy_pj, std::int64_t cycles, Hertz clock);

struct MapRequest {
  const Problem* problem = nullptr;
  const Accelerator* accelerator = nullptr;
  const EnergyTable* table = nullptr;
  Objective objective = Objective::kEdp;
  EvaluateOptions model;
  std::uint64_t seed = 1;
  std::int64_t max_evaluations = 20000;      // heuristic searches stop here at the latest
  std::int64_t max_nodes = 500'000'000;      // the exact search gives up here; 0: never
  const Constraints* constraints = nullptr;  // what mappings may be; null: all that the hardware can do
  std::optional<Mapping> start{};            // where local searches begin; never answered with a worse one
  std::int64_t stop_after = 0;  // "random": stops after so many legal mappings without a better one; 0: never
};

// What a proof rests on: how the search went through its space.
struct Certificate {
  std::string space;                 // the space the lower bound is about
  bool outside = false;              // the mapping is none of the space, and none of the space costs less
  std::int64_t nodes = 0;            // partial mappings looked at
  std::int64_t cut_by_bound = 0;     // of them, given up: cannot be better than the best
  std::int64_t cut_by_capacity = 0;  // tiles or fan-outs that do not fit
  std::int64_t leaves = 0;           // sets of loop bounds whose orders were priced
};

struct MapResult {
  std::optional<Mapping> mapping;  // none: nothing legal was found
  Evaluation evaluation;           // of the mapping
  EnergyReport energy;
  double cost = 0;         // objective value
  double lower_bound = 0;  // no legal mapping costs less in this model
  double gap = 1;          // 1 - lower_bound / cost; 0: proven optimal
  Certificate certificate;
  std::int64_t evaluated = 0;
  std::array<std::int64_t, kReasons> rejected{};             // candidates by reason
  std::array<std::optional<Rejection>, kReasons> samples{};  // one of each
  std::array<std::int64_t, kRules> violated{};               // legal candidates by constraint broken
  std::array<std::optional<Violation>, kRules> violations{};
};

// A search is a pure function of the request.
using Search = std::function<MapResult(const MapRequest&)>;
[[nodiscard]] const Registry<Search>& searches();

// A bound that holds for every legal mapping: roofline of compute and compulsory traffic (each tensor once
// through the outermost level), and the energy of both.
struct Bound {
  std::int64_t cycles = 0;
  double energy_pj = 0;
  [[nodiscard]] double cost(Objective objective, Hertz clock) const;
};
[[nodiscard]] Bound lower_bound(const MapRequest& request);

// Cost of a given mapping under a request (what `--mapping FILE` prints).
[[nodiscard]] MapResult price(const MapRequest& request, const Mapping& mapping);

// Vector work of a layer: cycles beside the array, energy and traffic (docs/design.md, section 4).
struct VectorCost {
  std::int64_t cycles = 0;
  double energy_pj = 0;
  std::int64_t operations = 0;  // of the lanes
  std::int64_t bits_read = 0, bits_written = 0;
  // Where a ranking unit does them: selections, and the scores that it compares, expected.
  std::vector<Ranking> rankings{};
  std::int64_t compared = 0;
};
struct LayerResult {
  int layer = 0;  // index into Network::layers
  std::int64_t repeat = 1;
  std::optional<MapResult> map;  // none: vector work only
  VectorCost vector;
  std::int64_t cycles = 0;  // of one copy: array, then standalone vector work; fused work overlaps
  double energy_pj = 0;     // of one copy
};
struct NetworkResult {
  std::vector<LayerResult> layers;
  std::int64_t cycles = 0;
  double energy_pj = 0;
  std::int64_t macs = 0;
  bool complete = true;  // every layer has a mapping
};
struct NetworkRequest {
  const struct Network* network = nullptr;
  MapRequest layer;  // problem is ignored
  std::string search = "exact";
  std::vector<std::optional<Constraints>>
      constraints{};  // by layer (equal ones for equal problems); empty: none
  Search solve;     // replaces the registered search when set (a cache in front of one); must be thread-safe
  int threads = 1;  // the result does not depend on it
  std::function<void(int done, int total, const std::string& name)>
      progress;  // may be empty; called from one thread at a time
};
// Maps every layer; equal problems are solved once.
[[nodiscard]] NetworkResult map_network(const NetworkRequest& request);

}  // namespace weft
