// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/leaves.hpp"

#include <algorithm>

#include "base/checked.hpp"

namespace weft::exact {

Leaves::Leaves(const MapRequest& request, const MapSpace& space, const CostModel& costs, const Rules& rules,
               std::vector<std::vector<int>> parts, Incumbents& incumbents)
    : request_(request), space_(space), costs_(costs), rules_(rules), incumbents_(incumbents) {
  if (rules.tables && request.model.counts.slides == Slides::kAny) {
    tables_.emplace(request, space, std::move(parts));
  }
}

void Leaves::begin(const Kind& kind) {
  kind_ = &kind;
  if (tables_) {
    tables_->keep(kind.keep);
  }
}

void Leaves::price(const Chains& chains, const std::vector<int>& options, MapResult& result) {
  chains_ = chains;
  ++result.certificate.leaves;
  choices_.clear();
  for (int level = 0; level < space_.depth(); ++level) {
    PerRole<bool> roles{};
    for (int below = level + 1; below < space_.depth(); ++below) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        roles[r] = roles[r] || kind_->keep[static_cast<std::size_t>(below)][r];
      }
    }
    choices_.push_back(orders(space_, chains_, level, roles, !rules_.orders));
    std::erase_if(choices_.back(),
                  [&](const std::vector<int>& order) { return !covered(order, level, roles); });
  }
  orders_.resize(choices_.size());
  if (tables_) {
    tables_->split(chains_, options);
  }
  each_order(0, result);
}

// Does the kind credit all that this order is good for? If not, another kind does.
bool Leaves::covered(const std::vector<int>& order, int level, const PerRole<bool>& roles) const {
  const auto l = static_cast<std::size_t>(level);
  if (l >= kind_->stationary.size()) {
    return true;
  }
  const Stationary& credit = kind_->stationary[l];
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const TensorShape& tensor = space_.problem().tensor(role);
    const bool any = std::any_of(order.begin(), order.end(), [&](int dim) { return relevant(tensor, dim); });
    if (!roles[r]) {
      continue;
    }
    if (!any && !credit.all[r]) {
      return false;
    }
    if (any && !relevant(tensor, order.back()) && !credit.inner[r] && !credit.all[r]) {
      return false;
    }
  }
  return true;
}

void Leaves::each_order(std::size_t level, MapResult& result) {
  if (level == choices_.size()) {
    price_one(result);
    return;
  }
  for (const std::vector<int>& order : choices_[level]) {
    orders_[level] = &order;
    each_order(level + 1, result);
  }
}

Mapping Leaves::mapping() const {
  Mapping mapping;
  mapping.levels.resize(orders_.size());
  for (std::size_t level = 0; level < orders_.size(); ++level) {
    LevelMapping& here = mapping.levels[level];
    here.keep = kind_->keep[level];
    for (const int dim : *orders_[level]) {
      here.temporal.push_back({dim, chains_[static_cast<std::size_t>(dim)].time[level]});
    }
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (int dim = 0; dim < space_.dims(); ++dim) {
        const Chain& chain = chains_[static_cast<std::size_t>(dim)];
        const std::int64_t bound = axis == Axis::kX ? chain.x[level] : chain.y[level];
        if (bound > 1) {
          here.spatial.push_back({dim, bound, axis});
        }
      }
    }
  }
  return mapping;
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
  ++result.evaluated;
  try {
    Evaluation evaluation = tables_
                                ? tables_->evaluate(orders_)
                                : evaluate(mapping(), space_.problem(), space_.accelerator(), request_.model);
    EnergyReport report = energy(evaluation.counts, space_.accelerator(), costs_, evaluation.timing.cycles);
    incumbents_.offer(std::move(evaluation), std::move(report), [&] { return mapping(); });
  } catch (const OverflowError&) {
    // Too large to count, so worse than any other.
  }
}

}  // namespace weft::exact
