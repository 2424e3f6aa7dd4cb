// SPDX-License-Identifier: Apache-2.0
#include "dataflow/lower.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/boundary.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/lower_loops.hpp"
#include "dataflow/lower_rows.hpp"
#include "dataflow/lower_sets.hpp"
#include "dataflow/skew.hpp"
#include "dataflow/steps.hpp"
#include "dataflow/tile_extents.hpp"

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

class Lowering {
 public:
  Lowering(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
           const LowerOptions& options)
      : nest_(mapping, problem),
        skew_(skew(mapping, accelerator)),
        step_skew_(nest_, mapping, accelerator),
        steps_(step_loops(nest_, mapping, problem, accelerator.controller, options.max_steps)),
        sets_(nest_, static_cast<int>(steps_.loops.size()), with_problem(problem)) {
    if (options.rows) {
      rows_.emplace(nest_, mapping, accelerator, problem, sets_, steps_.next);
    }
    for (const Boundary& b : boundaries(mapping, accelerator)) {
      boundaries_.emplace_back(nest_, problem, accelerator, b, static_cast<int>(steps_.loops.size()));
    }
    last_.resize(boundaries_.size());
    last_digits_.assign(steps_.loops.size(), -1);
    accumulate_cycles_ = accelerator.compute.accumulate_cycles;
    iteration_cycles_ = accelerator.compute.iteration_cycles;
    program_.overflow = accelerator.compute.overflow;
    program_.accumulator_bits = accumulator_bits(mapping, accelerator);
    run_dim_ = command_dim(accelerator.controller, problem);
    if (accelerator.controller.tiles_in_flight) {
      tile_loops_ = loops_outside(1);
    }
    for (const BoundarySteps& boundary : boundaries_) {
      fetch_loops_.push_back(fetch_loops(boundary.boundary(), accelerator));
    }
    for (const Role role : kAllRoles) {
      std::vector<int> chain = keeper_chain(mapping, role);
      chain.pop_back();
      program_.keepers[static_cast<std::size_t>(index_of(role))] = std::move(chain);
    }
    for (int level = 0; level <= accelerator.depth(); ++level) {
      program_.instances_used.push_back(nest_.instances_used(level));
    }
    set_tile_words(mapping, problem, accelerator);
    set_spread(mapping);
    program_.skew_in = skew_.in;
    program_.skew_out = skew_.out;
    program_.coarsened = steps_.coarsened;
  }

  Program run() {
    std::vector<std::int64_t> digits(steps_.loops.size(), 0);
    std::vector<std::int64_t> base(static_cast<std::size_t>(nest_.rank()), 0);
    walk(0, digits, base);
    if (rows_) {
      program_.rows = rows_->take();
    }
    return std::move(program_);
  }

 private:
  // Of the memory that accumulates what the units add up.
  static int accumulator_bits(const Mapping& mapping, const Accelerator& accelerator) {
    const std::vector<int> chain = keeper_chain(mapping, Role::kOutputs);
    const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(chain[chain.size() - 2])];
    const auto& width = level.memory_for(Role::kOutputs)->accumulator_width;
    return width ? static_cast<int>(width->count()) : accelerator.compute.output_bits;
  }

  // The nest has the spatial loops in the mapping's order, but for those of bound 1.
  void set_spread(const Mapping& mapping) {
    std::vector<int> axes;
    for (const LevelMapping& level : mapping.levels) {
      for (const SpatialLoop& loop : level.spatial) {
        if (loop.bound > 1) {
          axes.push_back(static_cast<int>(loop.axis));
        }
      }
    }
    auto axis = axes.begin();
    for (const NestLoop& loop : nest_.loops()) {
      if (loop.spatial) {
        program_.spread.push_back({loop.dim, loop.level, loop.stride, loop.bound, *axis++});
      }
    }
  }

  Program& with_problem(const Problem& problem) {
    program_.problem = problem;
    return program_;
  }

  // As the check of capacities sees them.
  void set_tile_words(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
    TileExtents extents;
    for (int level = accelerator.depth() - 1; level >= 0; --level) {
      extents.enclose(mapping.levels[static_cast<std::size_t>(level)]);
      for (std::size_t r = 0; r < kRoles; ++r) {
        const std::vector<int>& keepers = program_.keepers[r];
        if (std::find(keepers.begin(), keepers.end(), level) != keepers.end()) {
          program_.tile_words[r].push_back(words_inside(problem.tensors[r], extents.clipped(problem)));
        }
      }
    }
    for (auto& words : program_.tile_words) {
      std::reverse(words.begin(), words.end());
    }
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

  // How many of the step's loops lie outside a level.
  [[nodiscard]] std::size_t loops_outside(int level) const {
    const auto& loops = nest_.loops();
    const auto count = std::count_if(loops.begin(), loops.begin() + nest_.outside(level),
                                     [](const NestLoop& loop) { return !loop.spatial; });
    return std::min(static_cast<std::size_t>(count), steps_.loops.size());
  }

  // The loops whose every advance fetches the boundary's tile again; none: the tile is fetched when it
  // changes.
  [[nodiscard]] std::optional<std::size_t> fetch_loops(const Boundary& b,
                                                       const Accelerator& accelerator) const {
    if (b.child == nest_.depth() || b.role == Role::kOutputs) {
      return {};
    }
    const Memory* memory = accelerator.levels[static_cast<std::size_t>(b.child)].memory_for(b.role);
    return memory->fetch == Fetch::kChanges ? std::nullopt : std::optional(loops_outside(b.child));
  }

  // Cycles in which the first unit adds what comes from outside to the partial sums that its innermost memory
  // gives away, those of the tile that this load begins.
  [[nodiscard]] std::int64_t accumulation(const Load& load) const {
    const bool innermost =
        load.role == Role::kOutputs &&
        load.level == program_.keepers[static_cast<std::size_t>(index_of(Role::kOutputs))].back();
    return innermost ? checked_mul(load.port_drains, accumulate_cycles_) : 0;
  }

  // Of the load's level among the tensor's keepers.
  [[nodiscard]] std::size_t position_of(const Load& load) const {
    const std::vector<int>& keepers = program_.keepers[static_cast<std::size_t>(index_of(load.role))];
    return static_cast<std::size_t>(std::find(keepers.begin(), keepers.end(), load.level) - keepers.begin());
  }

  // Has one of the outermost `loops` advanced since the last step? Yes in the first.
  [[nodiscard]] bool advanced(std::size_t loops, Digits digits) const {
    const auto end = digits.begin() + static_cast<std::ptrdiff_t>(loops);
    return program_.steps.empty() || !std::equal(digits.begin(), end, last_digits_.begin());
  }

  Step step(Digits digits, const std::vector<std::int64_t>& base) {
    Step step;
    if (tile_loops_ && advanced(*tile_loops_, digits)) {
      program_.tile_starts.push_back(static_cast<std::int64_t>(program_.steps.size()));
    }
    step.cycles = iteration_cycles_;
    step.macs = 1;
    step.nearer = skew_.total() - step_skew_.at(base).total();
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
    if (run_dim_ >= 0) {
      step.run = temporal_iterations(nest_, run_dim_, steps_.next, base[static_cast<std::size_t>(run_dim_)]);
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
      const bool fetched = fetch_loops_[i] && advanced(*fetch_loops_[i], digits);
      if (moves || fetched || load.tile.sets != last_[i].sets) {
        last_[i] = load.tile;
        if (fetch_loops_[i]) {
          load.whole_reads = sets_.words_below_first(b.role, b.child, b.parent, digits);
          load.whole_fills = sets_.words_below_first(b.role, b.child, b.child, digits);
        }
        step.cycles = checked_add(step.cycles, accumulation(load));
        if (rows_) {
          rows_->load(load, position_of(load), digits);
        }
        step.loads.push_back(std::move(load));
      }
    }
    last_digits_.assign(digits.begin(), digits.end());
    if (rows_) {
      rows_->step(step, base);
    }
    return step;
  }

  Nest nest_;
  Skew skew_;
  StepSkew step_skew_;
  StepLoops steps_;
  Program program_;
  ProgramSets sets_;
  std::optional<RowLowering> rows_;
  std::vector<BoundarySteps> boundaries_;
  std::vector<Region> last_;  // tile in place, per boundary
  std::vector<std::int64_t> last_digits_;
  int run_dim_ = -1;
  std::int64_t accumulate_cycles_ = 0, iteration_cycles_ = 1;
  std::optional<std::size_t> tile_loops_;                // loops outside the level below the outermost
  std::vector<std::optional<std::size_t>> fetch_loops_;  // per boundary
};

}  // namespace

Program lower(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
              const LowerOptions& options) {
  WEFT_ENSURE(!check(mapping, problem, accelerator), "lowering an illegal mapping");
  WEFT_ENSURE(options.max_steps >= 1, "a program needs at least one step");
  return Lowering(mapping, problem, accelerator, options).run();
}

}  // namespace weft
