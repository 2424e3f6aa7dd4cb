// See values.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/values.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace weft::sim {

namespace {

// No 16-bit word and no partial sum of a small test; small enough that adding and multiplying it stays in 64
// bits.
constexpr std::int32_t kPoison = 0x5a5a5b;
constexpr std::int64_t kPoisonSum = 0x5a5a5a5a5a5b;

const Region& region(const TileSequence& tiles, std::size_t i) {
  return tiles[i].load->tile;
}

template <class Word>
void copy_run(const Word* from, Word* to, std::int64_t step, std::int64_t count) {
  if (step == 1) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::int64_t n = 0; n < count; ++n) {
    to[n * step] = from[n * step];
  }
}

template <class Word>
void fill_run(Word* to, std::int64_t step, std::int64_t count, Word value) {
  if (step == 1) {
    std::fill_n(to, count, value);
    return;
  }
  for (std::int64_t n = 0; n < count; ++n) {
    to[n * step] = value;
  }
}

}  // namespace

Values::Values(const Program& program, const TileTable& tiles, const Tensor& weights, const Tensor& inputs)
    : program_(program), tiles_(tiles), mac_block_(program) {
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    regions_.emplace_back(program.rank_sets[r], program.problem.tensor(role));
    const auto size = static_cast<std::size_t>(words(program.problem.tensor(role)));
    const std::size_t keepers = program.keepers[r].size();
    arrived_[r].assign(keepers, 0);
    if (role == Role::kOutputs) {
      outputs_.assign(keepers, std::vector<std::int64_t>(size, kPoisonSum));
      outputs_.front().assign(size, 0);
      continue;
    }
    const Tensor& operand = role == Role::kWeights ? weights : inputs;
    WEFT_ENSURE(operand.values.size() == size, "an operand tensor has the wrong number of words");
    operands_[r].assign(keepers, std::vector<std::int32_t>(size, kPoison));
    operands_[r].front() = operand.values;
  }
}

void Values::load(Role role, std::size_t position, std::size_t i) {
  const TileSequence& sequence = tiles(role, position);
  const Load& load = *sequence[i].load;
  const Regions::Others previous = i > 0 ? Regions::Others{&region(sequence, i - 1)} : Regions::Others{};
  arrived_[static_cast<std::size_t>(index_of(role))][position] = i + 1;
  if (role != Role::kOutputs) {
    auto& stores = operands_[static_cast<std::size_t>(index_of(role))];
    const std::int32_t* from = stores[position - 1].data();
    std::int32_t* to = stores[position].data();
    regions(role).for_each_run_without(
        load.tile, previous,
        [&](std::int64_t at, std::int64_t step, std::int64_t n) { copy_run(from + at, to + at, step, n); });
    return;
  }
  std::int64_t* above = outputs_[position - 1].data();
  std::int64_t* here = outputs_[position].data();
  const bool read_back = load.fills > 0;
  regions(role).for_each_run_without(
      load.tile, previous, [&](std::int64_t at, std::int64_t step, std::int64_t n) {
        if (!read_back) {
          fill_run<std::int64_t>(here + at, step, n, 0);
          return;
        }
        copy_run(above + at, here + at, step, n);
        fill_run<std::int64_t>(above + at, step, n, 0);  // moved: the store adds it again
      });
}

void Values::drop(Role role, std::size_t position, std::size_t i) {
  const TileSequence& sequence = tiles(role, position);
  const auto r = static_cast<std::size_t>(index_of(role));
  std::int32_t* here = operands_[r][position].data();
  Regions::Others later;
  for (std::size_t k = i + 1; k < sequence.size() && k < std::max(i + 2, arrived_[r][position]); ++k) {
    later.push_back(&region(sequence, k));
  }
  regions(role).for_each_run_without(
      region(sequence, i), later,
      [&](std::int64_t at, std::int64_t step, std::int64_t n) { fill_run(here + at, step, n, kPoison); });
}

void Values::store(std::size_t position, std::size_t i) {
  const TileSequence& sequence = tiles(Role::kOutputs, position);
  std::int64_t* above = outputs_[position - 1].data();
  std::int64_t* here = outputs_[position].data();
  const Regions::Others next =
      i + 1 < sequence.size() ? Regions::Others{&region(sequence, i + 1)} : Regions::Others{};
  regions(Role::kOutputs)
      .for_each_run_without(
          region(sequence, i), next, [&](std::int64_t at, std::int64_t step, std::int64_t count) {
            for (std::int64_t n = 0; n < count; ++n) {
              std::int64_t& sum = above[at + n * step];
              sum = accumulated(sum + here[at + n * step], program_.accumulator_bits, program_.overflow);
            }
            fill_run(here + at, step, count, kPoisonSum);
          });
}

void Values::compute(const Step& step) {
  const std::int64_t macs =
      mac_block_.run(step, operands_[0].back().data(), operands_[1].back().data(), outputs_.back().data());
  WEFT_ENSURE(macs == step.macs, "a step's block has another number of MACs than it states");
}

std::int64_t Values::outermost(Role role, std::int64_t word) const {
  const auto at = static_cast<std::size_t>(word);
  return role == Role::kOutputs ? outputs_.front()[at]
                                : operands_[static_cast<std::size_t>(index_of(role))].front()[at];
}

void Values::set_outermost(Role role, std::int64_t word, std::int64_t value) {
  const auto at = static_cast<std::size_t>(word);
  if (role == Role::kOutputs) {
    outputs_.front()[at] = value;
  } else {
    operands_[static_cast<std::size_t>(index_of(role))].front()[at] = static_cast<std::int32_t>(value);
  }
}

Accumulators Values::take_outputs() {
  Accumulators result;
  for (const Rank& rank : program_.problem.tensor(Role::kOutputs).ranks) {
    result.extents.push_back(rank.extent);
  }
  result.values = std::move(outputs_.front());
  if (program_.overflow != Overflow::kIgnored) {
    for (std::int64_t& value : result.values) {  // where the outermost level accumulates
      value = accumulated(value, program_.accumulator_bits, program_.overflow);
    }
  }
  return result;
}

}  // namespace weft::sim
