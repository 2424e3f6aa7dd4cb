// See skip_cycles.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/skip_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/checked.hpp"

namespace weft::sim {
namespace {

constexpr std::size_t kMostHeld = std::size_t{1} << 26;  // counts that are kept

// Zeros of the weights' runs at the innermost keeper that cost a padding token.
std::int64_t padding_window(const Program& program, const Accelerator& accelerator) {
  if (!accelerator.compute.zeros.skip->padding) {
    return 0;
  }
  const int level = program.keepers[at(Role::kWeights)].back();
  const TensorFormat format = chosen_format(accelerator, program.problem, level, Role::kWeights);
  return has_runs(format.kind) ? std::int64_t{1} << format.run.count() : 0;
}

// Of each window's rank: the taps' dim stands for what lies between two windows.
TensorShape without_overlap(const Problem& problem, const std::vector<int>& taps) {
  TensorShape shape = problem.tensor(Role::kInputs);
  for (Rank& rank : shape.ranks) {
    for (Term& term : rank.terms) {
      if (std::find(taps.begin(), taps.end(), term.dim) != taps.end()) {
        term.coeff = 1;
        rank.offset = 0;
      }
    }
  }
  return shape;
}

// One for every rank of the inputs that has positions or taps.
std::vector<Window> windows_of(const Problem& problem, const std::vector<int>& taps,
                               const std::vector<int>& positions) {
  std::vector<Window> result;
  const auto place = [](const std::vector<int>& list, int dim) {
    const auto found = std::find(list.begin(), list.end(), dim);
    return found == list.end() ? -1 : static_cast<int>(found - list.begin());
  };
  for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
    Window window;
    for (const Term& term : rank.terms) {
      if (const int tap = place(taps, term.dim); tap >= 0) {
        window.tap = tap;
        window.step = term.coeff;
      } else if (const int position = place(positions, term.dim); position >= 0) {
        window.position = static_cast<int>(taps.size()) + position;
        window.stride = term.coeff;
      }
    }
    if (window.tap >= 0 || window.position >= 0) {
      result.push_back(window);
    }
  }
  return result;
}

}  // namespace

DimKinds::DimKinds(const Problem& problem) {
  for (int d = 0; d < problem.rank(); ++d) {
    const bool w = relevant(problem.tensor(Role::kWeights), d);
    const bool i = relevant(problem.tensor(Role::kInputs), d);
    (w && !i ? weights : i && !w ? inputs : shared).push_back(d);
  }
}

ProductCycles::ProductCycles(const Program& program, const Accelerator& accelerator,
                             const Positions& positions)
    : skip_(*accelerator.compute.zeros.skip),
      kinds_(program.problem),
      classes_(program, skip_, accelerator.depth()),
      weights_(program.problem.tensor(Role::kWeights), positions.weights, program.problem.rank()),
      inputs_(program.problem.tensor(Role::kInputs), positions.inputs, program.problem.rank()),
      window_(padding_window(program, accelerator)) {}

ProductCycles::Key ProductCycles::key(const Step& step, const std::vector<int>& own) const {
  Key result;
  for (const std::vector<int>* dims : {&own, &kinds_.shared}) {
    for (const int d : *dims) {
      result.push_back(step.iteration[static_cast<std::size_t>(d)]);
    }
  }
  return result;
}

// Group numbers of a dim depend on how many stretches the dims behind it have.
const ProductCycles::Places& ProductCycles::places(const Step& step, const UnitClasses::OfStep& classes) {
  Key known;
  for (const int d : kinds_.shared) {
    known.push_back(step.iteration[static_cast<std::size_t>(d)]);
    known.push_back(static_cast<std::int32_t>(classes.dims[static_cast<std::size_t>(d)].back().group));
  }
  Places& result = places_[known];
  if (result.unit.empty()) {
    for (const IndexChoice& choice : index_choices(kinds_.shared, classes.dims)) {
      result.unit.push_back(choice.unit);
      result.group.push_back(choice.group);
    }
    held_ += result.unit.size();
  }
  return result;
}

const std::vector<std::uint32_t>& ProductCycles::counts(Role role, const Step& step,
                                                        const UnitClasses::OfStep& classes) {
  const std::vector<int>& own = role == Role::kWeights ? kinds_.weights : kinds_.inputs;
  auto& tables = tables_[at(role)];
  std::vector<std::uint32_t>& result = tables[key(step, own)];
  if (!result.empty()) {
    return result;
  }
  const NonzeroCounter& counter = role == Role::kWeights ? weights_ : inputs_;
  const CountOptions options{.everything = !skip_.by[at(role)],
                             .outside = role == Role::kInputs,
                             .window = role == Role::kWeights ? window_ : 0};
  const std::vector<ClassChoice> columns = choices(own, classes.dims);
  for (const IndexChoice& shared : index_choices(kinds_.shared, classes.dims)) {
    for (const ClassChoice& column : columns) {
      result.push_back(
          static_cast<std::uint32_t>(counter.count(shared.indices, own, column.classes, options)));
    }
  }
  held_ += result.size();
  return result;
}

std::int64_t ProductCycles::cycles(const Step& step) {
  if (held_ > kMostHeld) {
    places_.clear();
    tables_ = {};
    held_ = 0;
  }
  const UnitClasses::OfStep classes = classes_.of(step);
  const Places& shared = places(step, classes);
  const std::vector<std::uint32_t>& weights = counts(Role::kWeights, step, classes);
  const std::vector<std::uint32_t>& inputs = counts(Role::kInputs, step, classes);
  const auto offsets = [&](const std::vector<int>& dims) {
    std::vector<std::int64_t> result;
    for (const ClassChoice& choice : choices(dims, classes.dims)) {
      result.push_back(choice.group * classes_.units() + choice.unit);
    }
    return result;
  };
  const std::vector<std::int64_t> rows = offsets(kinds_.weights);
  const std::vector<std::int64_t> columns = offsets(kinds_.inputs);
  std::vector<std::int64_t> work(static_cast<std::size_t>(classes.stretches * classes_.units()), 0);
  for (std::size_t s = 0; s < shared.unit.size(); ++s) {
    const std::int64_t base = shared.group[s] * classes_.units() + shared.unit[s];
    const std::uint32_t* in = &inputs[s * columns.size()];
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::int64_t weight = std::max<std::int64_t>(weights[s * rows.size() + r], window_ > 0 ? 1 : 0);
      if (weight != 0) {
        std::int64_t* to = &work[static_cast<std::size_t>(base + rows[r])];
        for (std::size_t c = 0; c < columns.size(); ++c) {
          to[columns[c]] += weight * in[c];
        }
      }
    }
  }
  return makespan(work, classes_.units(), skip_.window);
}

CartesianCycles::CartesianCycles(const Program& program, const Accelerator& accelerator,
                                 const Positions& positions)
    : positions_(positions),
      weight_shape_(program.problem.tensor(Role::kWeights)),
      skip_(*accelerator.compute.zeros.skip),
      kinds_(program.problem),
      classes_(program, skip_, accelerator.depth()),
      weights_(program.problem.tensor(Role::kWeights), positions.weights, program.problem.rank()),
      inputs_(owned_, positions.inputs, 0) {
  const Problem& problem = program.problem;
  for (const int d : kinds_.shared) {
    std::int64_t phase = 0;
    for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
      const bool has =
          std::any_of(rank.terms.begin(), rank.terms.end(), [&](const Term& t) { return t.dim == d; });
      for (const Term& term : rank.terms) {
        phase = has && term.dim != d ? term.coeff : phase;
      }
    }
    if (phase > 0) {
      taps_.push_back(d);
      phases_.push_back(phase);
    } else {
      channels_.push_back(d);
    }
  }
  windows_ = windows_of(problem, taps_, kinds_.inputs);
  owned_ = without_overlap(problem, taps_);
  inputs_ = NonzeroCounter(owned_, positions.inputs, problem.rank());
}

// What a step goes through.
struct CartesianCycles::Choices {
  std::vector<UnitClasses::Class> all_taps, some_taps;
  std::vector<ClassChoice> rows, columns;
  std::vector<IndexChoice> channels;
};

double CartesianCycles::conflicts(const Choices& step) const {
  constexpr std::size_t kFollowed = 48;  // pairs of a channel and a unit
  const auto nonzeros = [&](const TensorShape& shape, const Bitmap& bits,
                            const std::vector<UnitClasses::Class>& taps, std::vector<int> dims,
                            const IndexChoice& channel, const ClassChoice& choice) {
    dims.insert(dims.begin(), taps_.begin(), taps_.end());
    std::vector<const UnitClasses::Class*> own;
    for (const UnitClasses::Class& tap : taps) {
      own.push_back(&tap);
    }
    own.insert(own.end(), choice.classes.begin(), choice.classes.end());
    return list_nonzeros(shape, bits, channel.indices, dims, own);
  };
  BankConflicts banks(skip_, windows_, taps_.size());
  const std::size_t pairs = step.channels.size() * step.rows.size() * step.columns.size();
  const std::size_t every = std::max<std::size_t>(1, pairs / kFollowed) | 1;
  for (std::size_t pair = 0; pair < pairs; pair += every) {
    const IndexChoice& channel = step.channels[pair % step.channels.size()];
    const std::size_t rest = pair / step.channels.size();
    const ClassChoice& row = step.rows[rest % step.rows.size()];
    const ClassChoice& column = step.columns[rest / step.rows.size()];
    banks.add(nonzeros(weight_shape_, positions_.weights, step.all_taps, kinds_.weights, channel, row),
              nonzeros(owned_, positions_.inputs, step.some_taps, kinds_.inputs, channel, column));
  }
  return banks.share();
}

std::int64_t CartesianCycles::cycles(const Step& step) const {
  const UnitClasses::OfStep classes = classes_.of(step);
  Choices through;
  auto& [all_taps, some_taps, rows, columns, channels] = through;
  for (std::size_t t = 0; t < taps_.size(); ++t) {
    UnitClasses::Class& every = all_taps.emplace_back();
    for (const UnitClasses::Class& one : classes.dims[static_cast<std::size_t>(taps_[t])]) {
      every.indices.insert(every.indices.end(), one.indices.begin(), one.indices.end());
    }
    UnitClasses::Class& phase = some_taps.emplace_back();
    phase.indices.resize(static_cast<std::size_t>(phases_[t]));
    std::iota(phase.indices.begin(), phase.indices.end(), std::int64_t{0});
  }
  const auto with_taps = [&](std::vector<int> dims) {
    dims.insert(dims.begin(), taps_.begin(), taps_.end());
    return dims;
  };
  const auto count = [&](const NonzeroCounter& counter, const std::vector<UnitClasses::Class>& taps,
                         const std::vector<int>& own, const IndexChoice& channel, const ClassChoice& choice) {
    std::vector<const UnitClasses::Class*> chosen;
    for (const UnitClasses::Class& tap : taps) {
      chosen.push_back(&tap);
    }
    chosen.insert(chosen.end(), choice.classes.begin(), choice.classes.end());
    return counter.count(channel.indices, with_taps(own), chosen, {});
  };
  rows = choices(kinds_.weights, classes.dims);
  columns = choices(kinds_.inputs, classes.dims);
  channels = index_choices(channels_, classes.dims);
  std::vector<std::int64_t> work(static_cast<std::size_t>(classes.stretches * classes_.units()), 0);
  std::vector<std::int64_t> inputs(columns.size());
  for (const IndexChoice& channel : channels) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      inputs[c] = ceil_div(count(inputs_, some_taps, kinds_.inputs, channel, columns[c]), skip_.vectors[1]);
    }
    for (const ClassChoice& row : rows) {
      const std::int64_t vectors =
          ceil_div(count(weights_, all_taps, kinds_.weights, channel, row), skip_.vectors[0]);
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const std::int64_t group = channel.group + row.group + columns[c].group;
        const std::int64_t unit = channel.unit + row.unit + columns[c].unit;
        work[static_cast<std::size_t>(group * classes_.units() + unit)] += vectors * inputs[c];
      }
    }
  }
  if (skip_.banks > 0) {
    const double slower = conflicts(through);
    for (std::int64_t& cycles : work) {
      cycles = std::llround(static_cast<double>(cycles) * slower);
    }
  }
  return makespan(work, classes_.units(), skip_.window);
}

}  // namespace weft::sim
