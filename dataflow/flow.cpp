// SPDX-License-Identifier: Apache-2.0
#include "dataflow/flow.hpp"

#include "base/error.hpp"

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

std::size_t Flow::slot_of(Scope scope, Visits visits) {
  const std::size_t own = 2 * static_cast<std::size_t>(scope) + static_cast<std::size_t>(visits);
  if (slots_[own]) {
    return *slots_[own];
  }
  std::uint64_t key = 1;
  for (int i = 0; i < nest_->outside(boundary_.child); ++i) {
    const NestLoop& loop = nest_->loops()[static_cast<std::size_t>(i)];
    if (loop.spatial) {
      WEFT_ENSURE(key < std::uint64_t{1} << 60U, "too many spatial loops");
      const TensorShape& tensor = problem_->tensor(boundary_.role);
      key = 4 * key +
            static_cast<std::uint64_t>(gather_of(loop, tensor, *accelerator_, boundary_, scope, visits));
    }
  }
  keys_[own] = key;
  std::size_t same = own % 2;
  while (same != own && (!slots_[same] || keys_[same] != key)) {
    same += 2;
    if (same >= slots_.size()) {
      same = own;
    }
  }
  slots_[own] = same;
  return same;
}

const Transfers& Flow::transfers(Scope scope, Visits visits) {
  std::optional<Transfers>& known = transfers_[slot_of(scope, visits)];
  if (!known) {
    known = make_transfers(*nest_, *problem_, *accelerator_, boundary_, scope, visits, options_);
  }
  return *known;
}

std::int64_t Flow::total(Scope scope, Visits visits) {
  std::optional<std::int64_t>& known = totals_[slot_of(scope, visits)];
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
