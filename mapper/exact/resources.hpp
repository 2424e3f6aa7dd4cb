// What mappings of a family use, word by word: energy, and time of ports. The flows' words in, the least
// cycles and energy out. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "dataflow/boundary.hpp"
#include "energy_model/energy.hpp"
#include "mapper/exact/kinds.hpp"
#include "mapper/mapper.hpp"

namespace weft::exact {

// Three sides of up to three memories and three tensors with ports of their own at each level.
inline constexpr std::size_t kMaxPorts = 18 * kMaxDepth;
// Energy, ports, and two directions of those that single-buffered memories take turns on; whole vectors.
inline constexpr std::size_t kMaxResources = 8 + 2 * kMaxPorts;
// What summing in another order may cost.
inline constexpr double kSlack = 1e-9;

// Whole cycles that take at least this time.
[[nodiscard]] std::int64_t whole_cycles(double time);

// The words of one flow that cost something, over the whole run (cut where the words of a first visit need
// not be read: again).
struct FlowCounts {
  double parents = 0, receivers = 0;
  double parents_again = 0, receivers_again = 0;
  // Of the first instances only: those that time is counted for.
  double first_parent = 0, first_receiver = 0;
  double first_parent_again = 0, first_receiver_again = 0;
};

// What happens before the array's first and after its last step, besides what the flows do. Per port: time of
// first loads, of those not into single-buffered memories, and of last stores.
struct Edges {
  double hops_in = 0, longest = 0, out = 0;
  double compute = 0;  // cycles of the array
  std::array<double, kMaxPorts> loading, late, storing;
  // [resource]: what a port's own work does not cover, minus infinity for others; by Resources::settle().
  std::array<double, kMaxResources> beside;
};

class Resources {
 public:
  Resources(const MapRequest& request, const MapSpace& space, const CostModel& costs, const Family& family);

  struct Flow {
    Boundary boundary;
    // cycles per word, and the ports they pass
    double time_parent_read = 0, time_parent_write = 0, time_child_read = 0, time_child_write = 0;
    double shared_parent = 0, shared_child = 0;
    std::size_t port_parent = 0, port_child = 0;  // first of three: read, write, shared
    bool to_compute = false, serial = false;
  };
  [[nodiscard]] const std::vector<Flow>& flows() const { return flows_; }
  [[nodiscard]] std::size_t ports() const { return ports_; }
  // Doubles that use() writes: a whole number of vectors.
  [[nodiscard]] std::size_t width() const { return width_; }

  // What a flow with these words uses.
  void use(std::size_t flow, const FlowCounts& counts, double* used) const;
  // Of that, the energy. pJ
  [[nodiscard]] double energy(std::size_t flow, const FlowCounts& counts) const;
  // Completes the edges, once all else is known of them.
  void settle(Edges& edges) const;
  // All flows' uses, summed -> the least cycles and energy.
  [[nodiscard]] Bound bound(const double* used, const Edges& edges) const;
  // Of mappings that take so many cycles, their flows so much energy.
  [[nodiscard]] Bound bound(double flow_energy, std::int64_t cycles) const {
    return {cycles, (constant_energy_ + flow_energy + leak_ * static_cast<double>(cycles)) * (1 - kSlack)};
  }

 private:
  struct Term {
    std::size_t resource = 0;
    double FlowCounts::*count = nullptr;
    double per_word = 0;
  };
  // Single-buffered memories of a level that take turns on one port above them.
  struct Turns {
    std::size_t port = 0;  // first of the memory above
    bool shared = false;
    bool first_loads = false;         // their first loads take no longer than that port needs for them
    std::size_t read = 0, write = 0;  // resources
  };

  void add_flow(const Boundary& boundary, const CostModel& costs);
  void add_turns();
  [[nodiscard]] std::size_t port(int level, Role role) const;
  [[nodiscard]] std::size_t resource_of(std::size_t port);
  void term(std::size_t flow, std::size_t resource, double FlowCounts::*count, double per_word);

  const MapRequest* request_;
  const MapSpace* space_;
  std::vector<Flow> flows_;
  std::vector<std::vector<Term>> terms_;                   // [flow]: those of energy come first
  std::vector<std::pair<std::size_t, std::size_t>> busy_;  // port, resource
  std::vector<Turns> turns_;
  std::vector<std::size_t> first_port_;  // [level]
  std::size_t ports_ = 0;
  std::size_t used_ = 1;  // resources; the first is energy
  std::size_t width_ = 0;
  double constant_energy_ = 0, leak_ = 0;
  bool with_ramps_ = true;
};

}  // namespace weft::exact
