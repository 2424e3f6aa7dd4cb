// See sparse_effect.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse_effect.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "arch/spec/conflicts.hpp"
#include "arch/spec/format_size.hpp"
#include "arch/spec/merge.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

std::int64_t nonzeros_of(const TensorShape& tensor) {
  const std::int64_t all = words(tensor);
  return std::clamp<std::int64_t>(std::llround(tensor.density * static_cast<double>(all)), 1, all);
}

// Bits written down per word over bits of a word.
double stored_share(const TensorFormat& format, const Problem& problem, Role role, int bits,
                    std::int64_t instances) {
  if (format.kind == FormatKind::kUncompressed) {
    return 1;
  }
  const TensorShape& tensor = problem.tensor(role);
  const std::int64_t fiber = fiber_words(format, problem, role, instances);
  const Occupancy word = expected_occupancy(format, fiber, words(tensor), nonzeros_of(tensor));
  return encoded_bits(format, bits, fiber, word) / bits;
}

const TensorFormat& stated_format(const Accelerator& accelerator, int level, Role role) {
  return accelerator.levels[static_cast<std::size_t>(level)].memory_for(role)->formats[at(role)];
}

// A coordinate that cannot say where in its fiber a word stands.
void refuse_small(const Accelerator& accelerator, const Problem& problem, int level, Role role) {
  const TensorFormat& format = stated_format(accelerator, level, role);
  const bool places = format.kind == FormatKind::kCoordinate || format.kind == FormatKind::kOffsets;
  if (!places || !format.coordinate) {
    return;
  }
  const std::int64_t fiber = fiber_words(format, problem, role, accelerator.instances(level));
  const std::int64_t most = std::int64_t{1} << format.coordinate->count();
  if (fiber > most) {
    throw ConfigError(
        {}, "format-too-small",
        fmt::format("layer '{}': {} in {} come in fibers of {} words, and coordinates of {} tell {} apart",
                    problem.name, name_of(role),
                    accelerator.levels[static_cast<std::size_t>(level)].memory_for(role)->name, fiber,
                    to_string(*format.coordinate), most),
        "leave 'coordinate' out, or cut the fibers with 'fiber'");
  }
}

// A tensor's zeros are known before it is read when it is written down without them.
bool known(const Accelerator& accelerator, const Problem& problem, Role role) {
  int level = accelerator.depth() - 1;
  while (!serves_compute(accelerator, level, role)) {
    --level;
  }
  return chosen_format(accelerator, problem, level, role).kind != FormatKind::kUncompressed;
}

// Shares of MACs, by what the machine does with zeros of the operands.
struct ComputeShares {
  PerRole<double> density{1, 1, 1};  // of MACs whose operand is no zero
  PerRole<bool> gate{}, skip{};
  [[nodiscard]] double left(const PerRole<bool>& by, Role except) const {
    double share = 1;
    for (const Role role : {Role::kWeights, Role::kInputs}) {
      share *= by[at(role)] && role != except ? density[at(role)] : 1;
    }
    return share;
  }
};

ComputeShares compute_shares(const Accelerator& accelerator, const Problem& problem) {
  ComputeShares shares;
  const ZeroHandling& zeros = accelerator.compute.zeros;
  shares.density[at(Role::kWeights)] = problem.tensor(Role::kWeights).density;
  // Padding is no zero of the tensor: it is multiplied, as MACs are counted everywhere.
  const double inside = inside_share(problem);
  const double inputs = problem.tensor(Role::kInputs).density;
  shares.density[at(Role::kInputs)] = inputs < 1 ? inputs * inside + (1 - inside) : 1;
  shares.gate = zeros.gate ? zeros.gate->by : PerRole<bool>{};
  shares.skip = zeros.skip ? zeros.skip->by : PerRole<bool>{};
  return shares;
}

// An operand's access is saved by zeros of the other one, and by its own where they are not written down
// (which `stored` says already). Outputs are saved whenever the MAC is.
void compute_side(const Accelerator& accelerator, const ComputeShares& shares, SparseEffect& effect) {
  PerRole<bool> either{};
  for (std::size_t r = 0; r < kRoles; ++r) {
    either[r] = shares.gate[r] || shares.skip[r];
  }
  for (int level = 0; level < accelerator.depth(); ++level) {
    for (const Role role : kAllRoles) {
      if (serves_compute(accelerator, level, role)) {
        SparseEffect::Level& here = effect.levels[static_cast<std::size_t>(level)];
        here.accesses[at(role)] = shares.left(either, role);
        here.slots[at(role)] = shares.left(shares.skip, role);
      }
    }
  }
}

// Words that a memory leaves out on their way inwards are at most those that meet one zero each.
void sieve_side(const Accelerator& accelerator, const Problem& problem, SparseEffect& effect) {
  for (const Role follower : {Role::kWeights, Role::kInputs}) {
    const TensorShape& leader = problem.tensor(leader_of(follower));
    const double least = static_cast<double>(nonzeros_of(leader)) / static_cast<double>(words(leader));
    const std::size_t r = at(follower);
    bool some = false, skipping = false;  // further out
    for (int level = 0; level < accelerator.depth(); ++level) {
      SparseEffect::Level& here = effect.levels[static_cast<std::size_t>(level)];
      here.arriving[r] = some ? least : 1;
      here.arriving_slots[r] = skipping ? least : 1;
      if (sieves(accelerator, level, follower)) {
        some = true;
        here.sent[r] = least;
        if (sieve_skips(accelerator, level, follower)) {
          skipping = true;
          here.sent_slots[r] = least;
        }
      }
    }
  }
}

// Iterations that the array is busy for, over all: tokens instead of words where padding is worked through.
double cycles_share(const Accelerator& accelerator, const Problem& problem, const ComputeShares& shares) {
  double share = shares.left(shares.skip, Role::kOutputs);
  const auto& skip = accelerator.compute.zeros.skip;
  if (!skip || !skip->padding || !skip->by[at(Role::kWeights)] ||
      !known(accelerator, problem, Role::kWeights)) {
    return share;
  }
  int level = accelerator.depth() - 1;
  while (!serves_compute(accelerator, level, Role::kWeights)) {
    --level;
  }
  const TensorFormat format = chosen_format(accelerator, problem, level, Role::kWeights);
  const TensorShape& tensor = problem.tensor(Role::kWeights);
  const std::int64_t fiber = fiber_words(format, problem, Role::kWeights, accelerator.instances(level));
  const Occupancy word = expected_occupancy(format, fiber, words(tensor), nonzeros_of(tensor));
  return share * (word.nonzeros + word.padding) / word.nonzeros;
}

}  // namespace

bool serves_compute(const Accelerator& accelerator, int level, Role role) {
  for (int inner = accelerator.depth() - 1; inner >= 0; --inner) {
    if (accelerator.levels[static_cast<std::size_t>(inner)].memory_for(role) != nullptr) {
      return inner == level;
    }
  }
  return false;
}

double inside_share(const Problem& problem) {
  double share = 1;
  for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
    std::int64_t reach = rank.offset;
    for (const Term& term : rank.terms) {
      reach += term.coeff * (problem.size(term.dim) - 1);
    }
    if (rank.offset >= 0 && reach < rank.extent) {
      continue;
    }
    // How many combinations of the rank's dims give each coordinate.
    std::vector<double> ways(static_cast<std::size_t>(reach - rank.offset + 1), 0);
    ways[0] = 1;
    double all = 1;
    for (const Term& term : rank.terms) {
      std::vector<double> next(ways.size(), 0);
      const std::int64_t size = problem.size(term.dim);
      for (std::size_t c = 0; c < ways.size(); ++c) {
        for (std::int64_t i = 0; ways[c] > 0 && i < size; ++i) {
          next[c + static_cast<std::size_t>(i * term.coeff)] += ways[c];
        }
      }
      ways = std::move(next);
      all *= static_cast<double>(size);
    }
    double inside = 0;
    for (std::size_t c = 0; c < ways.size(); ++c) {
      const std::int64_t coordinate = rank.offset + static_cast<std::int64_t>(c);
      inside += coordinate >= 0 && coordinate < rank.extent ? ways[c] : 0;
    }
    share *= inside / all;
  }
  return share;
}

TensorFormat chosen_format(const Accelerator& accelerator, const Problem& problem, int level, Role role) {
  const TensorFormat& format = stated_format(accelerator, level, role);
  const Memory& memory = *accelerator.levels[static_cast<std::size_t>(level)].memory_for(role);
  const int bits = stored_bits(memory, problem, role);
  const bool plain = format.compress == Compress::kWhenSmaller &&
                     stored_share(format, problem, role, bits, accelerator.instances(level)) >= 1;
  return plain ? TensorFormat{} : format;
}

void apply_merge(const Accelerator& accelerator, const Problem& problem, const MergeWork& work,
                 double weights, std::vector<SparseEffect::Level>& levels) {
  Problem merged = problem;
  const auto all = static_cast<double>(words(problem.tensor(Role::kOutputs)));
  merged.tensor(Role::kOutputs).density = std::clamp(work.results / all, 1 / all, 1.0);
  for (int level = 0; level < accelerator.depth(); ++level) {
    const Memory* memory = accelerator.levels[static_cast<std::size_t>(level)].memory_for(Role::kOutputs);
    if (memory != nullptr) {
      levels[static_cast<std::size_t>(level)].stored[at(Role::kOutputs)] =
          stored_share(chosen_format(accelerator, merged, level, Role::kOutputs), merged, Role::kOutputs,
                       stored_bits(*memory, merged, Role::kOutputs), accelerator.instances(level));
    }
  }
  levels[0].stored[at(Role::kOutputs)] *= 1 + 2 * work.spilled / std::max(1.0, work.results);
  levels[0].stored[at(Role::kWeights)] *= work.fetched / weights;
}

Accelerator for_layer(const Accelerator& accelerator, const Problem& problem) {
  Accelerator result = accelerator;
  if (!states_sparsity(accelerator)) {
    return result;
  }
  SparseEffect effect;
  effect.levels.resize(accelerator.levels.size());
  for (int level = 0; level < accelerator.depth(); ++level) {
    const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
    for (const Role role : kAllRoles) {
      if (const Memory* memory = storage.memory_for(role)) {
        refuse_small(accelerator, problem, level, role);
        effect.levels[static_cast<std::size_t>(level)].stored[at(role)] =
            stored_share(chosen_format(accelerator, problem, level, role), problem, role,
                         stored_bits(*memory, problem, role), accelerator.instances(level));
      }
    }
  }
  const ComputeShares shares = compute_shares(accelerator, problem);
  compute_side(accelerator, shares, effect);
  sieve_side(accelerator, problem, effect);
  const auto all = static_cast<double>(macs(problem));
  const double working = shares.left(shares.skip, Role::kOutputs);
  PerRole<bool> gate_only = shares.gate;
  for (std::size_t r = 0; r < kRoles; ++r) {
    gate_only[r] = shares.gate[r] && !shares.skip[r];
  }
  effect.skipped = std::llround(all * (1 - working));
  effect.gated = std::llround(all * working * (1 - shares.left(gate_only, Role::kOutputs)));
  effect.cycles = cycles_share(accelerator, problem, shares);
  if (const auto& skip = accelerator.compute.zeros.skip; skip && skip->merge) {
    const MergeWork work = expected_merge(*skip->merge, problem);
    apply_merge(accelerator, problem, work, static_cast<double>(nonzeros_of(problem.tensor(Role::kWeights))),
                effect.levels);
    // Where the tree is slower than the multipliers, in iterations of all of them.
    const auto units = static_cast<double>(accelerator.instances(accelerator.depth()));
    effect.cycles = std::max(effect.cycles, tree_cycles(*skip->merge, work) * units / all);
  } else if (skip && skip->banks > 0) {
    effect.cycles *= expected_conflicts(skip->vectors[0] * skip->vectors[1], skip->banks, skip->queue);
  }
  result.effect = std::move(effect);
  return result;
}

}  // namespace weft
