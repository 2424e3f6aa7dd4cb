// What a run has to say, as plain data: computed once, printed as text, JSON or CSV.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/sim/simulator.hpp"
#include "cli/rejections.hpp"
#include "cli/setup.hpp"
#include "cli/timeline.hpp"
#include "dataflow/activity.hpp"
#include "dataflow/counts.hpp"
#include "mapper/mapper.hpp"

namespace weft::cli {

struct LevelReport {
  std::string name{};
  PerRole<bool> keeps{};
  PerRole<TensorCounts> tensors{};  // words, all instances
  PerRole<Shares> shares{};         // what zeros make of them
  double energy_pj = 0;             // memories, network below and leakage
  double busy_cycles = 0;           // the busiest port
};

// The parts of the energy that no level has.
struct ComputeEnergy {
  double macs_pj = 0, leak_pj = 0, vector_pj = 0;
};

// What only a simulation knows.
struct SimulationReport {
  std::string same_as{};  // the layer of the same shape that was simulated; empty: this one
  sim::Stalls stalls{};
  double rounding = 0;  // up to whole cycles: stalls, `rounding` and `vector_cycles` add up to the cycles
  std::vector<sim::Component> components{};  // of the array's work: each adds up to it before rounding
  double vector_cycles = 0;                  // vector work after the array, or longer than the array
  std::int64_t model_cycles = 0;
  bool counts_equal = true;             // to the model's
  std::optional<bool> outputs_equal{};  // to the reference; none: values were not simulated
  std::int64_t steps = 0;
  bool coarsened = false;
};

// How good the mapping of a layer's array work is known to be; its vector work is left out, which no mapping
// changes.
struct Proof {
  double cost = 0, lower_bound = 0, gap = 0;  // of the objective; no mapping of the space costs less
  Certificate certificate{};                  // an empty space: the bound holds for every mapping
};

// A layer (one copy), or the whole network.
struct LayerReport {
  std::string name{};
  std::string kind{};   // "conv", "gemm" ...; "vector" without a problem
  std::string shape{};  // "K64 C3 P112 Q112 R7 S7 stride 2"
  std::int64_t repeat = 1;
  std::int64_t cycles = 0;
  double energy_pj = 0;
  std::int64_t macs = 0;
  std::int64_t gated = 0, skipped = 0;  // of them
  double utilization = 0;               // MACs not skipped / (cycles x peak)
  // The array's cycles with zeros where they may be, over the model's (dataflow/imbalance.hpp); of the
  // network by compute cycles.
  std::optional<double> imbalance{};
  double peak = 0;  // MACs per cycle of the machine at the layer's widths
  double edp_js = 0;
  // Of the objective, vector work included: no mapping of the proof's space costs less; 1 - bound / cost.
  double bound_cost = 0, gap = 0;
  std::optional<Proof> proof{};  // none: no array work, or the network
  std::vector<LevelReport> levels{};
  ComputeEnergy compute{};
  std::int64_t outer_words = 0;  // read from and written to the outermost level
  double reread = 0;             // these / the words of the three tensors; NaN without a problem
  Timing timing{};               // of the model; empty for the network
  std::string mapping_yaml{};
  std::string mapping_line{};
  std::string loop_nest{};
  std::optional<Activity> activity{};  // of the array's units; none without a problem
  std::int64_t evaluated = 0;
  std::vector<RejectionRow> rejected{};  // what was in the way of other mappings tried
  std::optional<SimulationReport> simulation{};
};

// What the exact search did for a run; layers of equal shape are searched once and counted once.
struct Effort {
  std::int64_t layers = 0, proven = 0;  // rows with array work, and those of gap 0 in the even space
  std::int64_t outside = 0;             // of the proven: answered by a mapping outside of the space
  std::int64_t searched = 0;            // distinct shapes
  std::int64_t nodes = 0, priced = 0;   // partial mappings looked at, mappings priced in full
  std::string space{};                  // empty: no layer has a certificate
};

// The layers back to back on one machine.
struct BackToBack {
  std::int64_t cycles = 0, sum_of_layers = 0;
  bool without_early_tiles = false;
  double rounding = 0;
  sim::Stalls stalls{};
  std::vector<sim::Component> components{};
  std::optional<Timeline> timeline{};                  // for JSON only
  std::vector<std::pair<std::string, double>> ends{};  // of every copy of a layer: cycles
};

struct Report {
  Verb verb = Verb::kEstimate;
  std::vector<LayerReport> layers{};
  LayerReport total{};
  double area_um2 = 0;
  std::vector<std::pair<std::string, double>> area{};  // by level, then compute
  double latency_s = 0, power_w = 0, inferences_per_s = 0;
  std::vector<std::string> warnings{};
  Effort effort{};
  std::optional<BackToBack> back_to_back{};  // simulate only
};

// "K64 C3 P112 Q112 R7 S7 stride 2": dims larger than 1.
[[nodiscard]] std::string shape_of(const Problem& problem);
// Of the model's result; simulate replaces what it measured and calls add_totals() again.
[[nodiscard]] Report make_report(Verb verb, const Setup& setup, const NetworkResult& result);
// Proof, bound and gap of a layer with a problem.
void fill_bound(LayerReport& layer, const Setup& setup, const Layer& source, const MapResult& map);
[[nodiscard]] Effort effort_of(const Setup& setup, const NetworkResult& result);
void fill_layer(LayerReport& layer, const Setup& setup, const ActionCounts& counts,
                const EnergyReport& energy, double vector_pj, std::int64_t cycles);
void add_totals(Report& report, const Setup& setup);

[[nodiscard]] std::string print(const Report& report, const Setup& setup);  // in setup.format
// What was run, on what: the first lines of every text.
[[nodiscard]] std::string text_header(const Report& report, const Setup& setup);
[[nodiscard]] std::string print_text(const Report& report, const Setup& setup);
// The part of `weft map`: costs, bounds and mappings, and the proofs.
[[nodiscard]] std::string map_table(const Report& report, const Setup& setup);
[[nodiscard]] const char* unit_of(Objective objective);  // "pJ", "s", "J s", "J s2"
// "name x3" for layers with copies.
[[nodiscard]] std::string times(const LayerReport& layer);
[[nodiscard]] std::string percent(double share);
[[nodiscard]] std::string print_json(const Report& report, const Setup& setup);
[[nodiscard]] std::string print_csv(const Report& report);

// Cycles without array work by cause, in words, in a fixed order; sums to the total with "computing".
[[nodiscard]] std::vector<std::pair<std::string, double>> stall_list(const SimulationReport& simulation);

}  // namespace weft::cli
