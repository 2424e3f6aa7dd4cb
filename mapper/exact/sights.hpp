// One dim of a part as a question sees it: what concerns the dim alone, once for all chains that the question
// cannot tell apart.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "mapper/exact/chain_table.hpp"
#include "mapper/exact/views.hpp"

namespace weft::exact {

// What of a question matters to a dim.
struct Asking {
  std::size_t dim = 0;  // number in the part
  int child = 0;
  bool retains = true;        // the child is a storage level
  bool mentioned = false;     // the dim, by the tensor
  bool first_visits = false;  // of operands of compute
  Gathers gather{};
  bool operator==(const Asking&) const = default;
};

struct LineWords {
  double whole = 1, once = 1;  // every transition moves the tile, but where it may stay; every word once
};

// A class of chains.
struct Seen {
  [[nodiscard]] bool repeats_at(int level) const {
    return ((repeats >> static_cast<unsigned>(level)) & 1U) != 0;
  }
  [[nodiscard]] bool repeats_inside(int level) const {
    return (repeats >> static_cast<unsigned>(level) >> 1U) != 0;
  }

  // If the tensor mentions the dim.
  std::unique_ptr<const View> view;              // for windows
  std::uint32_t repeats = 0;                     // levels with a temporal loop, as bits
  bool all_move = true;                          // as View has it
  LineWords line;                                // along a rank of this dim alone, without padding
  std::int64_t instances = 1;                    // that are counted one by one
  std::array<std::int64_t, kMaxDepth> travel{};  // [from]: of a sweep, at least; 0: it stands still
  // If not.
  std::array<double, kMaxDepth + 1> idle{};    // [free from]: combinations in which an instance works
  std::array<double, kMaxDepth + 1> extent{};  // [level]: of its tile
};

struct Sight {
  Asking asking;
  ChainClasses classes;
  std::vector<Seen> seen;  // [class]
};

// Of the dims of one part; each is looked at once.
class Sights {
 public:
  // The table outlives the object; sizes: of the dims.
  Sights(const ChainTable& table, std::vector<std::int64_t> sizes)
      : table_(table), sizes_(std::move(sizes)) {}
  // Stays where it is. `views`: the dim is a side of windows, which need to see its loops.
  [[nodiscard]] const Sight& of(const Asking& asking, bool views);

 private:
  [[nodiscard]] Sight& look(const Asking& asking);

  const ChainTable& table_;
  std::vector<std::int64_t> sizes_;
  std::vector<std::unique_ptr<Sight>> known_;
};

}  // namespace weft::exact
