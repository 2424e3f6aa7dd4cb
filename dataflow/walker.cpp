// The literal walk of the loop nest: every combination of digits, every instance with the explicit set of
// words it holds, and the rules of docs/design.md 4.1-4.5 applied to them one by one. Shares nothing with
// the closed forms it is there to check.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/walker.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/walker_nest.hpp"

namespace weft {
namespace {

using walker::Boundary;
using walker::Coordinates;
using walker::Digits;
using walker::RankSets;
using walker::Words;

// The tile an instance held and the one it takes, rank by rank.
using Change = std::pair<std::vector<Coordinates>, std::vector<Coordinates>>;

std::vector<Coordinates> copy(const std::vector<const Coordinates*>& tile) {
  std::vector<Coordinates> sets;
  for (const Coordinates* set : tile) {
    sets.push_back(*set);
  }
  return sets;
}

// What one receiver takes (or one sender gives) at one combination of temporal digits.
struct Transfer {
  std::int64_t parent = 0;  // instance of the parent
  std::int64_t alone = 0;   // digits of the loops whose network neither multicasts nor reduces
  bool first = false;       // outputs: nothing has been accumulated before
  Words words;
  Change tiles;  // where a read is shared by whole tiles only
};

struct PortWords {
  std::int64_t all = 0;
  std::int64_t not_first = 0;
};

// The words that cross the parent's port for the transfers that share: each distinct word once or, where
// `tiles` are set, the words of each distinct change of tile.
std::int64_t shared_words(const std::vector<const Transfer*>& sharing, bool by_tile) {
  std::set<std::int64_t> words;
  std::map<Change, std::size_t> changes;
  for (const Transfer* t : sharing) {
    if (by_tile) {
      changes[t->tiles] = t->words.size();
    } else {
      words.insert(t->words.begin(), t->words.end());
    }
  }
  std::size_t sum = words.size();
  for (const auto& [tiles, moved] : changes) {
    sum += moved;
  }
  return static_cast<std::int64_t>(sum);
}

PortWords port_words(const std::vector<Transfer>& transfers, bool by_tile) {
  std::map<std::tuple<std::int64_t, std::int64_t, bool>, std::vector<const Transfer*>> groups;
  for (const Transfer& t : transfers) {
    groups[{t.parent, t.alone, t.first}].push_back(&t);
  }
  PortWords result;
  for (const auto& [who, sharing] : groups) {
    const std::int64_t words = shared_words(sharing, by_tile);
    result.all += words;
    result.not_first += std::get<bool>(who) ? 0 : words;
  }
  return result;
}

// The way of one tensor between a keeper (`parent`) and the next keeper below it, or compute.
class Hop {
 public:
  Hop(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator, Role role, int parent,
      int child, const CountOptions& options)
      : problem_(problem),
        accelerator_(accelerator),
        role_(role),
        parent_(parent),
        child_(child),
        outside_(mapping, problem, child),
        options_(options),
        sets_(outside_, problem.tensor(role), options.footprint),
        by_tile_(shares_by_tile()) {}

  void walk(ActionCounts& counts) {
    outside_.for_each_temporal([&](const Digits& temporal) { step(temporal, counts); });
    if (role_ == Role::kOutputs && !child_is_compute()) {
      count_distinct(counts);
    }
  }

 private:
  // What an instance of the child holds: one coordinate set per rank, and every word it ever held.
  struct Held {
    std::optional<std::vector<const Coordinates*>> tile;
    std::set<std::int64_t> ever;
  };

  [[nodiscard]] bool child_is_compute() const { return child_ == accelerator_.depth(); }
  [[nodiscard]] bool shares(int level) const {
    const NetworkKind kind = accelerator_.levels[static_cast<std::size_t>(level)].fanout.network[role()];
    return role_ == Role::kOutputs ? kind == NetworkKind::kReducing || kind == NetworkKind::kSystolic
                                   : kind == NetworkKind::kMulticast || kind == NetworkKind::kSystolic;
  }
  // One fan-out that shares by tile is enough: what it sends apart the others cannot join.
  [[nodiscard]] bool shares_by_tile() const {
    bool by_tile = false;
    for (int l = parent_; l < child_; ++l) {
      const FanOut& fanout = accelerator_.levels[static_cast<std::size_t>(l)].fanout;
      by_tile = by_tile || fanout.multicast_unit == MulticastUnit::kTile;
    }
    return by_tile && role_ != Role::kOutputs;
  }
  [[nodiscard]] std::size_t role() const { return static_cast<std::size_t>(index_of(role_)); }
  [[nodiscard]] bool reduction(int dim) const { return !relevant(problem_.tensor(Role::kOutputs), dim); }

  // Shift of the window along a rank when loop `advancing` steps and the loops inside it go back to zero.
  [[nodiscard]] std::int64_t shift(const Rank& rank, std::size_t advancing) const {
    std::int64_t sum = 0;
    for (std::size_t i = advancing; i < outside_.temporal().size(); ++i) {
      const walker::FlatLoop& loop = outside_.temporal()[i];
      for (const Term& term : rank.terms) {
        if (term.dim == loop.dim) {
          sum += term.coeff * loop.stride * (i == advancing ? 1 : 1 - loop.bound);
        }
      }
    }
    return sum;
  }

  // Does the window go on sliding: does it move as far as when the innermost loop steps?
  [[nodiscard]] bool steady(const Digits& temporal) const {
    std::optional<std::size_t> advancing, innermost;
    for (std::size_t i = temporal.size(); i-- > 0;) {
      if (outside_.temporal()[i].bound > 1 && !innermost) {
        innermost = i;
      }
      if (temporal[i] != 0 && !advancing) {
        advancing = i;
      }
    }
    const std::vector<Rank>& ranks = problem_.tensor(role_).ranks;
    return advancing && std::all_of(ranks.begin(), ranks.end(), [&](const Rank& rank) {
             return shift(rank, *advancing) == shift(rank, *innermost);
           });
  }

  // The words that move when the instance comes to this tile (4.3), which is also what it holds then.
  Words enter(Held& held, const std::vector<const Coordinates*>& tile, bool slides) const {
    if (child_is_compute() || !held.tile) {
      held.tile = tile;
      return sets_.words(tile);
    }
    std::vector<std::size_t> differ;
    for (std::size_t r = 0; r < tile.size(); ++r) {
      if (*tile[r] != *(*held.tile)[r]) {
        differ.push_back(r);
      }
    }
    const std::vector<const Coordinates*> before = std::exchange(*held.tile, tile);
    if (differ.empty()) {
      return {};
    }
    const Memory* memory = accelerator_.levels[static_cast<std::size_t>(child_)].memory_for(role_);
    if (differ.size() > 1 || memory->halo != Halo::kReuse || !slides) {
      return sets_.words(tile);
    }
    Coordinates fresh;
    std::set_difference(tile[differ[0]]->begin(), tile[differ[0]]->end(), before[differ[0]]->begin(),
                        before[differ[0]]->end(), std::back_inserter(fresh));
    std::vector<const Coordinates*> slice = tile;
    slice[differ[0]] = &fresh;
    return sets_.words(slice);
  }

  // Where this instance of the child sits, and whether its visit is the first (4.4).
  [[nodiscard]] Transfer address(const Digits& temporal, const Digits& spatial) const {
    Transfer result;
    result.first = true;
    for (std::size_t i = 0; i < temporal.size(); ++i) {
      result.first = result.first && (temporal[i] == 0 || !reduction(outside_.temporal()[i].dim));
    }
    for (std::size_t i = 0; i < spatial.size(); ++i) {
      const walker::FlatLoop& loop = outside_.spatial()[i];
      if (loop.level < parent_) {
        result.parent = result.parent * loop.bound + spatial[i];
      } else if (!shares(loop.level)) {
        result.alone = result.alone * loop.bound + spatial[i];
        result.first = result.first && (spatial[i] == 0 || !reduction(loop.dim));
      }
    }
    return result;
  }

  // One combination of the temporal digits outside the child: what moves, at both ends.
  void step(const Digits& temporal, ActionCounts& counts) {
    std::vector<Transfer> transfers;
    std::size_t instance = 0;
    outside_.for_each_spatial([&](const Digits& spatial) {
      Held& held = held_[instance++];
      const std::vector<std::int64_t> base = outside_.index(temporal, spatial);
      if (!outside_.happens(base)) {
        return;  // idle: keeps what it holds
      }
      Transfer transfer = address(temporal, spatial);
      const std::vector<const Coordinates*> tile = sets_.tile(base);
      if (by_tile_) {
        const bool holds = held.tile && !child_is_compute();
        transfer.tiles = {holds ? copy(*held.tile) : std::vector<Coordinates>(), copy(tile)};
      }
      transfer.words = enter(held, tile, options_.slides == Slides::kAny || steady(temporal));
      if (role_ == Role::kOutputs && !child_is_compute()) {
        held.ever.insert(transfer.words.begin(), transfer.words.end());
      }
      transfers.push_back(std::move(transfer));
    });
    add(transfers, counts);
  }

  void add(const std::vector<Transfer>& transfers, ActionCounts& counts) const {
    LevelCounts& parent = counts.levels[static_cast<std::size_t>(parent_)];
    TensorCounts* child =
        child_is_compute() ? nullptr : &counts.levels[static_cast<std::size_t>(child_)].tensors[role()];
    const PortWords port = port_words(transfers, by_tile_);
    const bool outputs = role_ == Role::kOutputs;
    (outputs ? parent.tensors[role()].updates : parent.tensors[role()].reads) += port.all;
    parent.tensors[role()].reads += outputs ? port.not_first : 0;
    parent.network[role()].sent += port.all;
    for (const Transfer& transfer : transfers) {
      const auto moved = static_cast<std::int64_t>(transfer.words.size());
      parent.network[role()].delivered += moved;
      if (child != nullptr) {
        (outputs ? child->drains : child->fills) += moved;
      } else if (outputs && !transfer.first) {
        parent.network[role()].read_back += moved;
      }
    }
  }

  // Residencies of words held before start from the partial sum read back.
  void count_distinct(ActionCounts& counts) const {
    TensorCounts& child = counts.levels[static_cast<std::size_t>(child_)].tensors[role()];
    std::int64_t distinct = 0;
    for (const auto& [instance, held] : held_) {
      distinct += static_cast<std::int64_t>(held.ever.size());
    }
    const std::int64_t again = child.drains - distinct;
    child.fills = options_.first_fill == FirstFill::kCounted ? child.drains : again;
    counts.levels[static_cast<std::size_t>(parent_)].network[role()].read_back = again;
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  Role role_;
  int parent_;
  int child_;
  Boundary outside_;
  CountOptions options_;
  RankSets sets_;
  bool by_tile_;
  std::map<std::size_t, Held> held_;
};

// Instances of `level` that are active at least once. Indices grow with the temporal digits, so those that
// are active at all are active when these are zero.
std::int64_t instances_used(const Mapping& mapping, const Problem& problem, int level) {
  const Boundary outside(mapping, problem, level);
  const Digits zero(outside.temporal().size(), 0);
  std::int64_t used = 0;
  outside.for_each_spatial(
      [&](const Digits& spatial) { used += outside.happens(outside.index(zero, spatial)) ? 1 : 0; });
  return used;
}

std::int64_t macs_walked(const Mapping& mapping, const Problem& problem, int depth) {
  const Boundary all(mapping, problem, depth);
  std::int64_t macs = 0;
  all.for_each_temporal([&](const Digits& temporal) {
    all.for_each_spatial(
        [&](const Digits& spatial) { macs += all.happens(all.index(temporal, spatial)) ? 1 : 0; });
  });
  return macs;
}

}  // namespace

ActionCounts walk(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                  const CountOptions& options) {
  WEFT_ENSURE(!check(mapping, problem, accelerator), "only legal mappings can be walked");
  const int depth = accelerator.depth();
  ActionCounts counts;
  counts.levels.resize(static_cast<std::size_t>(depth));
  for (const Role role : kAllRoles) {
    int parent = 0;
    for (int child = 1; child <= depth; ++child) {
      const bool keeps =
          child == depth ||
          mapping.levels[static_cast<std::size_t>(child)].keep[static_cast<std::size_t>(index_of(role))];
      if (keeps) {
        Hop(mapping, problem, accelerator, role, parent, child, options).walk(counts);
        parent = child;
      }
    }
  }
  for (int level = 0; level < depth; ++level) {
    counts.levels[static_cast<std::size_t>(level)].instances_used = instances_used(mapping, problem, level);
  }
  counts.compute_units_used = instances_used(mapping, problem, depth);
  counts.macs = macs_walked(mapping, problem, depth);
  return counts;
}

}  // namespace weft
