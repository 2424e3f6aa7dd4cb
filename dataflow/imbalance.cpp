// See imbalance.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/imbalance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "arch/spec/layer_machine.hpp"
#include "arch/spec/sparse_effect.hpp"
#include "dataflow/imbalance_draw.hpp"
#include "dataflow/nest.hpp"

namespace weft {
namespace {

constexpr std::int64_t kProducts = 1 << 19;  // that are drawn, about
constexpr std::int64_t kStretches = 2048;    // of a step
constexpr std::int64_t kTerms = 128;         // of a sum: longer ones are scaled to their variance

enum Kind : std::uint8_t { kOfWeights, kOfInputs, kOfBoth };

// Of the dims of one kind: what a unit has in a stretch, units, and the numbers of the stretches that differ
// in these dims alone.
struct Extent {
  std::int64_t words = 1, units = 1;
  std::vector<std::int64_t> stretches{0};
};

using Shape = std::array<Extent, 3>;

// A dim at whose iterations units wait for each other.
struct Cut {
  Kind kind = kOfBoth;
  std::int64_t bound = 1;
};

bool cuts(const Problem& problem, const Skip& skip, int dim) {
  const std::string& name = problem.dims[static_cast<std::size_t>(dim)].name;
  return std::any_of(skip.barrier.begin(), skip.barrier.end(), [&](const std::string& word) {
    return word == "all" || word == name || word == name_of(class_of(problem, dim));
  });
}

// A loop over the dim outside `level` changes what some memory further in holds.
bool changes(const Mapping& mapping, const Problem& problem, std::size_t level, int dim) {
  for (const Role role : kAllRoles) {
    for (std::size_t inner = level + 1; inner < mapping.levels.size(); ++inner) {
      if (mapping.levels[inner].keep[at(role)] && relevant(problem.tensor(role), dim)) {
        return true;
      }
    }
  }
  return false;
}

Kind kind_of(const Problem& problem, int dim) {
  const bool weights = relevant(problem.tensor(Role::kWeights), dim);
  const bool inputs = relevant(problem.tensor(Role::kInputs), dim);
  return weights && !inputs ? kOfWeights : inputs && !weights ? kOfInputs : kOfBoth;
}

// Stretches are taken in the order of the dims' indices, the last dim first; of more than `most` the slowest
// dims have fewer. Returns how many there are.
std::int64_t number_stretches(const std::vector<Cut>& cuts, std::int64_t most, Shape& shape) {
  std::int64_t stride = 1;
  for (std::size_t c = cuts.size(); c-- > 0;) {
    const std::int64_t bound = std::clamp<std::int64_t>(most / stride, 1, cuts[c].bound);
    std::vector<std::int64_t> numbers;
    for (const std::int64_t first : shape[cuts[c].kind].stretches) {
      for (std::int64_t i = 0; i < bound; ++i) {
        numbers.push_back(first + i * stride);
      }
    }
    shape[cuts[c].kind].stretches = std::move(numbers);
    stride *= bound;
  }
  return stride;
}

// What a step is made of: the innermost loops, as far as they change no tile.
Shape shape_of(const Mapping& mapping, const Problem& problem, const Skip& skip, std::vector<Cut>& cut) {
  Shape shape;
  cut.assign(static_cast<std::size_t>(problem.rank()), {});
  bool inside = true;
  for (std::size_t level = mapping.levels.size(); level-- > 0;) {
    const LevelMapping& own = mapping.levels[level];
    for (const SpatialLoop& loop : own.spatial) {
      shape[kind_of(problem, loop.dim)].units *= loop.bound;
    }
    for (std::size_t l = own.temporal.size(); l-- > 0;) {
      const Loop& loop = own.temporal[l];
      inside = inside && (loop.bound == 1 || !changes(mapping, problem, level, loop.dim));
      if (inside && cuts(problem, skip, loop.dim)) {
        Cut& here = cut[static_cast<std::size_t>(loop.dim)];
        here = {kind_of(problem, loop.dim), here.bound * loop.bound};
      } else if (inside) {
        shape[kind_of(problem, loop.dim)].words *= loop.bound;
      }
    }
  }
  return shape;
}

// What is left for every unit in every stretch of a step.
class Sampler {
 public:
  Sampler(const Shape& shape, std::int64_t stretches, double mean, Draw weights, Draw inputs)
      : shape_(shape),
        stretches_(static_cast<std::size_t>(stretches)),
        mean_(mean),
        weights_(std::move(weights)),
        inputs_(std::move(inputs)) {}

  // [stretch][unit]
  const std::vector<double>& draw() {
    const Extent& shared = shape_[kOfBoth];
    const auto units = static_cast<std::size_t>(units_of(shape_));
    work_.assign(stretches_ * units, 0);
    const std::int64_t terms = std::min(shared.words, kTerms);
    for (const std::int64_t stretch : shared.stretches) {
      for (std::int64_t unit = 0; unit < shared.units; ++unit) {
        for (std::int64_t term = 0; term < terms; ++term) {
          add_term(stretch, unit);
        }
      }
    }
    if (terms < shared.words) {
      const auto all = static_cast<double>(shared.words);
      const double scale = std::sqrt(all / static_cast<double>(terms));
      for (double& cycles : work_) {
        cycles = std::max(0.0, mean_ * all + (cycles - mean_ * static_cast<double>(terms)) * scale);
      }
    }
    return work_;
  }

  static std::int64_t units_of(const Shape& shape) {
    return shape[kOfWeights].units * shape[kOfInputs].units * shape[kOfBoth].units;
  }

 private:
  static std::vector<double> drawn(const Extent& own, Draw& draw) {
    std::vector<double> result(own.stretches.size() * static_cast<std::size_t>(own.units));
    std::generate(result.begin(), result.end(), [&] { return draw(own.words); });
    return result;
  }

  void add_term(std::int64_t stretch, std::int64_t unit) {
    const Extent& rows = shape_[kOfWeights];
    const Extent& columns = shape_[kOfInputs];
    const std::vector<double> weights = drawn(rows, weights_);
    const std::vector<double> inputs = drawn(columns, inputs_);
    const std::int64_t units = units_of(shape_);
    std::size_t w = 0;
    for (const std::int64_t row : rows.stretches) {
      for (std::int64_t r = 0; r < rows.units; ++r, ++w) {
        std::size_t i = 0;
        for (const std::int64_t column : columns.stretches) {
          double* to = &work_[static_cast<std::size_t>((stretch + row + column) * units +
                                                       (unit * rows.units + r) * columns.units)];
          for (std::int64_t c = 0; c < columns.units; ++c, ++i) {
            to[c] += weights[w] * inputs[i];
          }
        }
      }
    }
  }

  Shape shape_;
  std::size_t stretches_;
  double mean_;  // of a term
  Draw weights_, inputs_;
  std::vector<double> work_;
};

std::int64_t padding_window(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  if (!accelerator.compute.zeros.skip->padding) {
    return 0;
  }
  const std::vector<int> chain = keeper_chain(mapping, Role::kWeights);
  const int level = chain[chain.size() - 2];  // the last one stands for compute
  const TensorFormat format = chosen_format(accelerator, problem, level, Role::kWeights);
  return has_runs(format.kind) ? std::int64_t{1} << format.run.count() : 0;
}

}  // namespace

std::optional<double> expected_imbalance(const Mapping& mapping, const Problem& problem,
                                         const Accelerator& accelerator) {
  const auto& skip = accelerator.compute.zeros.skip;
  if (!skip || !accelerator.effect || accelerator.effect->skipped == 0 || skip->vectors[0] > 0 ||
      skip->merge) {
    return std::nullopt;
  }
  PerRole<double> density{1, 1, 1};
  for (const Role role : {Role::kWeights, Role::kInputs}) {
    const TensorShape& tensor = problem.tensor(role);
    if (skip->by[at(role)] && tensor.density < 1) {
      if (tensor.model.pattern != Pattern::kUniform) {
        return std::nullopt;
      }
      density[at(role)] = tensor.density;
    }
  }
  const double inside = inside_share(problem);
  density[at(Role::kInputs)] = density[at(Role::kInputs)] * inside + (1 - inside);
  std::vector<Cut> cut;
  Shape shape = shape_of(mapping, problem, *skip, cut);
  const std::int64_t units = Sampler::units_of(shape);
  const std::int64_t products = units * std::min(shape[kOfBoth].words, kTerms);
  if (products > kProducts) {
    return std::nullopt;
  }
  const std::int64_t stretches = number_stretches(cut, std::min(kStretches, kProducts / products), shape);
  // With padding tokens, the model's mean has them in it.
  const double mean =
      static_cast<double>(shape[kOfWeights].words * shape[kOfInputs].words) * accelerator.effect->cycles;
  Sampler sampler(shape, stretches, mean, {density[0], padding_window(mapping, problem, accelerator), 1},
                  {density[1], 0, 2});
  // A short step is drawn several times.
  const std::int64_t steps = std::clamp<std::int64_t>(kProducts / (products * stretches), 1, 64);
  double sum = 0;
  for (std::int64_t step = 0; step < steps; ++step) {
    Queue queue(static_cast<std::size_t>(units), skip->window);
    const std::vector<double>& work = sampler.draw();
    for (std::int64_t stretch = 0; stretch < stretches; ++stretch) {
      queue.add(&work[static_cast<std::size_t>(stretch * units)]);
    }
    sum += queue.length();
  }
  const double balanced = mean * static_cast<double>(shape[kOfBoth].words * stretches * steps);
  return std::max(1.0, sum / balanced);
}

}  // namespace weft
