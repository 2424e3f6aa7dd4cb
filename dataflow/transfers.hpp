// Words that cross one boundary of one tensor's chain of keepers, exactly, by the rules of docs/design.md
// 4.3 and 4.4: halos, partial tiles, padding, multicast and reduction included.
//
// Why this is fast. Dims are independent, a tile is a product of one coordinate set per rank, and whether
// a rank's set changes depends on that rank's own loops only. So for each kind of transition (which
// temporal loop advanced) the sum over all tiles of a product is a product of per-rank sums.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dataflow/transfer_group.hpp"

namespace weft {

// One question about a boundary: which instances combine how, and which visits count.
struct Question {
  const TensorShape* tensor = nullptr;  // outlives the answer
  int child = 0;  // receiving level; the nest's depth: compute units, which hold nothing
  Slides slides = Slides::kAny;
  GroupRules rules;
  Small<Gather, 32> gather;  // per nest loop; temporal entries are ignored
};

// What one rank of the tensor, or one dim that it does not mention, contributes to a boundary's words:
// everything about the order of loops that it does not know is the order relative to loops of other groups.
struct GroupSums {
  const Rank* rank = nullptr;      // null: a dim that the tensor does not mention
  int dim = -1;                    // that dim
  Small<int, 6> loops;             // own temporal loops outside the child: indices into nest.loops()
  std::vector<Moved> cases;        // as in GroupWords
  std::int64_t first = 0;          // the same
  std::vector<std::int64_t> last;  // the same
};

// For each temporal loop outside the child: does its advance go on sliding the windows (Slides)?
[[nodiscard]] Small<bool, 16> steady_loops(std::span<const TransferGroup> groups, int loops, Slides slides);

class Transfers {
 public:
  Transfers(const Nest& nest, const Question& question);

  // The groups one by one, for callers that put many mappings together from the same groups.
  [[nodiscard]] std::vector<GroupSums> group_sums() const;

  // A step fixes the first `fixed` temporal loops outside the child and sums over the rest.
  class Steps {
   public:
    // Words of one step. `digits`: at least min(fixed, temporal loops) entries. Throws OverflowError.
    [[nodiscard]] std::int64_t words(std::span<const std::int64_t> digits) const;

   private:
    friend class Transfers;
    [[nodiscard]] std::int64_t advance(int loop, std::span<const std::int64_t> digits) const;
    const Transfers* owner_ = nullptr;
    int fixed_ = 0;
    std::vector<std::vector<std::vector<Moved>>>
        sums_;  // [group][case][fixed digits of the group, flattened]
  };
  [[nodiscard]] Steps steps(int fixed) const;

 private:
  [[nodiscard]] std::int64_t first_tile() const;
  [[nodiscard]] std::int64_t combine_at(std::span<const Moved> groups, int loop) const;

  GroupRules rules_;
  Small<int, 16> temporal_;
  Small<TransferGroup, 8> groups_;
  Small<bool, 16> steady_;
};

}  // namespace weft
