// See operand_groups.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/operand_groups.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace weft::sim {

namespace {

constexpr std::int64_t kMostCycles = 256;  // looked at in a step

// All coordinates of one choice per dim along a rank, before the offset is added.
IndexSet sums(const std::vector<std::pair<std::int64_t, const IndexSet*>>& terms, std::int64_t offset) {
  IndexSet result = {offset};
  for (const auto& [coeff, indices] : terms) {
    IndexSet next;
    for (const std::int64_t sum : result) {
      for (const std::int64_t index : *indices) {
        next.push_back(sum + coeff * index);
      }
    }
    result = std::move(next);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace

std::vector<std::int64_t> positions_in(const IndexSet& tile, const IndexSet& coordinates) {
  std::vector<std::int64_t> result;
  for (const std::int64_t coordinate : coordinates) {
    const auto at = std::lower_bound(tile.begin(), tile.end(), coordinate);
    if (at != tile.end() && *at == coordinate) {
      result.push_back(at - tile.begin());
    }
  }
  return result;
}

OperandGroups::OperandGroups(const Program& program, Role role, int level, std::vector<std::size_t> order)
    : program_(program), tensor_(program.problem.tensor(role)), level_(level), order_(std::move(order)) {}

std::vector<IndexSet> OperandGroups::cycles_of(const IndexSet& indices, int dim) const {
  std::map<std::int64_t, IndexSet> by_rest;
  for (const std::int64_t index : indices) {
    std::int64_t rest = index;
    bool first = true;
    for (const Spread& spread : program_.spread) {
      if (spread.dim == dim) {
        const std::int64_t digit = index / spread.stride % spread.bound;
        rest -= spread.level >= level_ ? digit * spread.stride : 0;
        first = first && (spread.level >= level_ || digit == 0);
      }
    }
    if (first) {
      by_rest[rest].push_back(index);
    }
  }
  std::vector<IndexSet> result;
  for (auto& [rest, group] : by_rest) {
    result.push_back(std::move(group));
  }
  return result;
}

OperandGroups::Choices OperandGroups::of_step(const Step& step,
                                              const std::vector<const IndexSet*>& tile) const {
  Choices choices;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const Rank& rank = tensor_.ranks[order_[k]];
    std::vector<std::vector<IndexSet>> by_term;
    std::size_t cycles = 1;
    for (const Term& term : rank.terms) {
      const auto dim = static_cast<std::size_t>(term.dim);
      by_term.push_back(
          cycles_of(program_.dim_sets[dim][static_cast<std::size_t>(step.iteration[dim])], term.dim));
      cycles *= by_term.back().size();
    }
    auto& rank_choices = choices.emplace_back();
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
      std::vector<std::pair<std::int64_t, const IndexSet*>> terms;
      std::size_t rest = cycle;
      for (std::size_t t = 0; t < rank.terms.size(); ++t) {
        terms.emplace_back(rank.terms[t].coeff, &by_term[t][rest % by_term[t].size()]);
        rest /= by_term[t].size();
      }
      rank_choices.push_back(positions_in(*tile[k], sums(terms, rank.offset)));
    }
  }
  return choices;
}

void OperandGroups::each(const Choices& choices, const std::vector<std::int64_t>& strides,
                         const Visit& visit) {
  std::int64_t cycles = 1;
  for (const auto& rank : choices) {
    cycles *= static_cast<std::int64_t>(rank.size());
  }
  const std::int64_t looked_at = std::min(cycles, kMostCycles);
  std::vector<std::int64_t> words;
  for (std::int64_t i = 0; i < looked_at; ++i) {
    std::int64_t rest = i * cycles / looked_at;
    words = {0};
    for (std::size_t k = choices.size(); k-- > 0;) {
      const auto size = static_cast<std::int64_t>(choices[k].size());
      const auto& choice = choices[k][static_cast<std::size_t>(rest % size)];
      rest /= size;
      std::vector<std::int64_t> next;
      for (const std::int64_t position : choice) {
        for (const std::int64_t word : words) {
          next.push_back(position * strides[k] + word);
        }
      }
      words = std::move(next);
    }
    if (!words.empty()) {
      visit(words);
    }
  }
}

}  // namespace weft::sim
