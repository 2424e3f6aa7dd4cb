// What a batch of mappings has in common, and the quantities of the model in which they differ.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "dataflow/boundary.hpp"
#include "mapper/batch/graph.hpp"
#include "mapper/exact/factors.hpp"
#include "mapper/mapper.hpp"

namespace weft::batch {

// Dims larger than 1 that share ranks, and ways to split them: all of the even space (exact::make_parts) or
// others.
using Part = exact::Part;

struct Structure {
  std::vector<PerRole<bool>> keep;       // [level]
  std::vector<std::vector<int>> orders;  // [level]: the dims larger than 1, outermost loop first
};

// A number of a mapping that is a sum of products with one factor per part.
struct Quantity {
  enum class Kind : std::uint8_t {
    kWords,      // that cross a boundary over the whole run
    kFirstTile,  // of the very first tile that crosses it
    kLastTile,   // of the last output tile that crosses it
    kInstances,  // of `level` (depth: compute units) that ever work
    kCycles,     // combinations of temporal digits in which the first compute unit works
    kSpread,     // instances used along axis `index` of the fan-out below `level`
    kTile,       // words of the tile of role `index` inside `level`, in the tensor's interior
    kUseful,     // 1: bounds cover the dims without empty iterations and use axes that allow them; 0
  };
  Kind kind = Kind::kWords;
  Boundary boundary{};
  Scope scope = Scope::kReceivers;
  Visits visits = Visits::kAll;
  int level = 0;
  int index = 0;
};
[[nodiscard]] bool operator==(const Quantity& a, const Quantity& b);

// A quantity as a value of the graph, and the least it can be.
struct Asked {
  Value value;
  double least = 0;
};
using Ask = std::function<Asked(const Quantity&)>;

// What formulas are about.
struct Subject {
  const MapRequest& request;
  const CostModel& costs;
  const Structure& structure;
  const std::vector<Boundary>& boundaries;  // in the model's order
  [[nodiscard]] const Accelerator& accelerator() const { return *request.accelerator; }
  [[nodiscard]] const Problem& problem() const { return *request.problem; }
  [[nodiscard]] const StorageLevel& level(int index) const {
    return request.accelerator->levels[static_cast<std::size_t>(index)];
  }
};

}  // namespace weft::batch
