// What no legal mapping can beat: every tensor passes every level that must keep it at least once, every MAC
// takes its operands from some keeper, and the array has only so many units.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/checked.hpp"
#include "dataflow/ports.hpp"
#include "mapper/bound_parts.hpp"
#include "mapper/map_space.hpp"
#include "mapper/mapper.hpp"
#include "mapper/ski_slope.hpp"
#include "mapper/ski_slope_window.hpp"
#include "mapper/viewed_request.hpp"

namespace weft {

namespace {

// Coordinates of one rank reached inside the stored extent: how many, and by how many index combinations.
struct Reach {
  double distinct = 1;
  double combinations = 1;
};

// Three dims and more: folds one term after the other into a histogram of coordinates, the longest first (it
// is flat by itself).
Reach reach_of_many(const Problem& problem, const Rank& rank) {
  std::vector<Term> terms = rank.terms;
  std::stable_sort(terms.begin(), terms.end(),
                   [&](const Term& a, const Term& b) { return problem.size(a.dim) > problem.size(b.dim); });
  std::int64_t span = 1;
  for (const Term& term : terms) {
    span += term.coeff * (problem.size(term.dim) - 1);
  }
  std::vector<double> histogram(static_cast<std::size_t>(span), 0.0);
  histogram[0] = 1;
  for (const Term& term : terms) {
    std::vector<double> next(histogram.size(), 0.0);
    for (std::size_t from = 0; from < histogram.size(); ++from) {
      for (std::int64_t i = 0; histogram[from] > 0 && i < problem.size(term.dim); ++i) {
        next[from + static_cast<std::size_t>(i * term.coeff)] += histogram[from];
      }
    }
    histogram = std::move(next);
  }
  Reach reach{0, 0};
  const std::int64_t last = std::min(span, rank.extent - rank.offset);
  for (std::int64_t at = -rank.offset; at < last; ++at) {
    const double hits = histogram[static_cast<std::size_t>(at)];
    reach.distinct += hits > 0 ? 1 : 0;
    reach.combinations += hits;
  }
  return reach;
}

Reach reach_of(const Problem& problem, const Rank& rank) {
  const auto large = std::count_if(rank.terms.begin(), rank.terms.end(),
                                   [&](const Term& term) { return problem.size(term.dim) > 1; });
  if (large > 2) {
    return reach_of_many(problem, rank);
  }
  try {
    const WindowRank window(problem, rank);
    return {static_cast<double>(window.distinct()), static_cast<double>(window.inside())};
  } catch (const TooManyTiles&) {
    return {0, 0};  // too long to walk through: claims nothing
  }
}

struct Demand {
  double distinct = 1;  // words of the tensor that are touched
  double uses = 1;      // MACs that touch one (not the padding)
};

Demand demand_of(const Problem& problem, Role role) {
  Demand demand;
  for (const Rank& rank : problem.tensor(role).ranks) {
    const Reach reach = reach_of(problem, rank);
    demand.distinct *= reach.distinct;
    demand.uses *= reach.combinations;
  }
  for (int dim = 0; dim < problem.rank(); ++dim) {
    if (!relevant(problem.tensor(role), dim)) {
      demand.uses *= static_cast<double>(problem.size(dim));
    }
  }
  return demand;
}

class Bounder {
 public:
  explicit Bounder(const MapRequest& request)
      : request_(request),
        space_(*request.problem, *request.accelerator),
        costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)) {
    for (const Role role : kAllRoles) {
      demand_[at(role)] = demand_of(*request.problem, role);
    }
  }

  [[nodiscard]] BoundParts parts() const {
    BoundParts parts;
    parts.compute_cycles = compute_cycles();
    parts.port = slowest_port();
    for (const Role role : kAllRoles) {
      parts.once[at(role)] = demand_[at(role)].distinct;
      parts.tensor_pj[at(role)] = tensor_energy(role);
    }
    parts.outer_cycles = outer_cycles();
    const double slowest = std::max(parts.compute_cycles, parts.port.cycles);
    // A whole number of cycles, less what summing fractions may have lost.
    Bound& result = parts.bound;
    result.cycles = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(slowest * (1 - 1e-9))));
    parts.macs_pj = mac_energy(*request_.problem, *request_.accelerator, costs_);
    parts.leak_pj = leak_per_cycle() * static_cast<double>(result.cycles);
    result.energy_pj = parts.macs_pj;
    for (const double tensor : parts.tensor_pj) {
      result.energy_pj += tensor;
    }
    result.energy_pj += parts.leak_pj;
    result.energy_pj *= 1 - 1e-12;  // sums in another order
    return parts;
  }

 private:
  [[nodiscard]] const StorageLevel& storage(int level) const {
    return request_.accelerator->levels[static_cast<std::size_t>(level)];
  }

  // MACs over the units that the dims allowed on each axis can fill.
  [[nodiscard]] double compute_cycles() const {
    double units = 1;
    for (int level = 0; level < space_.depth(); ++level) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        double useful = 1;
        for (const int dim : space_.level(level).spatial_dims[axis]) {
          useful *= static_cast<double>(request_.problem->size(dim));
        }
        units *= std::min(useful, static_cast<double>(space_.level(level).fan_out[axis]));
      }
    }
    const double iterations = std::ceil(static_cast<double>(macs(*request_.problem)) / units);
    const auto& effect = request_.accelerator->effect;
    return iterations * static_cast<double>(request_.accelerator->compute.iteration_cycles) *
           (effect ? effect->cycles : 1);
  }

  // Every tensor once through the ports of levels that have one instance and must keep it.
  [[nodiscard]] BoundPort slowest_port() const {
    BoundPort slowest;
    for (int level = 0; level < space_.depth() && request_.accelerator->instances(level) == 1; ++level) {
      for (int set = 0; set < storage(level).ports(); ++set) {
        const BoundPort port = slowest_of(level, set);
        slowest = port.cycles > slowest.cycles ? port : slowest;
      }
    }
    return slowest;
  }

  [[nodiscard]] double outer_cycles() const {
    double slowest = 0;
    for (int set = 0; set < storage(0).ports(); ++set) {
      slowest = std::max(slowest, slowest_of(0, set).cycles);
    }
    return slowest;
  }

  // Of one set of ports.
  [[nodiscard]] BoundPort slowest_of(int level, int set) const {
    double read = 0;
    double write = 0;
    for (const Role role : kAllRoles) {
      if (storage(level).port_index(role) != set || !space_.level(level).must_keep[at(role)]) {
        continue;
      }
      const double bits = demand_[at(role)].distinct * least_bits(level, role);
      const bool enters = level > 0 || role == Role::kOutputs;
      const bool drains = level > 0 && request_.model.drains == Drains::kOnPorts;
      const bool leaves = role != Role::kOutputs || drains;
      write += enters ? bits : 0;
      read += leaves ? bits : 0;
    }
    const auto port = [&](const char* side, double bits, const std::optional<BitsPerCycle>& bandwidth) {
      return BoundPort{storage(level).port_name(set) + " " + side, bandwidth ? bits / bandwidth->count() : 0};
    };
    const Bandwidths widths = storage(level).bandwidths(set);
    return std::max({port("read", read, widths.read), port("write", write, widths.write),
                     port("shared", read + write, widths.shared)},
                    [](const BoundPort& a, const BoundPort& b) { return a.cycles < b.cycles; });
  }

  // On a port, whomever a transfer serves.
  [[nodiscard]] double least_bits(int level, Role role) const {
    const auto bits = [&](Serves serves) {
      return port_bits(*request_.accelerator, *request_.problem, level, role, serves);
    };
    return std::min({bits(Serves::kMemory), bits(Serves::kCompute), bits(Serves::kArrival)});
  }
  // pJ per access, as the layer's zeros have it.
  [[nodiscard]] AccessCosts costs_at(int level, Role role) const {
    const int memory = space_.level(level).memory[at(role)];
    return access_costs(costs_.memories[static_cast<std::size_t>(level)][static_cast<std::size_t>(memory)],
                        expected_shares(*request_.accelerator, level, role));
  }

  // Receivers that one word from `level` can serve (or senders that one update can stand for).
  [[nodiscard]] double sharing(Role role, int level) const {
    double share = 1;
    for (int l = level; l < space_.depth(); ++l) {
      if (storage(l).fanout.network[at(role)] != NetworkKind::kUnicast) {
        share *= static_cast<double>(storage(l).fanout.size());
      }
    }
    return share;
  }

  // pJ when `level` is the innermost keeper: its own transfers with compute.
  [[nodiscard]] double innermost_energy(Role role, int level, std::int64_t block_words) const {
    const auto block = static_cast<double>(block_words);
    const AccessCosts costs = costs_at(level, role);
    const Demand& demand = demand_[at(role)];
    const double words = std::max(demand.uses / sharing(role, level), demand.distinct);
    const double access = role == Role::kOutputs ? costs.update : costs.read;
    double per_word = 0;
    double per_send = 0;
    for (int l = level; l < space_.depth(); ++l) {
      per_word += costs_.network_per_word[static_cast<std::size_t>(l)][at(role)];
      per_send += costs_.network_per_send[static_cast<std::size_t>(l)][at(role)];
    }
    return words / block * access + demand.uses * per_word + words * per_send;
  }

  // pJ for each word passing a keeper once, towards the keeper above it.
  [[nodiscard]] double passing_energy(Role role, int level, std::int64_t block_words) const {
    if (level == 0) {
      return 0;
    }
    const AccessCosts costs = costs_at(level, role);
    const double access = role == Role::kOutputs ? costs.drain : costs.write;
    return demand_[at(role)].distinct / static_cast<double>(block_words) * access;
  }

  // pJ between a keeper and one further in, when each word passes once.
  [[nodiscard]] double handing_energy(Role role, int level, std::int64_t block_words) const {
    const AccessCosts costs = costs_at(level, role);
    const double access = role == Role::kOutputs ? costs.update : costs.read;
    const auto l = static_cast<std::size_t>(level);
    const double sent = expected_shares(*request_.accelerator, level, role).sent;
    return demand_[at(role)].distinct *
           (access / static_cast<double>(block_words) +
            sent * (costs_.network_per_word[l][at(role)] + costs_.network_per_send[l][at(role)]));
  }

  // The cheapest choice of innermost keeper, with the levels that must keep the tensor above it.
  [[nodiscard]] double tensor_energy(Role role) const {
    double cheapest = std::numeric_limits<double>::infinity();
    double above = 0;
    for (int level = 0; level < space_.depth(); ++level) {
      const MapSpace::Level& here = space_.level(level);
      if (!here.can_keep[at(role)]) {
        continue;
      }
      const std::int64_t block =
          costs_.memories[static_cast<std::size_t>(level)][static_cast<std::size_t>(here.memory[at(role)])]
              .block_words[at(role)];
      const double passing = passing_energy(role, level, block);
      const double innermost = above + passing + innermost_energy(role, level, block);
      // A level that must keep the tensor rules out every choice above it.
      cheapest = here.must_keep[at(role)] ? innermost : std::min(cheapest, innermost);
      above += here.must_keep[at(role)] ? passing + handing_energy(role, level, block) : 0;
    }
    return cheapest;
  }

  [[nodiscard]] double leak_per_cycle() const {
    double leak = costs_.compute_leak * static_cast<double>(request_.accelerator->compute_units());
    for (int level = 0; level < space_.depth(); ++level) {
      const auto l = static_cast<std::size_t>(level);
      for (std::size_t memory = 0; memory < costs_.memories[l].size(); ++memory) {
        const bool gated = storage(level).memories[memory].power_gating == PowerGating::kUnused;
        const std::int64_t awake = gated ? 1 : request_.accelerator->instances(level);
        leak += costs_.memories[l][memory].leak * static_cast<double>(awake);
      }
    }
    return leak;
  }

  const MapRequest& request_;
  MapSpace space_;
  CostModel costs_;
  PerRole<Demand> demand_;
};

}  // namespace

Bound lower_bound(const MapRequest& request) {
  const ViewedRequest viewed(request);
  return Bounder(*viewed).parts().bound;
}

BoundParts bound_parts(const MapRequest& request) {
  const ViewedRequest viewed(request);
  return Bounder(*viewed).parts();
}

}  // namespace weft
