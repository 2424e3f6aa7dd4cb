// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/leaves.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "base/checked.hpp"
#include "mapper/exact/vectors.hpp"

namespace weft::exact {

Leaves::Leaves(const MapRequest& request, const MapSpace& space, const CostModel& costs, const Rules& rules,
               std::vector<std::vector<int>> parts, Incumbents& incumbents)
    : request_(request),
      space_(space),
      costs_(costs),
      rules_(rules),
      incumbents_(incumbents),
      parts_(std::move(parts)),
      signatures_(parts_.size()) {
  if (rules.tables && request.model.counts.slides == Slides::kAny) {
    tables_.emplace(request, space, parts_);
  }
}

void Leaves::begin(const Family& family, BoundProgram& program) {
  family_ = &family;
  program_ = &program;
  coverage_.emplace(family);
  known_choices_.assign(family.keep.size(), {});
  if (!tables_) {
    return;
  }
  tables_->keep(family.keep);
  resource_flow_.clear();
  const std::vector<Resources::Flow>& flows = program.resources().flows();
  for (const Boundary& boundary : tables_->flows()) {
    const auto same = std::find_if(flows.begin(), flows.end(), [&](const Resources::Flow& flow) {
      return flow.boundary.role == boundary.role && flow.boundary.parent == boundary.parent;
    });
    resource_flow_.push_back(static_cast<std::size_t>(same - flows.begin()));
  }
  turns_.resize(resource_flow_.size());
  std::iota(turns_.begin(), turns_.end(), std::size_t{0});
  std::stable_sort(turns_.begin(), turns_.end(),
                   [&](std::size_t a, std::size_t b) { return child_of(a) < child_of(b); });
  decisive_ = 0;
}

void Leaves::price(const Leaf& leaf, MapResult& result) {
  leaf_ = &leaf;
  ++result.certificate.leaves;
  choices_.resize(static_cast<std::size_t>(space_.depth()));
  for (std::size_t level = 0; level < choices_.size(); ++level) {
    choices_[level] = &choose(level);
  }
  orders_.clear();
  for (const Choices* choices : choices_) {
    if (choices->empty()) {
      return;  // constraints permit none
    }
    orders_.push_back(&choices->front().order);  // as good as any until the level's turn comes
  }
  covered_.resize(choices_.size());
  if (tables_) {
    tables_->split(leaf.chains, leaf.options);
    known_.assign(tables_->flows().size(), {});
    words_.resize(tables_->flows().size());
    promote_decisive();
    bound_rest();
  }
  each_order(0, result);
}

const Leaves::Choices& Leaves::choose(std::size_t level) {
  const PerRole<bool> roles = kept_below(*family_, static_cast<int>(level));
  const auto [known, made] = known_choices_[level].try_emplace(signature_for(signature_at(level), roles));
  if (made) {
    for (Order& order : orders(space_, leaf_->chains, static_cast<int>(level), roles, !rules_.orders)) {
      const KindSet& covered = coverage_->of(order, level, space_.problem());
      known->second.push_back({std::move(order), &covered});
    }
  }
  return known->second;
}

Signature Leaves::signature_at(std::size_t level) {
  Signature all = 0;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    const auto option = static_cast<std::size_t>(leaf_->options[part]);
    const std::size_t at = option * static_cast<std::size_t>(space_.depth()) + level;
    std::vector<Signature>& known = signatures_[part];
    known.resize(std::max(known.size(), at + 1));
    if (known[at] == 0) {
      known[at] = signature(space_, leaf_->chains, static_cast<int>(level), parts_[part]);
    }
    all |= known[at];
  }
  return all;
}

// What decided the last leaf is likely to decide the next.
void Leaves::promote_decisive() {
  while (decisive_ > 0 && child_of(turns_[decisive_ - 1]) == child_of(turns_[decisive_])) {
    std::swap(turns_[decisive_ - 1], turns_[decisive_]);
    --decisive_;
  }
  decisive_ = 0;
}

// Flows from a level into the next of those that keep the tensor wait for the orders of all levels between.
void Leaves::bound_rest() {
  const std::size_t width = program_->resources().width();
  decided_.assign(choices_.size(), std::vector<double>(width, 0.0));
  rest_.resize(turns_.size() + 1);
  rest_.back().assign(width, 0.0);
  alive_.clear();
  for (std::size_t kind = 0; kind < family_->kinds.size(); ++kind) {
    if (contains(leaf_->alive, kind)) {
      const std::size_t profile = program_->profile(kind);
      if (std::find(alive_.begin(), alive_.end(), profile) == alive_.end()) {
        alive_.push_back(profile);
      }
    }
  }
  for (std::size_t turn = turns_.size(); turn-- > 0;) {
    std::vector<double>& least = rest_[turn];
    least.assign(width, std::numeric_limits<double>::infinity());
    for (const std::size_t profile : alive_) {
      take_least(program_->used(program_->option(profile, resource_flow_[turns_[turn]])), least.data(),
                 width);
    }
    std::transform(least.begin(), least.end(), rest_[turn + 1].begin(), least.begin(), std::plus<>());
  }
}

void Leaves::each_order(std::size_t level, MapResult& result) {
  if (level == choices_.size()) {
    price_one(result);
    return;
  }
  const bool last = level + 1 == choices_.size();
  for (const Choice& choice : *choices_[level]) {
    orders_[level] = &choice.order;
    covered_[level] = *choice.covered;
    for (std::size_t i = 0; level > 0 && i < covered_[level].size(); ++i) {
      covered_[level][i] &= covered_[level - 1][i];
    }
    if (meet(covered_[level], leaf_->alive) && !(last && meet(covered_[level], leaf_->dead)) &&
        (!tables_ || may_be_of_use(level))) {
      each_order(level + 1, result);
    }
  }
}

Mapping Leaves::mapping() const {
  Mapping mapping;
  mapping.levels.resize(orders_.size());
  for (std::size_t level = 0; level < orders_.size(); ++level) {
    LevelMapping& here = mapping.levels[level];
    here.keep = family_->keep[level];
    for (const int dim : orders_[level]->dims) {
      here.temporal.push_back({dim, leaf_->chains[static_cast<std::size_t>(dim)].time[level]});
    }
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (int dim = 0; dim < space_.dims(); ++dim) {
        const Chain& chain = leaf_->chains[static_cast<std::size_t>(dim)];
        const std::int64_t bound = axis == Axis::kX ? chain.x[level] : chain.y[level];
        if (bound > 1) {
          here.spatial.push_back({dim, bound, axis});
        }
      }
    }
  }
  return mapping;
}

const Leaves::Known& Leaves::known(std::size_t flow) {
  const Boundary& boundary = tables_->flows()[flow];
  const auto r = static_cast<std::size_t>(index_of(boundary.role));
  std::size_t view = 0;
  std::size_t views = 1;
  for (std::size_t level = 0; level < orders_.size() && level < static_cast<std::size_t>(boundary.child);
       ++level) {
    view += views * static_cast<std::size_t>(orders_[level]->view[r]);
    views *= choices_[level]->size();
  }
  std::vector<Known>& of_flow = known_[flow];
  if (view >= of_flow.size()) {
    of_flow.resize(view + 1);
  }
  Known& one = of_flow[view];
  if (one.made) {
    return one;
  }
  one.made = true;
  one.words = tables_->words(flow, orders_);
  const auto words = [&](Scope scope) { return static_cast<double>(one.words.total(scope)); };
  const auto again = [&](Scope scope) { return static_cast<double>(one.words.again(scope)); };
  FlowCounts counts;
  counts.parents = words(Scope::kParents);
  counts.receivers = words(Scope::kReceivers);
  counts.first_parent = words(Scope::kFirstParent);
  counts.first_receiver = words(Scope::kFirstReceiver);
  counts.parents_again = again(Scope::kParents);
  counts.receivers_again = again(Scope::kReceivers);
  counts.first_parent_again = again(Scope::kFirstParent);
  counts.first_receiver_again = again(Scope::kFirstReceiver);
  one.used.resize(program_->resources().width());
  program_->resources().use(resource_flow_[flow], counts, one.used.data());
  return one;
}

// Where the orders decide, the words are exact; ramps and rounding are still bounded.
bool Leaves::may_be_of_use(std::size_t level) {
  std::vector<double>& decided = decided_[level];
  if (level == 0) {
    std::fill(decided.begin(), decided.end(), 0.0);
  } else {
    decided = decided_[level - 1];
  }
  for (std::size_t turn = 0; turn < turns_.size(); ++turn) {
    const std::size_t flow = turns_[turn];
    if (child_of(flow) != level + 1) {
      continue;
    }
    try {
      const Known& one = known(flow);
      words_[flow] = one.words;
      std::transform(decided.begin(), decided.end(), one.used.begin(), decided.begin(), std::plus<>());
    } catch (const OverflowError&) {
      return false;  // too large to count, so worse than any other
    }
    sum_.resize(decided.size());
    std::transform(decided.begin(), decided.end(), rest_[turn + 1].begin(), sum_.begin(), std::plus<>());
    const Bound bound = program_->bound_of(sum_.data());
    if (rules_.bounds && incumbents_.beats(bound, incumbents_.cost(bound))) {
      decisive_ = turn;
      return false;
    }
  }
  return true;
}

void Leaves::price_one(MapResult& result) {
  if (request_.constraints != nullptr) {
    if (const auto violation =
            violates(*request_.constraints, mapping(), space_.problem(), space_.accelerator())) {
      const auto rule = static_cast<std::size_t>(violation->rule);
      ++result.violated[rule];
      result.violations[rule] = result.violations[rule] ? result.violations[rule] : violation;
      return;
    }
  }
  try {
    ++result.evaluated;
    Evaluation evaluation = tables_
                                ? tables_->evaluate(words_)
                                : evaluate(mapping(), space_.problem(), space_.accelerator(), request_.model);
    EnergyReport report = energy(evaluation.counts, space_.accelerator(), costs_, evaluation.timing.cycles);
    incumbents_.offer(std::move(evaluation), std::move(report), [&] { return mapping(); });
  } catch (const OverflowError&) {
    // Too large to count, so worse than any other.
  }
}

}  // namespace weft::exact
