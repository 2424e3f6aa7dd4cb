// SPDX-License-Identifier: Apache-2.0
#include "dataflow/flow.hpp"

namespace weft {

Flow::Flow(const Nest& nest, const Problem& problem, const Accelerator& accelerator, const Boundary& boundary,
           const CountOptions& options)
    : nest_(&nest),
      problem_(&problem),
      accelerator_(&accelerator),
      boundary_(boundary),
      options_(options),
      alike_(alike()) {}

// No partial tile and no padding anywhere: what one instance does, all do.
bool Flow::alike() const {
  for (int dim = 0; dim < nest_->rank(); ++dim) {
    if (nest_->extent(dim, 0) != nest_->size(dim)) {
      return false;
    }
  }
  for (const Rank& rank : problem_->tensor(boundary_.role).ranks) {
    std::int64_t last = rank.offset;
    for (const Term& term : rank.terms) {
      last += term.coeff * (nest_->size(term.dim) - 1);
    }
    if (rank.offset < 0 || last >= rank.extent) {
      return false;
    }
  }
  return true;
}

const Transfers& Flow::transfers(Scope scope, Visits visits) {
  std::optional<Transfers>& known = transfers_[slot(scope, visits)];
  if (!known) {
    known = make_transfers(*nest_, *problem_, *accelerator_, boundary_, scope, visits, options_);
  }
  return *known;
}

std::int64_t Flow::total(Scope scope, Visits visits) {
  std::optional<std::int64_t>& known = totals_[slot(scope, visits)];
  if (!known && alike_ && scope == Scope::kFirstParent) {
    known = total(Scope::kParents, visits) / nest_->instances_used(boundary_.parent);
  } else if (!known && alike_ && scope == Scope::kFirstReceiver) {
    known = total(Scope::kReceivers, visits) / nest_->instances_used(boundary_.child);
  } else if (!known) {
    known = transfers(scope, visits).total();
  }
  return *known;
}

std::int64_t Flow::first_tile(Scope scope) {
  const Transfers& answer = transfers(scope);
  const Small<std::int64_t, 16> zeros(answer.temporal().size(), 0);
  return answer.at({zeros.data(), zeros.size()});
}

Small<Flow, 9> flows(const Nest& nest, const Mapping& mapping, const Problem& problem,
                     const Accelerator& accelerator, const CountOptions& options) {
  Small<Flow, 9> result;
  for (const Boundary& boundary : boundaries(mapping, accelerator)) {
    result.emplace_back(nest, problem, accelerator, boundary, options);
  }
  return result;
}

}  // namespace weft
