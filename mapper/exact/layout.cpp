// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/layout.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

double constant_words(const TensorShape& tensor, const Problem& problem) {
  double words = 1;
  for (const Rank& rank : tensor.ranks) {
    const bool fixed = std::all_of(rank.terms.begin(), rank.terms.end(),
                                   [&](const Term& term) { return problem.size(term.dim) == 1; });
    words *= fixed && (rank.offset < 0 || rank.offset >= rank.extent) ? 0 : 1;
  }
  return words;
}

Scope representative(const MapSpace& space, const Boundary& boundary, Scope scope) {
  const Accelerator& machine = space.accelerator();
  const auto free = [&](int level) {
    const StorageLevel& storage = machine.levels[static_cast<std::size_t>(level)];
    return storage.bandwidths(storage.port_index(boundary.role)) == Bandwidths{};
  };
  if (scope == Scope::kFirstParent && (machine.instances(boundary.parent) == 1 || free(boundary.parent))) {
    scope = Scope::kParents;
  }
  if (scope == Scope::kFirstReceiver &&
      (boundary.child == space.depth() || machine.instances(boundary.child) == 1 || free(boundary.child))) {
    scope = Scope::kReceivers;
  }
  const bool alone = machine.instances(boundary.child) == machine.instances(boundary.parent);
  return scope == Scope::kReceivers && alone ? Scope::kParents : scope;
}

const Asked& Layout::find(const Boundary& boundary, Scope scope, Visits visits) const {
  scope = representative(*space, boundary, scope);
  for (const Asked& one : asked) {
    if (one.boundary.role == boundary.role && one.boundary.parent == boundary.parent &&
        one.boundary.child == boundary.child && one.scope == scope && one.visits == visits) {
      return one;
    }
  }
  WEFT_ENSURE(false, "a count that the layout does not hold");
  return asked.front();
}

namespace {

bool has_windows(const Problem& problem, Role role) {
  const std::vector<Rank>& ranks = problem.tensor(role).ranks;
  return std::any_of(ranks.begin(), ranks.end(),
                     [&](const Rank& rank) { return is_windowed(rank, problem); });
}

}  // namespace

Layout make_layout(const MapSpace& space, const AxesAlike& alike) {
  Layout layout;
  layout.space = &space;
  layout.alike = alike;
  const auto take = [&](std::size_t count) {
    const std::size_t first = layout.size;
    layout.size += count;
    return first;
  };
  const auto ask = [&](const Boundary& boundary) {
    for (const Scope scope :
         {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
      if (representative(space, boundary, scope) != scope) {
        continue;
      }
      const auto child = static_cast<std::size_t>(boundary.child);
      const bool retains = boundary.child < space.depth();
      Asked asked{boundary, scope, Visits::kAll};
      asked.windows = retains && has_windows(space.problem(), boundary.role);
      asked.first = take(asked.count());
      asked.volumes = retains ? take(3 * child) : 0;
      layout.asked.push_back(asked);
      if (boundary.role == Role::kOutputs) {
        layout.above.push_back(take(1));
        layout.asked.push_back({boundary, scope, Visits::kFirst, false, layout.above.back(), 0});
      }
    }
    if (boundary.child < space.depth()) {
      layout.edges.push_back({boundary, take(1), take(1)});
    }
  };
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    for (int parent = 0; parent < space.depth(); ++parent) {
      for (int child = parent + 1; space.level(parent).can_keep[r] && child <= space.depth(); ++child) {
        const bool must = child < space.depth() && space.level(child).must_keep[r];
        if (child == space.depth() || space.level(child).can_keep[r]) {
          ask({role, parent, child});
        }
        if (must) {
          break;
        }
      }
    }
  }
  for (int level = 0; level < space.depth(); ++level) {
    layout.tile.push_back({take(1), take(1), take(1)});
    layout.rest.emplace_back();
    for (PerRole<std::size_t>& of_limiting : layout.rest.back()) {
      of_limiting = {take(1), take(1), take(1)};
    }
    layout.columns.push_back(take(1));
    layout.rows.push_back(take(1));
  }
  layout.iterations = take(1);
  return layout;
}

}  // namespace weft::exact
