// See lower_rows.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/lower_rows.hpp"

#include <algorithm>
#include <iterator>

#include "base/checked.hpp"
#include "dataflow/boundary.hpp"
#include "dataflow/steps.hpp"

namespace weft {

namespace {

// A spatial loop along Y of the rows' fan-out.
struct RowLoop {
  int dim = 0;
  std::int64_t bound = 1, stride = 1;
};

std::vector<RowLoop> row_loops(const Nest& nest, const Mapping& mapping, int level) {
  std::vector<RowLoop> loops;
  const auto& spatial = mapping.levels[static_cast<std::size_t>(level)].spatial;
  auto written = spatial.begin();
  for (const NestLoop& loop : nest.loops()) {
    if (!loop.spatial || loop.level != level) {
      continue;
    }
    while (written->bound == 1) {  // the nest leaves these out
      ++written;
    }
    if (written->axis == Axis::kY) {
      loops.push_back({loop.dim, loop.bound, loop.stride});
    }
    ++written;
  }
  return loops;
}

}  // namespace

int row_level(const Accelerator& accelerator) {
  for (int level = 0; level < accelerator.depth(); ++level) {
    if (accelerator.levels[static_cast<std::size_t>(level)].fanout.y > 1) {
      return level;
    }
  }
  return accelerator.depth() - 1;
}

RowLowering::RowLowering(const Nest& nest, const Mapping& mapping, const Accelerator& accelerator,
                         const Problem& problem, const ProgramSets& sets, std::size_t first)
    : nest_(nest), accelerator_(accelerator), problem_(problem), sets_(sets), first_(first) {
  rows_.level = row_level(accelerator);
  const std::vector<RowLoop> loops = row_loops(nest, mapping, rows_.level);
  for (const RowLoop& loop : loops) {
    rows_.count = checked_mul(rows_.count, loop.bound);
  }
  PerRole<std::map<std::vector<std::int64_t>, std::int32_t>> groups;
  for (std::int64_t row = 0; row < rows_.count; ++row) {
    std::vector<std::int64_t>& offset = offset_.emplace_back(problem.dims.size(), 0);
    PerRole<std::vector<std::int64_t>> digits;  // of the loops that the tensor's words depend on
    std::int64_t rest = row;
    for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
      const std::int64_t digit = rest % loop->bound;
      rest /= loop->bound;
      offset[static_cast<std::size_t>(loop->dim)] += digit * loop->stride;
      for (const Role role : kAllRoles) {
        if (relevant(problem.tensor(role), loop->dim)) {
          digits[static_cast<std::size_t>(index_of(role))].push_back(digit);
        }
      }
    }
    for (std::size_t r = 0; r < kRoles; ++r) {
      const auto next = static_cast<std::int32_t>(groups[r].size());
      rows_.group[r].push_back(groups[r].try_emplace(digits[r], next).first->second);
    }
  }
  for (std::size_t r = 0; r < kRoles; ++r) {
    const std::size_t keepers = keeper_chain(mapping, kAllRoles[r]).size() - 1;
    rows_.words[r].resize(keepers);
    held_[r].assign(keepers, std::vector<Tile>(offset_.size()));
  }
}

void RowLowering::step(const Step& step, const std::vector<std::int64_t>& base) {
  std::int64_t of_first = 0;
  for (const std::vector<std::int64_t>& offset : offset_) {
    std::int64_t iterations = 1;
    for (int dim = 0; dim < nest_.rank(); ++dim) {
      const auto d = static_cast<std::size_t>(dim);
      iterations *= base[d] + offset[d] < nest_.size(dim)
                        ? temporal_iterations(nest_, dim, first_, base[d] + offset[d])
                        : 0;
    }
    of_first = rows_.cycles.size() % offset_.size() == 0 ? iterations : of_first;
    rows_.cycles.push_back(checked_mul(step.cycles, iterations) / std::max<std::int64_t>(1, of_first));
  }
}

std::int32_t RowLowering::coordinate_set(const Rank& rank, std::size_t row, int level,
                                         std::span<const std::int64_t> digits) {
  std::vector<IndexSet> dims;
  for (const Term& term : rank.terms) {
    IndexSet& set = dims.emplace_back(sets_.indices(term.dim, level, level, digits));
    const std::int64_t offset = offset_[row][static_cast<std::size_t>(term.dim)];
    for (std::int64_t& index : set) {
      index += offset;
    }
    std::erase_if(set, [&](std::int64_t index) { return index >= nest_.size(term.dim); });
  }
  std::vector<const IndexSet*> pointers;
  for (const IndexSet& dim : dims) {
    pointers.push_back(&dim);
  }
  const auto [at, fresh] =
      numbers_.try_emplace(coordinates(rank, pointers), static_cast<std::int32_t>(known_.size()));
  if (fresh) {
    known_.push_back(at->first);
  }
  return at->second;
}

std::int64_t RowLowering::common(std::int32_t a, std::int32_t b) {
  const auto [at, fresh] = commons_.try_emplace({a, b}, 0);
  if (fresh) {
    IndexSet both;
    std::set_intersection(known_[static_cast<std::size_t>(a)].begin(),
                          known_[static_cast<std::size_t>(a)].end(),
                          known_[static_cast<std::size_t>(b)].begin(),
                          known_[static_cast<std::size_t>(b)].end(), std::back_inserter(both));
    at->second = static_cast<std::int64_t>(both.size());
  }
  return at->second;
}

// The rule of operands (docs/design.md, section 4.3).
std::int64_t RowLowering::new_words(const Tile& tile, const Tile& held, bool slides) {
  std::int64_t all = 1;
  std::size_t differing = 0;
  std::size_t along = 0;
  for (std::size_t k = 0; k < tile.size(); ++k) {
    all *= size(tile[k]);
    if (!held.empty() && tile[k] != held[k]) {
      ++differing;
      along = k;
    }
  }
  if (held.empty() || differing > 1 || all == 0) {
    return all;
  }
  if (differing == 0) {
    return 0;
  }
  return slides ? all / size(tile[along]) * (size(tile[along]) - common(tile[along], held[along])) : all;
}

void RowLowering::load(const Load& load, std::size_t position, std::span<const std::int64_t> digits) {
  if (load.level <= rows_.level) {
    return;
  }
  const auto r = static_cast<std::size_t>(index_of(load.role));
  const Memory& memory = *accelerator_.levels[static_cast<std::size_t>(load.level)].memory_for(load.role);
  const std::vector<Rank>& ranks = problem_.tensor(load.role).ranks;
  for (std::size_t row = 0; row < offset_.size(); ++row) {
    Tile tile;
    std::int64_t words = 1;
    for (std::size_t k = 0; k < ranks.size(); ++k) {
      std::vector<std::int64_t> key = {index_of(load.role), static_cast<std::int64_t>(k), load.level,
                                       static_cast<std::int64_t>(row)};
      sets_.add_digits(key, ranks[k], load.level, digits);
      const auto [at, fresh] = cached_.try_emplace(std::move(key), 0);
      if (fresh) {
        at->second = coordinate_set(ranks[k], row, load.level, digits);
      }
      tile.push_back(at->second);
      words *= size(tile.back());
    }
    Tile& held = held_[r][position][row];
    const bool whole = load.role != Role::kOutputs && memory.fetch != Fetch::kChanges;
    rows_.words[r][position].push_back(whole ? words : new_words(tile, held, memory.halo == Halo::kReuse));
    if (words > 0) {
      held = std::move(tile);  // a row that sits out keeps what it holds
    }
  }
}

}  // namespace weft
