// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/sights.hpp"

#include <algorithm>
#include <iterator>

#include "mapper/exact/dim_counts.hpp"

namespace weft::exact {

namespace {

// Spatial loops side by side that are treated alike are one loop, whatever axes they lie on.
View view_of(const Asking& asking, const KnownChain& chain, std::int64_t size) {
  View view;
  view.size = size;
  view.extent = chain.extent[static_cast<std::size_t>(asking.child)];
  view.divides = chain.extent[0] == size;
  view.beyond = chain.extent[0] - view.extent - (size - 1);
  for (const ChainLoop& loop : chain.loops) {
    if (loop.level >= asking.child) {
      break;
    }
    const Gather gather = asking.gather[static_cast<std::size_t>(loop.level)];
    if (!loop.spatial) {
      view.temporal.push_back(loop);
    } else if (gather != Gather::kFirst) {
      Loops& list = gather == Gather::kSum ? view.summed : view.united;
      if (!list.empty() && list.back().level == loop.level) {
        list.back().bound *= loop.bound;
        list.back().stride = loop.stride;
      } else {
        list.push_back(loop);
      }
    }
  }
  view.all_move = !asking.mentioned || all_move(view);
  return view;
}

void add(int level, std::int64_t bound, std::int64_t stride, Key& key) {
  if (bound > 1) {
    key.push_back(level);
    key.push_back(bound);
    key.push_back(stride);
  }
}

// Operands of compute: every index counts once, whatever level its loops stand at, but for what spatial loops
// share.
void key_of_operands(const Asking& asking, const KnownChain& chain, Key& key) {
  for (const ChainLoop& loop : chain.loops) {
    const Gather gather = asking.gather[static_cast<std::size_t>(loop.level)];
    if (loop.spatial && (gather != Gather::kSum || asking.first_visits)) {
      add(static_cast<int>(gather), loop.bound, loop.stride, key);
    }
  }
}

// What tells two chains apart: the loops that view_of() sees.
void key_of(const Asking& asking, const KnownChain& chain, Key& key) {
  key.push_back(chain.extent[static_cast<std::size_t>(asking.child)]);
  for (int level = 0; level < asking.child; ++level) {
    const auto l = static_cast<std::size_t>(level);
    const std::int64_t side_by_side = chain.chain.x[l] * chain.chain.y[l];
    const std::int64_t inside = chain.extent[l + 1];
    add(level, chain.chain.time[l], inside * side_by_side, key);
    if (asking.gather[l] == Gather::kSum || (asking.mentioned && asking.gather[l] == Gather::kUnion)) {
      add(kMaxDepth + level, side_by_side, inside, key);
    }
  }
  key.push_back(-2);
  if (asking.mentioned) {
    key.push_back(chain.extent[0]);
    return;
  }
  for (int level = 1; level < asking.child; ++level) {
    key.push_back(chain.extent[static_cast<std::size_t>(level)]);
  }
}

// Tiles of different index are disjoint: uniting and summing are the same.
LineWords line_words(const View& view, bool retains) {
  const Loops spatial = merged(view.summed, view.united);
  const auto all = static_cast<double>(elements(merged(view.temporal, spatial), view.extent, view.size));
  if (!retains || view.divides || view.temporal.empty()) {
    return {all, all};
  }
  // A run of the innermost loop that leaves an instance one tile only need not move it.
  const std::int64_t stride = view.temporal.back().stride;
  Loops outer = view.temporal;
  outer.pop_back();
  const Loops runs = merged(outer, spatial);
  const std::int64_t alone =
      elements(runs, view.extent, view.size) - view.extent * active(runs, view.size - stride);
  return {all - static_cast<double>(alone), all};
}

// Loops whose instances are united count as one instance, which is the first.
double idle(const View& view, int free_from) {
  Loops counted;
  std::copy_if(view.temporal.begin(), view.temporal.end(), std::back_inserter(counted),
               [&](const ChainLoop& loop) { return loop.level < free_from; });
  return static_cast<double>(active(merged(counted, view.summed), view.size));
}

Seen see(const Asking& asking, const KnownChain& chain, const View& view) {
  Seen seen;
  if (!asking.mentioned) {
    for (int level = 0; level <= asking.child; ++level) {
      const auto l = static_cast<std::size_t>(level);
      seen.extent[l] = static_cast<double>(std::min(chain.extent[l], view.size));
      seen.idle[l] = idle(view, level);
    }
    return seen;
  }
  if (asking.retains && !view.temporal.empty()) {
    const std::int64_t farthest = view.all_move ? farthest_moving(view) : 0;
    for (int from = 0; from <= view.temporal.back().level; ++from) {
      seen.travel[static_cast<std::size_t>(from)] = least_travel(view, from, farthest);
    }
  }
  seen.line = line_words(view, asking.retains);
  seen.instances = active(view.summed, view.size);
  for (const ChainLoop& loop : view.temporal) {
    seen.repeats |= 1U << static_cast<unsigned>(loop.level);
  }
  seen.all_move = view.all_move;
  return seen;
}

}  // namespace

const Sight& Sights::of(const Asking& asking, bool views) {
  const auto known =
      std::find_if(known_.begin(), known_.end(), [&](const auto& sight) { return sight->asking == asking; });
  Sight& sight = known == known_.end() ? look(asking) : **known;
  for (std::size_t own = 0; views && own < sight.seen.size() && sight.seen[own].view == nullptr; ++own) {
    const KnownChain& chain = table_.chains[asking.dim][sight.classes.first[own]];
    sight.seen[own].view = std::make_unique<const View>(view_of(asking, chain, sizes_[asking.dim]));
  }
  return sight;
}

Sight& Sights::look(const Asking& asking) {
  auto sight = std::make_unique<Sight>();
  sight->asking = asking;
  const std::vector<KnownChain>& chains = table_.chains[asking.dim];
  const std::int64_t size = sizes_[asking.dim];
  const ChainClasses& finer = asking.retains
                                  ? table_.outside[asking.dim][static_cast<std::size_t>(asking.child)]
                                  : table_.spread[asking.dim];
  sight->classes = ChainClasses(finer, [&](std::uint32_t chain, Key& key) {
    (asking.retains ? key_of : key_of_operands)(asking, chains[chain], key);
  });
  sight->seen.reserve(sight->classes.first.size());
  for (const std::uint32_t chain : sight->classes.first) {
    sight->seen.push_back(see(asking, chains[chain], view_of(asking, chains[chain], size)));
  }
  known_.push_back(std::move(sight));
  return *known_.back();
}

}  // namespace weft::exact
