// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/edge_words.hpp"

#include <algorithm>

#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/views.hpp"

namespace weft::exact {

namespace {

// Where the tile stands, how far it reaches, and the loops whose tiles are united, those side by side as one.
struct Stand {
  std::int64_t extent = 1, base = 0;
  Loops united;
};

Stand stand_of(const EdgeAsking& asking, std::size_t dim, const KnownChain& chain, std::int64_t size) {
  Stand result{chain.extent[static_cast<std::size_t>(asking.child)], 0, {}};
  for (const ChainLoop& loop : chain.loops) {
    if (loop.level >= asking.child) {
      break;
    }
    if (!loop.spatial && asking.role == Role::kOutputs) {
      result.base += std::min(loop.bound - 1, (size - 1 - result.base) / loop.stride) * loop.stride;
    } else if (loop.spatial && !asking.first_only[dim][static_cast<std::size_t>(loop.level)]) {
      if (!result.united.empty() && result.united.back().stride == loop.stride * loop.bound) {
        result.united.back().bound *= loop.bound;
        result.united.back().stride = loop.stride;
      } else {
        result.united.push_back(loop);
      }
    }
  }
  return result;
}

void key_of(const Stand& stand, Key& key) {
  key.insert(key.end(), {stand.extent, stand.base});
  for (const ChainLoop& loop : stand.united) {
    key.insert(key.end(), {loop.bound, loop.stride});
  }
}

}  // namespace

EdgeAsking edge_asking(const MapSpace& space, const Part& part, const Boundary& boundary, Scope scope) {
  const TensorShape& tensor = space.problem().tensor(boundary.role);
  EdgeAsking result;
  result.role = boundary.role;
  result.child = boundary.child;
  for (std::size_t d = 0; d < part.dims.size(); ++d) {
    if (relevant(tensor, part.dims[d])) {
      const Gathers gather = gathers(space, part.dims[d], boundary, scope, Visits::kAll);
      std::transform(gather.begin(), gather.end(), result.first_only[d].begin(),
                     [](Gather one) { return one == Gather::kFirst; });
    }
  }
  return result;
}

EdgeWords::EdgeWords(const Problem& problem, const Part& part, const ChainTable& table,
                     const EdgeAsking& asking, const std::vector<const Rank*>& ranks)
    : table_(table) {
  std::array<std::vector<Stand>, kPartDims> stands;  // [dim][class]
  for (std::size_t d = 0; d < part.dims.size(); ++d) {
    if (!relevant(problem.tensor(asking.role), part.dims[d])) {
      classes_[d] = ChainClasses(table.chains[d].size(), [](std::uint32_t, Key&) {});
      continue;
    }
    const std::vector<KnownChain>& chains = table.chains[d];
    const auto stand = [&](std::uint32_t chain) {
      return stand_of(asking, d, chains[chain], problem.size(part.dims[d]));
    };
    classes_[d] = ChainClasses(table.outside[d][static_cast<std::size_t>(asking.child)],
                               [&](std::uint32_t chain, Key& key) { key_of(stand(chain), key); });
    for (const std::uint32_t chain : classes_[d].first) {
      stands[d].push_back(stand(chain));
    }
  }
  for (const Rank* rank : ranks) {
    OwnRank own{rank, {}, {}};
    const bool line = part.is_line(*rank, problem);
    for (const Term& term : rank->terms) {
      const std::optional<std::size_t> dim = part.place(term.dim);
      if (!dim) {
        continue;
      }
      const std::int64_t size = problem.size(term.dim);
      std::vector<WindowSide>& sides = own.sides[own.dims.size()];
      own.dims.push_back(*dim);
      for (const Stand& one : stands[*dim]) {
        if (line) {
          own.line.push_back(elements(one.united, one.extent, size - one.base));
        } else {
          sides.push_back(
              {term.coeff, size, {one.base}, pieces_at(indices(one.united, size - one.base), one.extent)});
        }
      }
    }
    ranks_.push_back(std::move(own));
  }
}

double EdgeWords::of(std::size_t option) const {
  double words = 1;
  for (const OwnRank& rank : ranks_) {
    if (!rank.line.empty()) {
      const std::size_t d = rank.dims[0];
      words *= static_cast<double>(rank.line[classes_[d].of[table_.of_option[option][d]]]);
      continue;
    }
    WindowSides sides = kNoSides;
    for (std::size_t i = 0; i < rank.dims.size(); ++i) {
      const std::size_t d = rank.dims[i];
      sides[i] = &rank.sides[i][classes_[d].of[table_.of_option[option][d]]];
    }
    words *= static_cast<double>(window_words(*rank.rank, sides));
  }
  return words;
}

}  // namespace weft::exact
