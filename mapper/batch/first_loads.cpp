// The first loads, granted one after the other as dataflow's ramp_times() does.
//
// Loads that may want one port at the same time form a cluster. In a cluster, the next load to be
// granted is the one that can start first; among those that can start at one moment the one that has
// waited longest, then the one that comes first. A load that a load of no duration makes ready comes
// after all that were ready at that moment: its turn.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <numeric>

#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

constexpr double kNever = std::numeric_limits<double>::infinity();

// One port that a load passes: [level][memory][side] as a number.
struct Use {
  int port = 0;
  Value duration;
};

struct FirstLoad {
  Boundary boundary;
  int above = -1;         // index of the load it waits for
  std::vector<Use> uses;  // of ports with a bandwidth
  bool instant = true;    // may take no time
  Value read, write;      // the longer of own and shared port
  Value ready, turn, end;
  Value child_turn;  // of the loads that wait for this one
};

constexpr int kPortSets = 2 * kRoles;  // at a level: of memories, and of tensors with ports of their own

class Loads {
 public:
  Loads(Graph& graph, const Subject& subject, const Ask& ask) : g_(graph), s_(subject), ask_(ask) {
    for (const Boundary& b : subject.boundaries) {
      if (b.child < subject.accelerator().depth() && b.role != Role::kOutputs) {
        add(b);
      }
    }
  }

  // When the last of them ends.
  Value end() {
    cluster();
    Value last = g_.constant(0);
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      std::vector<std::size_t> members;
      for (std::size_t j = i; j < loads_.size(); ++j) {
        if (cluster_[j] == cluster_[i]) {
          members.push_back(j);
        }
      }
      // Loads come after those they wait for, and so do the clusters' first members.
      if (cluster_[i] == i) {
        grant(members);
      }
    }
    for (const FirstLoad& load : loads_) {
      last = g_.greater(last, load.end);
    }
    return last;
  }

 private:
  void add(const Boundary& b) {
    FirstLoad load;
    load.boundary = b;
    const Asked sent = words_of(g_, s_, ask_, {Kind::kFirstTile, b, Scope::kFirstParent, Visits::kAll, 0, 0});
    const Asked taken =
        words_of(g_, s_, ask_, {Kind::kFirstTile, b, Scope::kFirstReceiver, Visits::kAll, 0, 0});
    load.read = pass(load, b.parent, Side::kRead, sent);
    load.write = pass(load, b.child, Side::kWrite, taken);
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      if (loads_[i].boundary.role == b.role && loads_[i].boundary.child == b.parent) {
        load.above = static_cast<int>(i);
      }
    }
    loads_.push_back(std::move(load));
  }

  // Cycles until both ports of that side let the words go.
  Value pass(FirstLoad& load, int level, Side side, const Asked& words) {
    PortValues ports(g_, s_);
    const Role role = load.boundary.role;
    const int set = s_.level(level).port_index(role);
    const Bandwidths widths = s_.level(level).bandwidths(set);
    const auto number = [&](Side of) { return (level * kPortSets + set) * kSides + static_cast<int>(of); };
    const bool limited = (side == Side::kRead ? widths.read : widths.write).has_value();
    if (limited) {
      load.uses.push_back({number(side), ports.cycles(level, role, side, words.value)});
    }
    if (widths.shared) {
      load.uses.push_back({number(Side::kShared), ports.cycles(level, role, Side::kShared, words.value)});
    }
    load.instant = load.instant && (words.least == 0 || !(limited || widths.shared));
    return ports.add(level, role, side, words.value);
  }

  void cluster() {
    cluster_.resize(loads_.size());
    std::iota(cluster_.begin(), cluster_.end(), std::size_t{0});
    const auto meet = [](const FirstLoad& a, const FirstLoad& b) {
      return std::any_of(a.uses.begin(), a.uses.end(), [&](const Use& one) {
        return std::any_of(b.uses.begin(), b.uses.end(),
                           [&](const Use& other) { return one.port == other.port; });
      });
    };
    const auto join = [&](std::size_t i, std::size_t j) {
      const auto [low, high] = std::minmax(cluster_[i], cluster_[j]);
      std::replace(cluster_.begin(), cluster_.end(), std::size_t{high}, std::size_t{low});
    };
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (meet(loads_[i], loads_[j])) {
          join(i, j);
        }
      }
    }
    // Clusters that wait for each other, or for one that comes later, are granted together.
    for (bool again = true; again;) {
      again = false;
      for (std::size_t i = 0; i < loads_.size(); ++i) {
        const int above = loads_[i].above;
        if (above >= 0 && cluster_[static_cast<std::size_t>(above)] > cluster_[i]) {
          join(i, static_cast<std::size_t>(above));
          again = true;
        }
      }
    }
  }

  // Does the load wait for one of the same cluster?
  [[nodiscard]] bool waits_inside(std::size_t load, const std::vector<std::size_t>& members) const {
    const int above = loads_[load].above;
    return above >= 0 &&
           std::find(members.begin(), members.end(), static_cast<std::size_t>(above)) != members.end();
  }

  void make_ready(FirstLoad& load) {
    const Value zero = g_.constant(0);
    load.ready = load.above < 0 ? zero : loads_[static_cast<std::size_t>(load.above)].end;
    load.turn = load.above < 0 ? zero : loads_[static_cast<std::size_t>(load.above)].child_turn;
  }

  [[nodiscard]] Value finish(const FirstLoad& load, Value start) {
    return g_.greater(g_.add(start, load.read), g_.add(start, load.write));
  }
  // 1 where (a, a2, a3) comes before (b, b2, b3), 0 elsewhere.
  [[nodiscard]] Value before(Value a, Value b, Value a2, Value b2, Value a3, Value b3) {
    const Value yes = g_.constant(1);
    const Value no = g_.constant(0);
    const Value third = g_.select_less(a3, b3, yes, no);
    const Value second = g_.select_less(a2, b2, yes, g_.select_less(b2, a2, no, third));
    return g_.select_less(a, b, yes, g_.select_less(b, a, no, second));
  }
  [[nodiscard]] Value choose(Value flag, Value yes, Value no) {
    return g_.select_less(g_.constant(0), flag, yes, no);
  }

  // The turn counts for those that start the moment they are ready.
  void settle(FirstLoad& load, Value start) {
    const Value zero = g_.constant(0);
    load.end = finish(load, start);
    load.child_turn = zero;
    if (load.instant) {
      const Value own = g_.select_less(load.ready, start, zero, load.turn);
      load.child_turn = g_.select_less(start, load.end, zero, g_.add(own, g_.constant(1)));
    }
  }

  void grant(const std::vector<std::size_t>& members) {
    const bool inside =
        std::any_of(members.begin(), members.end(), [&](std::size_t m) { return waits_inside(m, members); });
    if (members.size() == 1) {
      make_ready(loads_[members[0]]);
      settle(loads_[members[0]], loads_[members[0]].ready);
    } else if (members.size() == 2 && !inside) {
      grant_two(loads_[members[0]], loads_[members[1]]);
    } else {
      grant_many(members);
    }
  }

  // When `late` can start after `early` has, both waiting for nothing else.
  [[nodiscard]] Value after(const FirstLoad& late, const FirstLoad& early) {
    Value start = late.ready;
    for (const Use& one : late.uses) {
      for (const Use& other : early.uses) {
        if (one.port == other.port) {
          start = g_.greater(start, g_.add(early.ready, other.duration));
        }
      }
    }
    return start;
  }

  void grant_two(FirstLoad& a, FirstLoad& b) {
    make_ready(a);
    make_ready(b);
    const Value second_first = before(b.ready, a.ready, b.turn, a.turn, g_.constant(0), g_.constant(0));
    settle(a, choose(second_first, after(a, b), a.ready));
    settle(b, choose(second_first, b.ready, after(b, a)));
  }

  void grant_many(const std::vector<std::size_t>& members) {
    const Value zero = g_.constant(0);
    const Value never = g_.constant(kNever);
    std::vector<Value> free(s_.accelerator().levels.size() * kPortSets * kSides, zero);
    std::vector<Value> waits(members.size(), g_.constant(1));
    for (const std::size_t m : members) {
      loads_[m].end = never;
      loads_[m].child_turn = zero;
      if (waits_inside(m, members)) {
        loads_[m].ready = never;
        loads_[m].turn = zero;
      } else {
        make_ready(loads_[m]);
      }
    }
    for (std::size_t round = 0; round < members.size(); ++round) {
      grant_next(members, free, waits);
    }
  }

  // The next of a cluster, and when it starts.
  struct Next {
    Value index, start, turn;
  };
  Next find_next(const std::vector<std::size_t>& members, const std::vector<Value>& free,
                 const std::vector<Value>& waits) {
    const Value zero = g_.constant(0);
    const Value never = g_.constant(kNever);
    Value best = g_.constant(-1);
    Value start = never;
    Value turn = zero;
    Value ready = zero;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const FirstLoad& load = loads_[members[i]];
      Value own = load.ready;
      for (const Use& use : load.uses) {
        own = g_.greater(own, free[static_cast<std::size_t>(use.port)]);
      }
      const Value own_turn = g_.select_less(load.ready, own, zero, load.turn);
      own = choose(waits[i], own, never);
      const Value better = before(own, start, own_turn, turn, load.ready, ready);
      best = choose(better, g_.constant(static_cast<double>(i)), best);
      start = choose(better, own, start);
      turn = choose(better, own_turn, turn);
      ready = choose(better, load.ready, ready);
    }
    return {best, start, turn};
  }

  void grant_next(const std::vector<std::size_t>& members, std::vector<Value>& free,
                  std::vector<Value>& waits) {
    const Value zero = g_.constant(0);
    const auto [best, start, turn] = find_next(members, free, waits);
    for (std::size_t i = 0; i < members.size(); ++i) {
      FirstLoad& load = loads_[members[i]];
      const Value index = g_.constant(static_cast<double>(i));
      const Value apart = g_.greater(g_.subtract(best, index), g_.subtract(index, best));
      const Value granted = g_.select_less(zero, apart, zero, g_.constant(1));
      for (const Use& use : load.uses) {
        Value& until = free[static_cast<std::size_t>(use.port)];
        until = choose(granted, g_.greater(until, g_.add(start, use.duration)), until);
      }
      waits[i] = choose(granted, zero, waits[i]);
      load.end = choose(granted, finish(load, start), load.end);
      if (load.instant) {
        const Value next = g_.select_less(start, load.end, zero, g_.add(turn, g_.constant(1)));
        load.child_turn = choose(granted, next, load.child_turn);
      }
    }
    for (const std::size_t m : members) {
      if (waits_inside(m, members)) {
        make_ready(loads_[m]);
      }
    }
  }

  Graph& g_;
  const Subject& s_;
  const Ask& ask_;
  std::vector<FirstLoad> loads_;
  std::vector<std::size_t> cluster_;  // [load]: the first load of its cluster
};

}  // namespace

Value first_loads_end(Graph& graph, const Subject& subject, const Ask& ask) {
  return Loads(graph, subject, ask).end();
}

}  // namespace weft::batch
