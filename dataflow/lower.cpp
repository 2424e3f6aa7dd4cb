// SPDX-License-Identifier: Apache-2.0
#include "dataflow/lower.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/boundary.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/lower_sets.hpp"
#include "dataflow/ramps.hpp"
#include "dataflow/steps.hpp"

namespace weft {

namespace {

using Digits = std::span<const std::int64_t>;

// All questions about one boundary, answered per step.
class BoundarySteps {
 public:
  BoundarySteps(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                const Boundary& boundary, int fixed)
      : boundary_(boundary) {
    for (const Scope scope :
         {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
      for (const Visits visits : {Visits::kAll, Visits::kFirst}) {
        if (visits == Visits::kAll || boundary.role == Role::kOutputs) {
          transfers_.push_back(std::make_unique<Transfers>(
              make_transfers(nest, problem, accelerator, boundary, scope, visits, CountOptions{})));
          steps_[slot(scope, visits)] = transfers_.back()->steps(fixed);
        }
      }
    }
  }

  [[nodiscard]] const Boundary& boundary() const { return boundary_; }
  [[nodiscard]] std::int64_t all(Scope scope, Digits digits) const {
    return steps_[slot(scope, Visits::kAll)]->words(digits);
  }
  // Words of visits that are not the first: partial sums to read back.
  [[nodiscard]] std::int64_t again(Scope scope, Digits digits) const {
    return all(scope, digits) - steps_[slot(scope, Visits::kFirst)]->words(digits);
  }

  [[nodiscard]] Load load(Digits digits) const {
    Load load;
    load.role = boundary_.role;
    load.level = boundary_.child;
    load.parent = boundary_.parent;
    if (boundary_.role == Role::kOutputs) {
      load.drains = all(Scope::kReceivers, digits);
      load.updates = all(Scope::kParents, digits);
      load.fills = again(Scope::kReceivers, digits);
      load.parent_reads = again(Scope::kParents, digits);
      load.port_drains = all(Scope::kFirstReceiver, digits);
      load.port_updates = all(Scope::kFirstParent, digits);
      load.port_fills = again(Scope::kFirstReceiver, digits);
      load.port_reads = again(Scope::kFirstParent, digits);
    } else {
      load.fills = all(Scope::kReceivers, digits);
      load.parent_reads = all(Scope::kParents, digits);
      load.port_fills = all(Scope::kFirstReceiver, digits);
      load.port_reads = all(Scope::kFirstParent, digits);
    }
    return load;
  }

  [[nodiscard]] Operand operand(Digits digits) const {
    Operand operand;
    operand.level = boundary_.parent;
    operand.delivered = all(Scope::kReceivers, digits);
    if (boundary_.role == Role::kOutputs) {
      operand.updates = all(Scope::kParents, digits);
      operand.port_updates = all(Scope::kFirstParent, digits);
      operand.reads = again(Scope::kParents, digits);
      operand.port_reads = again(Scope::kFirstParent, digits);
      operand.read_back = again(Scope::kReceivers, digits);
    } else {
      operand.reads = all(Scope::kParents, digits);
      operand.port_reads = all(Scope::kFirstParent, digits);
    }
    return operand;
  }

 private:
  static std::size_t slot(Scope scope, Visits visits) {
    return 2 * static_cast<std::size_t>(scope) + static_cast<std::size_t>(visits);
  }
  Boundary boundary_;
  std::vector<std::unique_ptr<Transfers>> transfers_;  // steps_ refer to them
  std::array<std::optional<Transfers::Steps>, 8> steps_;
};

// The temporal loops whose combinations are the steps.
struct StepLoops {
  std::vector<NestLoop> loops;
  std::size_t next = 0;  // first loop of the nest after them
  bool coarsened = false;
};

StepLoops step_loops(const Nest& nest, const Mapping& mapping, std::int64_t max_steps) {
  int deepest = 0;
  for (const Role role : kAllRoles) {
    const std::vector<int> chain = keeper_chain(mapping, role);
    deepest = std::max(deepest, chain[chain.size() - 2]);
  }
  StepLoops result;
  std::int64_t steps = 1;
  for (int i = 0; i < nest.outside(deepest); ++i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    if (loop.spatial) {
      continue;
    }
    if (loop.bound > max_steps / steps) {
      result.coarsened = true;
      break;
    }
    steps *= loop.bound;
    result.loops.push_back(loop);
    result.next = static_cast<std::size_t>(i) + 1;
  }
  return result;
}

class Lowering {
 public:
  Lowering(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
           std::int64_t max_steps)
      : nest_(mapping, problem),
        steps_(step_loops(nest_, mapping, max_steps)),
        sets_(nest_, static_cast<int>(steps_.loops.size()), with_problem(problem)) {
    for (const Boundary& b : boundaries(mapping, accelerator)) {
      boundaries_.emplace_back(nest_, problem, accelerator, b, static_cast<int>(steps_.loops.size()));
    }
    last_.resize(boundaries_.size());
    for (const Role role : kAllRoles) {
      std::vector<int> chain = keeper_chain(mapping, role);
      chain.pop_back();
      program_.keepers[static_cast<std::size_t>(index_of(role))] = std::move(chain);
    }
    for (int level = 0; level <= accelerator.depth(); ++level) {
      program_.instances_used.push_back(nest_.instances_used(level));
    }
    const Skew hops = skew(mapping, accelerator);
    program_.skew_in = hops.in;
    program_.skew_out = hops.out;
    program_.coarsened = steps_.coarsened;
  }

  Program run() {
    std::vector<std::int64_t> digits(steps_.loops.size(), 0);
    std::vector<std::int64_t> base(static_cast<std::size_t>(nest_.rank()), 0);
    walk(0, digits, base);
    return std::move(program_);
  }

 private:
  Program& with_problem(const Problem& problem) {
    program_.problem = problem;
    return program_;
  }

  void walk(std::size_t depth, std::vector<std::int64_t>& digits, std::vector<std::int64_t>& base) {
    if (depth == steps_.loops.size()) {
      program_.steps.push_back(step(digits, base));
      return;
    }
    const NestLoop& loop = steps_.loops[depth];
    std::int64_t& at = base[static_cast<std::size_t>(loop.dim)];
    const std::int64_t start = at;
    for (std::int64_t digit = 0; digit < loop.bound && at < nest_.size(loop.dim);
         ++digit, at += loop.stride) {
      digits[depth] = digit;
      walk(depth + 1, digits, base);
    }
    digits[depth] = 0;
    at = start;
  }

  Step step(Digits digits, const std::vector<std::int64_t>& base) {
    Step step;
    step.cycles = 1;
    step.macs = 1;
    for (int dim = 0; dim < nest_.rank(); ++dim) {
      const std::int32_t set = sets_.dim_set(dim, nest_.depth(), digits);
      step.iteration.push_back(set);
      step.macs = checked_mul(
          step.macs,
          static_cast<std::int64_t>(
              program_.dim_sets[static_cast<std::size_t>(dim)][static_cast<std::size_t>(set)].size()));
      step.cycles = checked_mul(
          step.cycles, temporal_iterations(nest_, dim, steps_.next, base[static_cast<std::size_t>(dim)]));
    }
    for (std::size_t i = 0; i < boundaries_.size(); ++i) {
      const Boundary& b = boundaries_[i].boundary();
      if (b.child == nest_.depth()) {
        step.operands[static_cast<std::size_t>(index_of(b.role))] = boundaries_[i].operand(digits);
        continue;
      }
      Load load = boundaries_[i].load(digits);
      load.tile = sets_.region(b.role, b.child, digits);
      const bool moves = load.fills != 0 || load.parent_reads != 0 || load.drains != 0 || load.updates != 0;
      if (moves || load.tile.sets != last_[i].sets) {
        last_[i] = load.tile;
        step.loads.push_back(std::move(load));
      }
    }
    return step;
  }

  Nest nest_;
  StepLoops steps_;
  Program program_;
  ProgramSets sets_;
  std::vector<BoundarySteps> boundaries_;
  std::vector<Region> last_;  // tile in place, per boundary
};

}  // namespace

Program lower(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
              const LowerOptions& options) {
  WEFT_ENSURE(!check(mapping, problem, accelerator), "lowering an illegal mapping");
  WEFT_ENSURE(options.max_steps >= 1, "a program needs at least one step");
  return Lowering(mapping, problem, accelerator, options.max_steps).run();
}

}  // namespace weft
