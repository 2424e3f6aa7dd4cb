// One plan to one number, through the same functions everybody else uses.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/pricer.hpp"

#include <algorithm>

#include "base/checked.hpp"
#include "mapper/conform.hpp"
#include "mapper/infeasible.hpp"
#include "mapper/viewed_request.hpp"

namespace weft {

namespace {

class Hash {
 public:
  void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9e3779b97f4a7c15ULL;
    state_ ^= state_ >> 29U;
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3ULL;
};

// Of the plan's mapping: orders of loops that do not exist make no difference.
std::uint64_t hash_of(const Plan& plan, const MapSpace& space) {
  Hash hash;
  for (int level = 0; level < space.depth(); ++level) {
    const auto order = order_at(plan, space, level);
    const auto add = [&](Slot slot, std::uint64_t axis) {
      for (const std::uint8_t dim : order) {
        const std::int64_t bound = plan.at(level, slot)[dim];
        if (dim < space.dims() && bound > 1) {
          hash.add(static_cast<std::uint64_t>(bound) * 64 + 16 * axis + dim);
        }
      }
    };
    add(Slot::kTime, 0);
    hash.add(40);
    add(Slot::kX, 1);
    add(Slot::kY, 2);
    const PerRole<bool>& keep = plan.keep[static_cast<std::size_t>(level)];
    hash.add(48 + (keep[0] ? 1U : 0U) + (keep[1] ? 2U : 0U) + (keep[2] ? 4U : 0U));
  }
  return hash.value();
}

void reject(MapResult& result, const Rejection& rejection) {
  const auto reason = static_cast<std::size_t>(rejection.reason);
  ++result.rejected[reason];
  if (!result.samples[reason]) {
    result.samples[reason] = rejection;
  }
}

// Nothing without constraints.
std::optional<Violation> broken_rule(const MapRequest& request, const Mapping& mapping) {
  return request.constraints != nullptr
             ? violates(*request.constraints, mapping, *request.problem, *request.accelerator)
             : std::nullopt;
}

void reject(MapResult& result, const Violation& violation) {
  const auto rule = static_cast<std::size_t>(violation.rule);
  ++result.violated[rule];
  if (!result.violations[rule]) {
    result.violations[rule] = violation;
  }
}

// Where nothing can be legal, no evaluation is worth while: the first candidates show why.
bool possible(const MapRequest& request) {
  return obstacles(*request.problem, *request.accelerator, request.constraints).empty();
}

}  // namespace

Pricer::Pricer(const MapRequest& request, const MapSpace& space, std::int64_t budget)
    : request_(&request),
      space_(&space),
      budget_(possible(request) ? budget : 0),
      evaluator_(*request.problem, *request.accelerator, request.model),
      costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
      bound_(lower_bound(request)) {}

Score Pricer::price(const Plan& plan) {
  const std::uint64_t key = hash_of(plan, *space_);
  auto found = seen_.find(key);
  if (found == seen_.end()) {
    found = seen_.emplace(key, judge(to_mapping(plan, *space_), plan)).first;
  } else {
    ++looked_up_;
  }
  valid_ += found->second.valid ? 1 : 0;
  return found->second.score;
}

Score Pricer::price(const Mapping& mapping) {
  if (mapping.levels.size() != static_cast<std::size_t>(space_->depth())) {
    reject(result_, *check(mapping, *request_->problem, *request_->accelerator));
    return {};
  }
  return judge(mapping, plan_of(mapping, *space_)).score;
}

Pricer::Seen Pricer::judge(const Mapping& mapping, const Plan& plan) {
  if (const auto rejection = check(mapping, *request_->problem, *request_->accelerator)) {
    ++looked_up_;
    reject(result_, *rejection);
    return {};
  }
  if (const auto violation = broken_rule(*request_, mapping)) {
    ++looked_up_;
    reject(result_, *violation);
    return {};
  }
  if (hopeless(plan)) {
    ++looked_up_;
    return {.score = {}, .valid = true};
  }
  const Score score = evaluate_legal(mapping);
  if (score < best_) {
    best_ = score;
    best_plan_ = plan;
  }
  return {.score = score, .valid = true};
}

bool Pricer::hopeless(const Plan& plan) const {
  constexpr double kMargin = 1.1;  // local search accepts what is a little worse
  if (!best_.legal()) {
    return false;
  }
  std::int64_t cycles = 1;
  for (int dim = 0; dim < space_->dims(); ++dim) {
    std::int64_t units = 1;
    for (int level = 0; level < space_->depth(); ++level) {
      units *= plan.at(level, Slot::kX)[static_cast<std::size_t>(dim)] *
               plan.at(level, Slot::kY)[static_cast<std::size_t>(dim)];
    }
    cycles *= ceil_div(space_->problem().size(dim), units);
  }
  const double computing = compute_time(cycles, *request_->accelerator);
  const Bound least{std::max(static_cast<std::int64_t>(computing), bound_.cycles), bound_.energy_pj};
  return least.cost(request_->objective, request_->accelerator->clock) > kMargin * best_.cost;
}

Score Pricer::evaluate_legal(const Mapping& mapping) {
  ++result_.evaluated;
  try {
    Evaluation evaluation = evaluator_.evaluate(mapping);
    const std::int64_t cycles = evaluation.timing.cycles;
    EnergyReport report = energy(evaluation.counts, *request_->accelerator, costs_, cycles);
    const Score score{
        objective_value(request_->objective, report.total, cycles, request_->accelerator->clock),
        report.total * static_cast<double>(cycles)};
    if (score < best_) {
      result_.mapping = mapping;
      result_.cost = score.cost;
      result_.evaluation = std::move(evaluation);
      result_.energy = std::move(report);
    }
    return score;
  } catch (const OverflowError&) {
    return {};  // too large to count: as good as illegal, other mappings of the problem may be fine
  }
}

MapResult Pricer::finish() {
  set_bound(*request_, bound_, result_);
  return std::move(result_);
}

void set_bound(const MapRequest& request, const Bound& bound, MapResult& result) {
  result.lower_bound = bound.cost(request.objective, request.accelerator->clock);
  result.gap = result.mapping && result.cost > 0 ? 1 - result.lower_bound / result.cost : 1;
}

MapResult price(const MapRequest& given, const Mapping& mapping) {
  const ViewedRequest viewed(given);
  const MapRequest& request = *viewed;
  MapResult result;
  const Bound bound = lower_bound(request);
  set_bound(request, bound, result);
  if (const auto rejection = check(mapping, *request.problem, *request.accelerator)) {
    reject(result, *rejection);
    return result;
  }
  if (const auto violation = broken_rule(request, mapping)) {
    reject(result, *violation);
    return result;
  }
  result.evaluated = 1;
  result.mapping = mapping;
  result.evaluation = evaluate(mapping, *request.problem, *request.accelerator, request.model);
  const CostModel costs = make_cost_model(*request.accelerator, *request.table, *request.problem);
  const std::int64_t cycles = result.evaluation.timing.cycles;
  result.energy = energy(result.evaluation.counts, *request.accelerator, costs, cycles);
  result.cost = objective_value(request.objective, result.energy.total, cycles, request.accelerator->clock);
  set_bound(request, bound, result);
  return result;
}

}  // namespace weft
