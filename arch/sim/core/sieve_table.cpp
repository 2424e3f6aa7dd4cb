// See sieve_table.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/sieve_table.hpp"

#include <utility>

#include "arch/sim/core/nonzero_table.hpp"
#include "arch/sim/core/regions.hpp"
#include "arch/sim/core/skip_cycles.hpp"

namespace weft::sim {
namespace {

// Every combination of one index of each of some dims; `f` sees `indices` with them filled in.
template <class F>
void for_each_index(const Program& program, const Step& step, const std::vector<int>& dims,
                    std::vector<std::int64_t>& indices, const F& f, std::size_t from = 0) {
  if (from == dims.size()) {
    f();
    return;
  }
  const auto dim = static_cast<std::size_t>(dims[from]);
  for (const std::int64_t index : program.dim_sets[dim][static_cast<std::size_t>(step.iteration[dim])]) {
    indices[dim] = index;
    for_each_index(program, step, dims, indices, f, from + 1);
  }
  indices[dim] = -1;
}

// Words of an operand that some MAC of a step multiplies with a word that is not zero.
class LiveWords {
 public:
  LiveWords(const Program& program, const Positions& positions, Role follower)
      : program_(program),
        shape_(program.problem.tensor(follower)),
        strides_(strides_of(shape_)),
        leader_(program.problem.tensor(leader_of(follower)),
                follower == Role::kWeights ? positions.inputs : positions.weights, program.problem.rank()) {
    const DimKinds kinds(program.problem);
    shared_ = kinds.shared;
    own_ = follower == Role::kWeights ? kinds.weights : kinds.inputs;
    leading_ = follower == Role::kWeights ? kinds.inputs : kinds.weights;
  }

  void mark(const Step& step, std::vector<bool>& live) const {
    std::vector<UnitClasses::Class> sets(leading_.size());
    std::vector<const UnitClasses::Class*> classes;
    for (std::size_t i = 0; i < leading_.size(); ++i) {
      const auto dim = static_cast<std::size_t>(leading_[i]);
      sets[i].indices = program_.dim_sets[dim][static_cast<std::size_t>(step.iteration[dim])];
      classes.push_back(&sets[i]);
    }
    std::vector<std::int64_t> indices(static_cast<std::size_t>(program_.problem.rank()), -1);
    for_each_index(program_, step, shared_, indices, [&] {
      if (leader_.count(indices, leading_, classes, {.outside = true}) > 0) {
        for_each_index(program_, step, own_, indices, [&] { set(indices, live); });
      }
    });
  }

 private:
  void set(const std::vector<std::int64_t>& indices, std::vector<bool>& live) const {
    std::int64_t word = 0;
    for (std::size_t k = 0; k < shape_.ranks.size(); ++k) {
      const Rank& rank = shape_.ranks[k];
      std::int64_t coordinate = rank.offset;
      for (const Term& term : rank.terms) {
        coordinate += term.coeff * indices[static_cast<std::size_t>(term.dim)];
      }
      if (coordinate < 0 || coordinate >= rank.extent) {
        return;
      }
      word += coordinate * strides_[k];
    }
    live[static_cast<std::size_t>(word)] = true;
  }

  const Program& program_;
  const TensorShape& shape_;
  std::vector<std::int64_t> strides_;
  NonzeroCounter leader_;
  std::vector<int> shared_, own_, leading_;
};

// Tiles of one tensor at one level, from the last to the first: what a word is good for while it stays, over
// the tiles that it slides along with.
class Stays {
 public:
  Stays(const Program& program, const TileSequence& tiles, Role role, Halo halo)
      : program_(program),
        tiles_(tiles),
        halo_(halo),
        regions_(program.rank_sets[at(role)], program.problem.tensor(role)),
        words_(static_cast<std::size_t>(words(program.problem.tensor(role)))) {}

  [[nodiscard]] std::vector<double> shares(const LiveWords& live) {
    std::vector<double> result(tiles_.size(), 1);
    std::vector<bool> later(words_), now(words_);
    for (std::size_t i = tiles_.size(); i-- > 0;) {
      if (i + 1 == tiles_.size() || !keeps(i)) {
        later.assign(words_, false);
      }
      now = later;
      for (std::int64_t s = tiles_[i].step; s <= tiles_[i].last_step; ++s) {
        live.mark(program_.steps[static_cast<std::size_t>(s)], now);
      }
      result[i] = share(i, now);
      later = within(i, now);
    }
    return result;
  }

 private:
  [[nodiscard]] const Region& region(std::size_t i) const { return tiles_[i].load->tile; }

  // Does the tile behind this one keep what both have?
  [[nodiscard]] bool keeps(std::size_t i) const {
    int changed = 0;
    for (std::size_t k = 0; k < region(i).sets.size(); ++k) {
      changed += region(i).sets[k] != region(i + 1).sets[k] ? 1 : 0;
    }
    return changed == 0 || (changed == 1 && halo_ == Halo::kReuse);
  }

  template <class F>
  void for_each_word(const Region& tile, const Regions::Others& others, const F& f) {
    regions_.for_each_run_without(tile, others,
                                  [&](std::int64_t first, std::int64_t step, std::int64_t count) {
                                    for (std::int64_t n = 0; n < count; ++n) {
                                      f(static_cast<std::size_t>(first + n * step));
                                    }
                                  });
  }

  [[nodiscard]] std::vector<bool> within(std::size_t i, const std::vector<bool>& live) {
    std::vector<bool> result(words_);
    for_each_word(region(i), {}, [&](std::size_t word) { result[word] = live[word]; });
    return result;
  }

  // Of the words that are new; of all where none is (a memory that fetches again).
  [[nodiscard]] double share(std::size_t i, const std::vector<bool>& live) {
    std::int64_t brought = 0, wanted = 0;
    const auto count = [&](std::size_t word) {
      ++brought;
      wanted += live[word] ? 1 : 0;
    };
    if (i > 0 && keeps(i - 1)) {
      for_each_word(region(i), {&region(i - 1)}, count);
    }
    if (brought == 0) {
      for_each_word(region(i), {}, count);
    }
    return brought > 0 ? static_cast<double>(wanted) / static_cast<double>(brought) : 1;
  }

  const Program& program_;
  const TileSequence& tiles_;
  Halo halo_;
  Regions regions_;
  std::size_t words_;
};

}  // namespace

SieveTable sieve_table(const Program& program, const TileTable& tiles, const Accelerator& accelerator,
                       const Positions& positions) {
  SieveTable table;
  for (const Role role : {Role::kWeights, Role::kInputs}) {
    const std::vector<int>& keepers = program.keepers[at(role)];
    table.live[at(role)].resize(keepers.size());
    for (std::size_t k = 1; k < keepers.size(); ++k) {
      if (!sieves(accelerator, keepers[k - 1], role)) {
        continue;
      }
      const Memory& memory = *accelerator.levels[static_cast<std::size_t>(keepers[k])].memory_for(role);
      table.live[at(role)][k] = Stays(program, tiles.at[at(role)][k], role, memory.halo)
                                    .shares(LiveWords(program, positions, role));
    }
  }
  return table;
}

}  // namespace weft::sim
