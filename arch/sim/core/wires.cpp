// See wires.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/wires.hpp"

#include <algorithm>
#include <map>

namespace weft::sim {

namespace {

// Counts through the digits of the fan-out's instances.
class Digits {
 public:
  explicit Digits(std::vector<Spread> spreads) : spreads_(std::move(spreads)), digits_(spreads_.size(), 0) {}

  bool advance() {
    for (std::size_t i = digits_.size(); i-- > 0;) {
      if (++digits_[i] < spreads_[i].bound) {
        return true;
      }
      digits_[i] = 0;
    }
    return false;
  }
  [[nodiscard]] Node node() const {
    Node node;
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      std::int64_t& place = spreads_[i].axis == 0 ? node.x : node.y;
      place = place * spreads_[i].bound + digits_[i];
    }
    return node;
  }
  // The first index of each dim there.
  [[nodiscard]] std::vector<std::int64_t> indices(std::size_t dims) const {
    std::vector<std::int64_t> result(dims, 0);
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      result[static_cast<std::size_t>(spreads_[i].dim)] += digits_[i] * spreads_[i].stride;
    }
    return result;
  }

 private:
  std::vector<Spread> spreads_;
  std::vector<std::int64_t> digits_;
};

std::vector<std::int64_t> first_word(const TensorShape& tensor, const std::vector<std::int64_t>& indices) {
  std::vector<std::int64_t> result;
  for (const Rank& rank : tensor.ranks) {
    std::int64_t at = rank.offset;
    for (const Term& term : rank.terms) {
      at += term.coeff * indices[static_cast<std::size_t>(term.dim)];
    }
    result.push_back(at);
  }
  return result;
}

bool exists(const Problem& problem, const std::vector<std::int64_t>& indices) {
  for (std::size_t d = 0; d < indices.size(); ++d) {
    if (indices[d] >= problem.dims[d].size) {
      return false;
    }
  }
  return true;
}

}  // namespace

Receivers receivers(const Program& program, const FanOut& fanout, int level, Role role) {
  std::vector<Spread> spreads;
  for (const Spread& spread : program.spread) {
    if (spread.level == level) {
      spreads.push_back(spread);
    }
  }
  const bool apart = fanout.network[static_cast<std::size_t>(index_of(role))] == NetworkKind::kUnicast;
  const TensorShape& tensor = program.problem.tensor(role);
  Receivers sets;
  std::map<std::vector<std::int64_t>, std::size_t> set_of;
  Digits digits(std::move(spreads));
  do {
    const std::vector<std::int64_t> indices = digits.indices(program.problem.dims.size());
    if (!exists(program.problem, indices)) {
      continue;
    }
    const auto [known, is_new] = set_of.try_emplace(first_word(tensor, indices), sets.size());
    if (is_new || apart) {
      sets.push_back({digits.node()});
    } else {
      sets[known->second].push_back(digits.node());
    }
  } while (digits.advance());
  return sets;
}

std::int64_t busiest_link(const Receivers& sets, Node entry) {
  std::int64_t east = 0;
  std::int64_t west = 0;
  std::int64_t north = 0;
  std::int64_t south = 0;
  for (const std::vector<Node>& set : sets) {
    const auto any = [&](const auto& there) { return std::any_of(set.begin(), set.end(), there) ? 1 : 0; };
    east += any([&](const Node& n) { return n.x > entry.x; });
    west += any([&](const Node& n) { return n.x < entry.x; });
    north += any([&](const Node& n) { return n.x == entry.x && n.y < entry.y; });
    south += any([&](const Node& n) { return n.x == entry.x && n.y > entry.y; });
  }
  return std::max({east, west, north, south});
}

double wire_share(const Program& program, const Accelerator& accelerator, Role role, int parent, int level) {
  const FanOut& own = accelerator.levels[static_cast<std::size_t>(level)].fanout;
  if (!own.links || own.network[static_cast<std::size_t>(index_of(role))] == NetworkKind::kSystolic) {
    return 0;
  }
  double share = 1;
  for (int above = parent; above < level; ++above) {
    const FanOut& fanout = accelerator.levels[static_cast<std::size_t>(above)].fanout;
    share /= static_cast<double>(receivers(program, fanout, above, role).size());
  }
  if (own.links->kind == LinkKind::kBus) {
    return share;
  }
  const Receivers sets = receivers(program, own, level, role);
  return share * static_cast<double>(busiest_link(sets, {own.links->entry_x, own.links->entry_y})) /
         static_cast<double>(sets.size());
}

}  // namespace weft::sim
