// SPDX-License-Identifier: Apache-2.0
#include "dataflow/boundary.hpp"

namespace weft {

namespace {

bool unites(NetworkKind kind) {
  return kind != NetworkKind::kUnicast;
}

MulticastUnit unit_between(const Accelerator& accelerator, const Boundary& boundary) {
  for (int level = boundary.parent; level < boundary.child; ++level) {
    if (accelerator.levels[static_cast<std::size_t>(level)].fanout.multicast_unit == MulticastUnit::kTile) {
      return MulticastUnit::kTile;
    }
  }
  return MulticastUnit::kWord;
}

// Several senders of one output word that nothing reduces on the way: only the first of them does not
// accumulate onto a partial sum.
bool accumulates(const NestLoop& loop, const TensorShape& tensor, const Boundary& boundary, bool united) {
  return loop.level >= boundary.parent && !united && !relevant(tensor, loop.dim);
}

}  // namespace

Gather gather_of(const NestLoop& loop, const TensorShape& tensor, const Accelerator& accelerator,
                 const Boundary& boundary, Scope scope, Visits visits) {
  const bool above = loop.level < boundary.parent;
  const FanOut& fanout = accelerator.levels[static_cast<std::size_t>(loop.level)].fanout;
  const bool united = !above && unites(fanout.network[static_cast<std::size_t>(index_of(boundary.role))]);
  const bool later_sender = visits == Visits::kFirst && accumulates(loop, tensor, boundary, united);
  switch (scope) {
    case Scope::kReceivers:
      // A level's instance starts its own visit from nothing; a MAC accumulates onto what others left.
      return later_sender && boundary.child == accelerator.depth() ? Gather::kFirst : Gather::kSum;
    case Scope::kFirstReceiver:
      return Gather::kFirst;
    case Scope::kParents:
    case Scope::kFirstParent:
      if (above) {
        return scope == Scope::kFirstParent ? Gather::kFirst : Gather::kSum;
      }
      return united ? Gather::kUnion : later_sender ? Gather::kFirst : Gather::kSum;
  }
  return Gather::kSum;
}

std::vector<Boundary> boundaries(const Mapping& mapping, const Accelerator& accelerator) {
  const auto keeps = [&](int level, Role role) {
    return mapping.levels[static_cast<std::size_t>(level)].keep[static_cast<std::size_t>(index_of(role))];
  };
  std::vector<Boundary> result;
  result.reserve(static_cast<std::size_t>(kRoles * accelerator.depth()));
  for (int child = 1; child <= accelerator.depth(); ++child) {
    for (const Role role : kAllRoles) {
      int parent = child - 1;
      while (parent >= 0 && !keeps(parent, role)) {
        --parent;
      }
      if (parent >= 0 && (child == accelerator.depth() || keeps(child, role))) {
        result.push_back({role, parent, child});
      }
    }
  }
  return result;
}

GroupRules rules_of(const Accelerator& accelerator, const Boundary& boundary, Visits visits,
                    const CountOptions& options) {
  GroupRules rules;
  rules.retains = boundary.child < accelerator.depth();
  if (rules.retains) {
    rules.halo = accelerator.levels[static_cast<std::size_t>(boundary.child)].memory_for(boundary.role)->halo;
  }
  rules.footprint = options.footprint;
  rules.unit = unit_between(accelerator, boundary);
  rules.visits = visits;
  return rules;
}

Small<Gather, 32> gathers_of(const Nest& nest, const TensorShape& tensor, const Accelerator& accelerator,
                             const Boundary& boundary, Scope scope, Visits visits) {
  const int outside = nest.outside(boundary.child);
  Small<Gather, 32> how(static_cast<std::size_t>(outside), Gather::kSum);
  for (std::size_t i = 0; i < how.size(); ++i) {
    if (nest.loops()[i].spatial) {
      how[i] = gather_of(nest.loops()[i], tensor, accelerator, boundary, scope, visits);
    }
  }
  return how;
}

Transfers make_transfers(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                         const Boundary& boundary, Scope scope, Visits visits, const CountOptions& options) {
  const TensorShape& tensor = problem.tensor(boundary.role);
  return {nest,
          {.tensor = &tensor,
           .child = boundary.child,
           .slides = options.slides,
           .rules = rules_of(accelerator, boundary, visits, options),
           .gather = gathers_of(nest, tensor, accelerator, boundary, scope, visits)}};
}

}  // namespace weft
