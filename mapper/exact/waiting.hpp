// Nodes of the search that wait for their turn: the most promising first.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "mapper/exact/axes.hpp"
#include "mapper/exact/groups.hpp"

namespace weft::exact {

// A profile of kinds for which a node may be of use.
struct Alive {
  std::size_t profile = 0;
  Bound bound;
  double cost = 0;  // of the bound
};

struct WaitingNode {
  double cost = 0;                 // the least of its profiles
  int phase = 0;                   // 0: dims are spread; then temporal bounds, innermost level first
  std::size_t part = 0;            // the next to be decided in this phase; behind the last: all are
  Groups::Group* group = nullptr;  // from phase 1 on
  Packed packed;                   // likewise, and of the root
  std::vector<int> nodes;          // [part]: where it stands
  std::vector<Alive> alive;
  std::vector<double> energies;  // [flow]: least of all its profiles; empty: not known yet
};

// Best first keeps the tree small, but has nothing in hand until its end. So every now and then a node is
// followed down, its best child next, and when too many wait, all are.
class WaitingNodes {
 public:
  // The node to be filled in and added. It holds what some other left there.
  [[nodiscard]] WaitingNode& next();
  void add();
  // Whose turn it is: what it points to stays until the next call. Null: none is left.
  [[nodiscard]] WaitingNode* take();
  [[nodiscard]] std::size_t size() const { return heap_.size() + stack_.size() + (best_ ? 1 : 0); }

 private:
  struct Turn {
    double cost = 0;
    std::uint64_t number = 0;  // in the order of add()
    std::size_t place = 0;     // in nodes_
  };
  // Of two that are as promising the one added last is, which is the furthest down.
  [[nodiscard]] static bool less_promising(const Turn& a, const Turn& b) {
    return a.cost != b.cost ? a.cost > b.cost : a.number < b.number;
  }
  void wait(const Turn& turn);

  std::deque<WaitingNode> nodes_;
  std::vector<std::size_t> free_;  // places
  std::vector<Turn> heap_;
  std::vector<Turn> stack_;   // before the heap, once that is full
  std::optional<Turn> best_;  // of the nodes added last, while one is followed down
  bool diving_ = true;
  int since_dive_ = 0;
  std::uint64_t added_ = 0;
  std::optional<std::size_t> taken_, filled_;  // places
};

}  // namespace weft::exact
