// See zero_work.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/zero_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "arch/sim/core/skip_cycles.hpp"
#include "arch/spec/format_size.hpp"
#include "arch/spec/merge_count.hpp"

namespace weft::sim {
namespace {

class Measure {
 public:
  Measure(const Program& program, const Accelerator& accelerator, const Positions& positions)
      : problem_(program.problem), accelerator_(accelerator), positions_(positions), kinds_(problem_) {
    for (int d = 0; d < problem_.rank(); ++d) {
      UnitClasses::Class all;
      all.indices.resize(static_cast<std::size_t>(problem_.size(d)));
      std::iota(all.indices.begin(), all.indices.end(), std::int64_t{0});
      whole_.push_back({std::move(all)});
    }
  }

  // MACs left when zeros of these operands do nothing, over the whole problem.
  [[nodiscard]] std::int64_t left(const PerRole<bool>& by) const {
    if (!by[0] && !by[1]) {
      return macs(problem_);
    }
    const NonzeroCounter weights(problem_.tensor(Role::kWeights), positions_.weights, problem_.rank());
    const NonzeroCounter inputs(problem_.tensor(Role::kInputs), positions_.inputs, problem_.rank());
    const ClassChoice own_weights = choices(kinds_.weights, whole_).front();
    const ClassChoice own_inputs = choices(kinds_.inputs, whole_).front();
    std::int64_t sum = 0;
    for (const IndexChoice& shared : index_choices(kinds_.shared, whole_)) {
      sum += weights.count(shared.indices, kinds_.weights, own_weights.classes, {.everything = !by[0]}) *
             inputs.count(shared.indices, kinds_.inputs, own_inputs.classes,
                          {.everything = !by[1], .outside = true});
    }
    return sum;
  }

  void run(ZeroWork& work) const {
    const ZeroHandling& zeros = accelerator_.compute.zeros;
    const PerRole<bool> skip = zeros.skip ? zeros.skip->by : PerRole<bool>{};
    PerRole<bool> either = zeros.gate ? zeros.gate->by : PerRole<bool>{};
    for (std::size_t r = 0; r < kRoles; ++r) {
      either[r] = either[r] || skip[r];
    }
    const std::int64_t all = macs(problem_);
    const std::int64_t working = left(skip);
    work.skipped = all - working;
    work.gated = working - left(either);
    const auto share = [&](PerRole<bool> by, Role except) {
      by[at(except)] = false;
      return static_cast<double>(left(by)) / static_cast<double>(all);
    };
    const Accelerator expected = for_layer(accelerator_, problem_);
    work.levels = expected.effect->levels;
    for (const Role role : kAllRoles) {
      const double accesses = share(either, role);
      const double slots = share(skip, role);
      for (int level = 0; level < accelerator_.depth(); ++level) {
        SparseEffect::Level& here = work.levels[static_cast<std::size_t>(level)];
        if (serves_compute(accelerator_, level, role)) {
          here.accesses[at(role)] = accesses;
          here.slots[at(role)] = slots;
        }
        if (role != Role::kOutputs) {
          here.stored[at(role)] = stored(level, role);
        }
      }
    }
  }

 private:
  // Of the whole tensor.
  [[nodiscard]] double stored(int level, Role role) const {
    const Memory* memory = accelerator_.levels[static_cast<std::size_t>(level)].memory_for(role);
    if (memory == nullptr) {
      return 1;
    }
    const TensorFormat format = chosen_format(accelerator_, problem_, level, role);
    if (format.kind == FormatKind::kUncompressed) {
      return 1;
    }
    const std::int64_t fiber = fiber_words(format, problem_, role, accelerator_.instances(level));
    OccupancyCounter counter(format, fiber);
    const Bitmap& positions = role == Role::kWeights ? positions_.weights : positions_.inputs;
    counter.add(positions, 0, positions.size());
    const int bits = stored_bits(*memory, problem_, role);
    return encoded_bits(format, bits, fiber, counter.result()) /
           (static_cast<double>(positions.size()) * bits);
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  const Positions& positions_;
  DimKinds kinds_;
  std::vector<UnitClasses::DimClasses> whole_;
};

// Multipliers take products from one stream, as they come; steps share the time of the slower of multipliers
// and tree as their products would take it.
void merge(const Program& program, const Accelerator& accelerator, const Positions& positions,
           ZeroWork& work) {
  const Merge& how = *accelerator.compute.zeros.skip->merge;
  work.merge = counted_merge(how, program.problem, positions.weights, positions.inputs);
  const auto weights = static_cast<double>(std::max<std::int64_t>(1, positions.weights.count()));
  const double plain = work.levels[0].stored[at(Role::kWeights)];
  apply_merge(accelerator, program.problem, *work.merge, weights, work.levels);
  work.fetched = work.levels[0].stored[at(Role::kWeights)] / plain;
  const auto multiplying =
      static_cast<double>(std::accumulate(work.cycles.begin(), work.cycles.end(), std::int64_t{0}));
  const auto units = static_cast<double>(accelerator.instances(accelerator.depth()));
  const double whole = std::max(work.merge->products / units, tree_cycles(how, *work.merge));
  double before = 0, done = 0;
  for (std::int64_t& cycles : work.cycles) {
    before += static_cast<double>(cycles) * whole / std::max(1.0, multiplying);
    cycles = std::llround(before - done);
    done += static_cast<double>(cycles);
  }
}

}  // namespace

ZeroWork zero_work(const Program& program, const Accelerator& accelerator, const Positions& positions) {
  ZeroWork work;
  Measure(program, accelerator, positions).run(work);
  const auto& skip = accelerator.compute.zeros.skip;
  if (!skip) {
    return work;
  }
  if (skip->vectors[0] > 0) {
    const CartesianCycles cartesian(program, accelerator, positions);
    for (const Step& step : program.steps) {
      work.cycles.push_back(cartesian.cycles(step));
    }
    return work;
  }
  ProductCycles products(program, accelerator, positions);
  for (const Step& step : program.steps) {
    work.cycles.push_back(products.cycles(step));
  }
  if (skip->merge) {
    merge(program, accelerator, positions, work);
  }
  return work;
}

}  // namespace weft::sim
