// Words of the first load of an operand, and of the last store of outputs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "mapper/exact/chain_table.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

// What of a question matters to a part: equal ones have equal words.
struct EdgeAsking {
  Role role = Role::kWeights;
  int child = 0;
  // [dim of the part][level]: of instances along spatial loops only the first counts; the others are united.
  std::array<std::array<bool, kMaxDepth>, kPartDims> first_only{};
  bool operator==(const EdgeAsking&) const = default;
};
[[nodiscard]] EdgeAsking edge_asking(const MapSpace& space, const Part& part, const Boundary& boundary,
                                     Scope scope);

// What a part contributes: words of the very first tile (of outputs: the very last) that crosses the
// boundary; at the instances that the scope names, the tiles of those united in space taken together.
class EdgeWords {
 public:
  // `ranks`: those of the tensor that mention dims of the part. The table outlives the object.
  EdgeWords(const Problem& problem, const Part& part, const ChainTable& table, const EdgeAsking& asking,
            const std::vector<const Rank*>& ranks);
  // For every option the first with the same words.
  [[nodiscard]] std::vector<std::uint32_t> alike() const {
    return first_alike(table_, {&classes_[0], &classes_[1]});
  }
  [[nodiscard]] double of(std::size_t option) const;

 private:
  struct OwnRank {
    const Rank* rank = nullptr;
    std::vector<std::size_t> dims;                         // numbers in the part
    std::array<std::vector<WindowSide>, kPartDims> sides;  // [dim][class]; of a line none
    std::vector<std::int64_t> line{};                      // [class]: words, if it is one
  };
  const ChainTable& table_;
  std::vector<OwnRank> ranks_;
  std::array<ChainClasses, kPartDims> classes_;
};

}  // namespace weft::exact
