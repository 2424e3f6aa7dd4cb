// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/orders.hpp"

#include <algorithm>

#include "mapper/exact/standing_still.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

// What one tensor sees of an order: from the innermost loop outwards, until it is sure that whole tiles move.
class Eye {
 public:
  Eye(const MapSpace& space, const Chains& chains, Role role, int level) : space_(space), level_(level) {
    const TensorShape& tensor = space.problem().tensor(role);
    rank_of_.fill(-1);
    bool windows = false;
    for (std::size_t r = 0; r < tensor.ranks.size(); ++r) {
      const Rank& rank = tensor.ranks[r];
      for (const Term& term : rank.terms) {
        rank_of_[static_cast<std::size_t>(term.dim)] = static_cast<int>(r);
      }
      windows = windows || is_windowed(rank, space.problem());
      for (const Term& term : rank.terms) {
        const auto d = static_cast<std::size_t>(term.dim);
        const bool divides = extent_of(chains[d], 0, space.depth()) == space.problem().size(term.dim);
        const bool loops = chains[d].time[static_cast<std::size_t>(level)] > 1;
        certain_[d] = loops && divides && !may_repeat(rank, chains);
      }
    }
    // A halo is reused while one rank moves; as soon as two do, whole tiles move.
    needed_ = windows ? 2 : 1;
  }

  // The dims whose loops are certain to move whole tiles, as bits.
  [[nodiscard]] std::uint64_t certain() const {
    std::uint64_t bits = 0;
    for (std::size_t d = 0; d < certain_.size(); ++d) {
      bits |= certain_[d] ? std::uint64_t{1} << d : 0;
    }
    return bits;
  }

  // Appends what distinguishes the order to `key`.
  void look(const std::vector<int>& order, std::vector<int>& key) const {
    std::vector<int> alike;  // loops beside each other that the tensor does not mention commute
    std::vector<int> moved;
    const auto flush = [&] {
      std::sort(alike.begin(), alike.end());
      key.insert(key.end(), alike.begin(), alike.end());
      alike.clear();
    };
    for (std::size_t i = order.size(); i-- > 0;) {
      const auto d = static_cast<std::size_t>(order[i]);
      if (rank_of_[d] < 0) {
        alike.push_back(order[i]);
        continue;
      }
      if (certain_[d] && std::find(moved.begin(), moved.end(), rank_of_[d]) == moved.end()) {
        moved.push_back(rank_of_[d]);
        if (static_cast<int>(moved.size()) == needed_) {
          break;
        }
      }
      flush();
      key.push_back(order[i]);
    }
    flush();
    key.push_back(-1);
  }

 private:
  // The widest tile that the level's loops move: may it be the same at different places?
  [[nodiscard]] bool may_repeat(const Rank& rank, const Chains& chains) const {
    std::array<WindowSide, 2> sides;
    std::array<const Chain*, 2> of{};
    std::size_t used = 0;
    for (const Term& term : rank.terms) {
      if (space_.problem().size(term.dim) == 1) {
        continue;
      }
      if (used == sides.size()) {
        return true;
      }
      const Chain& chain = chains[static_cast<std::size_t>(term.dim)];
      of[used] = &chain;
      WindowSide& side = sides[used++];
      side.coeff = term.coeff;
      side.size = space_.problem().size(term.dim);
      side.tile = {
          {0, extent_of(chain, level_, space_.depth()) / chain.time[static_cast<std::size_t>(level_)]}};
    }
    return may_coincide(rank, {&sides[0], &sides[1]}) || (used == 2 && may_stand_still(sides, of));
  }

  // For a keeper at any level further in.
  [[nodiscard]] bool may_stand_still(const std::array<WindowSide, 2>& sides,
                                     const std::array<const Chain*, 2>& of) const {
    for (int child = level_ + 1; child < space_.depth(); ++child) {
      std::array<SteppedDim, 2> dims;
      for (std::size_t i = 0; i < of.size(); ++i) {
        dims[i].coeff = sides[i].coeff;
        dims[i].beyond = extent_of(*of[i], 0, space_.depth()) - extent_of(*of[i], child, space_.depth()) -
                         (sides[i].size - 1);
        for (const ChainLoop& loop : loops_of(*of[i], space_.depth())) {
          if (!loop.spatial && loop.level < child) {
            dims[i].loops.push_back(loop);
          }
        }
      }
      if (standing_still(dims) > 0) {
        return true;
      }
    }
    return false;
  }

  const MapSpace& space_;
  int level_;
  std::array<int, kMaxDims> rank_of_{};
  std::array<bool, kMaxDims> certain_{};
  int needed_ = 1;
};

constexpr Signature kField = (Signature{1} << kMaxDims) - 1;

unsigned field_of(Role role) {
  return static_cast<unsigned>((1 + at(role)) * kMaxDims);
}

}  // namespace

// A field of one bit per dim for the loops, then one for each tensor.
Signature signature(const MapSpace& space, const Chains& chains, int level, const std::vector<int>& dims) {
  static_assert((1 + kRoles) * kMaxDims <= 64);
  Signature own = 0;
  for (const int dim : dims) {
    own |= chains[static_cast<std::size_t>(dim)].time[static_cast<std::size_t>(level)] > 1
               ? Signature{1} << static_cast<unsigned>(dim)
               : 0;
  }
  Signature result = own;
  for (const Role role : kAllRoles) {
    result |= own == 0 ? 0 : (Eye(space, chains, role, level).certain() & own) << field_of(role);
  }
  return result;
}

Signature signature_for(Signature all, const PerRole<bool>& roles) {
  for (const Role role : kAllRoles) {
    all &= roles[at(role)] ? ~Signature{0} : ~(kField << field_of(role));
  }
  return all;
}

std::vector<Order> orders(const MapSpace& space, const Chains& chains, int level, const PerRole<bool>& roles,
                          bool all) {
  Order order;
  for (int dim = 0; dim < space.dims(); ++dim) {
    if (chains[static_cast<std::size_t>(dim)].time[static_cast<std::size_t>(level)] > 1) {
      order.dims.push_back(dim);
    }
  }
  std::vector<std::pair<std::size_t, Eye>> eyes;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (roles[r]) {
      eyes.emplace_back(r, Eye(space, chains, role, level));
    }
  }
  std::vector<Order> result;
  PerRole<std::vector<std::vector<int>>> views;
  const Constraints* constraints = space.constraints();
  const auto place = [&](int dim) {
    return constraints->levels[static_cast<std::size_t>(level)].place[static_cast<std::size_t>(dim)];
  };
  std::vector<int> key;
  do {
    if (constraints != nullptr && !std::is_sorted(order.dims.begin(), order.dims.end(),
                                                  [&](int a, int b) { return place(a) < place(b); })) {
      continue;
    }
    order.view.fill(all ? static_cast<int>(result.size()) : 0);
    for (const auto& [role, eye] : eyes) {
      if (all) {
        break;
      }
      key.clear();
      eye.look(order.dims, key);
      std::vector<std::vector<int>>& known = views[role];
      const auto at = std::find(known.begin(), known.end(), key);
      order.view[role] = static_cast<int>(at - known.begin());
      if (at == known.end()) {
        known.push_back(key);
      }
    }
    if (all || std::none_of(result.begin(), result.end(),
                            [&](const Order& other) { return other.view == order.view; })) {
      result.push_back(order);
    }
  } while (std::next_permutation(order.dims.begin(), order.dims.end()));
  return result;
}

}  // namespace weft::exact
