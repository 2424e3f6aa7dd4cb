// SPDX-License-Identifier: Apache-2.0
#include "dataflow/flow.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace weft {

namespace {

// Digits of the combination in which the last output tile began: loops the outputs do not mention and that
// lie inside the last advance of one they do are back at zero.
std::vector<std::int64_t> last_entry(const Nest& nest, const TensorShape& outputs,
                                     std::span<const int> temporal) {
  std::vector<std::int64_t> digits(temporal.size());
  std::vector<std::int64_t> base(static_cast<std::size_t>(nest.rank()), 0);
  for (std::size_t i = 0; i < temporal.size(); ++i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(temporal[i])];
    std::int64_t& at = base[static_cast<std::size_t>(loop.dim)];
    digits[i] = std::min(loop.bound - 1, (nest.size(loop.dim) - 1 - at) / loop.stride);
    at += digits[i] * loop.stride;
  }
  for (std::size_t i = temporal.size(); i-- > 0;) {
    if (relevant(outputs, nest.loops()[static_cast<std::size_t>(temporal[i])].dim)) {
      if (digits[i] != 0) {
        break;
      }
    } else {
      digits[i] = 0;
    }
  }
  return digits;
}

}  // namespace

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
  std::unique_ptr<Transfers>& known = transfers_[slot_of(scope, visits)];
  if (known == nullptr) {
    known = std::make_unique<Transfers>(
        make_transfers(*nest_, *problem_, *accelerator_, boundary_, scope, visits, options_));
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

std::int64_t Flow::last_tile(Scope scope) {
  const Transfers& answer = transfers(scope);
  return answer.at(last_entry(*nest_, problem_->tensor(boundary_.role), answer.temporal()));
}

FlowWords Flow::words() {
  FlowWords result;
  result.boundary = boundary_;
  const bool outputs = boundary_.role == Role::kOutputs;
  const bool held = boundary_.child < accelerator_->depth();
  for (const Scope scope : {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
    const auto s = static_cast<std::size_t>(scope);
    if (scope == Scope::kFirstReceiver && !held) {
      continue;
    }
    result.all[s] = total(scope);
    result.seen[s] = outputs ? total(scope, Visits::kFirst) : 0;
    if (held && (scope == Scope::kFirstReceiver || scope == Scope::kFirstParent)) {
      (outputs ? result.last : result.first)[s] = outputs ? last_tile(scope) : first_tile(scope);
    }
  }
  return result;
}

Small<FlowWords, 9> flow_words(const Nest& nest, const Mapping& mapping, const Problem& problem,
                               const Accelerator& accelerator, const CountOptions& options) {
  Small<FlowWords, 9> result;
  for (const Boundary& boundary : boundaries(mapping, accelerator)) {
    result.push_back(Flow(nest, problem, accelerator, boundary, options).words());
  }
  return result;
}

}  // namespace weft
