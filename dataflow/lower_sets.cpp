// SPDX-License-Identifier: Apache-2.0
#include "dataflow/lower_sets.hpp"

#include <algorithm>

#include "base/checked.hpp"

namespace weft {

IndexSet coordinates(const Rank& rank, const std::vector<const IndexSet*>& dims) {
  IndexSet result = {rank.offset};
  for (std::size_t t = 0; t < dims.size(); ++t) {
    IndexSet next;
    next.reserve(result.size() * dims[t]->size());
    for (const std::int64_t base : result) {
      for (const std::int64_t index : *dims[t]) {
        next.push_back(base + rank.terms[t].coeff * index);
      }
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    result = std::move(next);
  }
  std::erase_if(result, [&](std::int64_t c) { return c < 0 || c >= rank.extent; });
  return result;
}

ProgramSets::ProgramSets(const Nest& nest, int fixed, Program& program) : nest_(nest), program_(program) {
  for (int i = 0; i < static_cast<int>(nest.loops().size()) && static_cast<int>(fixed_loops_.size()) < fixed;
       ++i) {
    if (!nest.loops()[static_cast<std::size_t>(i)].spatial) {
      fixed_loops_.push_back(i);
    }
  }
  program_.dim_sets.resize(static_cast<std::size_t>(nest.rank()));
  for (const Role role : kAllRoles) {
    program_.rank_sets[static_cast<std::size_t>(index_of(role))].resize(
        program_.problem.tensor(role).ranks.size());
  }
}

IndexSet ProgramSets::indices(int dim, int level, int above, std::span<const std::int64_t> digits) const {
  IndexSet result = {0};
  for (int i = 0; i < static_cast<int>(nest_.loops().size()); ++i) {
    const NestLoop& loop = nest_.loops()[static_cast<std::size_t>(i)];
    if (loop.dim != dim || (loop.spatial && loop.level < above)) {
      continue;
    }
    const auto at = std::find(fixed_loops_.begin(), fixed_loops_.end(), i);
    const bool fixed = at != fixed_loops_.end() && i < nest_.outside(level);
    if (fixed) {
      const std::int64_t offset = digits[static_cast<std::size_t>(at - fixed_loops_.begin())] * loop.stride;
      for (std::int64_t& index : result) {
        index += offset;
      }
      continue;
    }
    IndexSet next;
    next.reserve(result.size() * static_cast<std::size_t>(loop.bound));
    for (const std::int64_t index : result) {
      for (std::int64_t digit = 0; digit < loop.bound; ++digit) {
        next.push_back(index + digit * loop.stride);
      }
    }
    result = std::move(next);
  }
  std::erase_if(result, [&](std::int64_t index) { return index >= nest_.size(dim); });
  std::sort(result.begin(), result.end());
  return result;
}

void ProgramSets::add_digits(std::vector<std::int64_t>& key, const Rank& rank, int level,
                             std::span<const std::int64_t> digits) const {
  for (std::size_t f = 0; f < fixed_loops_.size() && fixed_loops_[f] < nest_.outside(level); ++f) {
    const int dim = nest_.loops()[static_cast<std::size_t>(fixed_loops_[f])].dim;
    if (std::any_of(rank.terms.begin(), rank.terms.end(), [dim](const Term& t) { return t.dim == dim; })) {
      key.push_back(digits[f]);
    }
  }
}

std::int32_t ProgramSets::dim_set(int dim, int level, std::span<const std::int64_t> digits) {
  std::vector<std::int64_t> key = {dim, level};
  for (std::size_t f = 0; f < fixed_loops_.size() && fixed_loops_[f] < nest_.outside(level); ++f) {
    if (nest_.loops()[static_cast<std::size_t>(fixed_loops_[f])].dim == dim) {
      key.push_back(digits[f]);
    }
  }
  const auto [known, fresh] = known_dims_.try_emplace(std::move(key), 0);
  if (fresh) {
    std::vector<IndexSet>& sets = program_.dim_sets[static_cast<std::size_t>(dim)];
    known->second = static_cast<std::int32_t>(sets.size());
    sets.push_back(indices(dim, level, 0, digits));
  }
  return known->second;
}

Region ProgramSets::region(Role role, int level, std::span<const std::int64_t> digits) {
  Region result;
  const auto r = static_cast<std::size_t>(index_of(role));
  const std::vector<Rank>& ranks = program_.problem.tensor(role).ranks;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    std::vector<std::int64_t> key = {static_cast<std::int64_t>(r), static_cast<std::int64_t>(i)};
    for (const Term& term : ranks[i].terms) {
      key.push_back(dim_set(term.dim, level, digits));
    }
    const auto [known, fresh] = known_ranks_.try_emplace(key, 0);
    if (fresh) {
      std::vector<const IndexSet*> dims;
      for (std::size_t t = 0; t < ranks[i].terms.size(); ++t) {
        dims.push_back(&program_.dim_sets[static_cast<std::size_t>(ranks[i].terms[t].dim)]
                                         [static_cast<std::size_t>(key[t + 2])]);
      }
      std::vector<IndexSet>& sets = program_.rank_sets[r][i];
      known->second = static_cast<std::int32_t>(sets.size());
      sets.push_back(coordinates(ranks[i], dims));
    }
    result.sets.push_back(known->second);
  }
  return result;
}

std::int64_t ProgramSets::words_below_first(Role role, int level, int above,
                                            std::span<const std::int64_t> digits) const {
  std::int64_t words = 1;
  for (const Rank& rank : program_.problem.tensor(role).ranks) {
    std::vector<IndexSet> dims;
    std::vector<const IndexSet*> pointers;
    for (const Term& term : rank.terms) {
      dims.push_back(indices(term.dim, level, above, digits));
    }
    for (const IndexSet& dim : dims) {
      pointers.push_back(&dim);
    }
    words = checked_mul(words, static_cast<std::int64_t>(coordinates(rank, pointers).size()));
  }
  return words;
}

}  // namespace weft
