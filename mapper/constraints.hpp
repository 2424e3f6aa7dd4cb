// What a user allows a mapping to be, beyond what the hardware does: bounds, orders, tiles, bypasses,
// divisors and utilisation, in the dims and levels of one problem on one accelerator. Files of
// constraints are read by constraints_file.hpp; contradictions are found by contradictions.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"
#include "workload/problem.hpp"

namespace weft {

// Both ends included.
struct Range {
  std::int64_t low = 1;
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  [[nodiscard]] bool contains(std::int64_t value) const { return low <= value && value <= high; }
  [[nodiscard]] bool open() const { return low <= 1 && high == std::numeric_limits<std::int64_t>::max(); }
  friend bool operator==(const Range&, const Range&) = default;
};
using DimRanges = std::array<Range, kMaxDims>;

// Rules for one storage level and the fan-out below it. A range speaks of the product of all loops of the
// dim there; no loop is a bound of 1.
struct LevelRules {
  DimRanges temporal;                // [dim]
  std::array<DimRanges, 2> spatial;  // [axis][dim]; high 1: not spread over this axis
  DimRanges extent;                  // [dim]: of the tile of one instance, clipped to the problem
  // Order of the temporal loops: outermost first, the place of their dims never falls. Below 0: outermost, 0:
  // anywhere between, above 0: innermost. Dims of one place are free among themselves, loops of bound 1 are
  // exempt.
  std::array<std::int8_t, kMaxDims> place{};
  PerRole<std::optional<bool>> keep{};  // true: kept, false: bypassed, none: free
  friend bool operator==(const LevelRules&, const LevelRules&) = default;
};

struct Constraints {
  std::string name{};
  std::vector<LevelRules> levels{};  // one per storage level, outermost first
  // Least share of all compute units at work, averaged over the compute cycles (no stalls): MACs over the
  // product of compute units and temporal iterations. 0..1.
  double min_utilization = 0;
  // Factors that divide: along every dim, each temporal loop cuts the tile outside it into equal tiles
  // (`perfect_temporal`); with `perfect` spatial loops do so too.
  bool perfect_temporal = false;
  bool perfect = false;
  friend bool operator==(const Constraints&, const Constraints&) = default;
};

// Constraints that allow everything on this accelerator.
[[nodiscard]] Constraints no_constraints(const Accelerator& accelerator);

enum class Rule : std::uint8_t {
  kTemporal,     // level, dim; needed: what the mapping has, [low, high]: what is allowed
  kSpatial,      // level, dim, axis; as above
  kExtent,       // level, dim; as above
  kOrder,        // level, dim: its loop is outside one that has to be further out
  kKeep,         // level, role (dim); has 1: kept although to be bypassed, 0: bypassed although to be kept
  kFactors,      // level, dim; has: bound of the loop that does not divide
  kUtilization,  // has, low: millionths of all compute units
};
inline constexpr int kRules = 7;
[[nodiscard]] std::string_view name_of(Rule rule);

// Rejection by constraints is data, as rejection by hardware is (dataflow/legality.hpp).
struct Violation {
  Rule rule = Rule::kTemporal;
  int level = -1;  // -1: the mapping as a whole
  int index = -1;  // dim or role, by rule
  Axis axis = Axis::kX;
  std::int64_t has = 0;
  Range allowed{};
};

// The first rule broken, in the order of the enumeration and from the outermost level in; none: all hold. The
// mapping is legal otherwise (check() finds nothing). Neither allocates nor throws.
[[nodiscard]] std::optional<Violation> violates(const Constraints& constraints, const Mapping& mapping,
                                                const Problem& problem, const Accelerator& accelerator);
// "GLB: a temporal bound of 8 for K, at most 4 are allowed".
[[nodiscard]] std::string explain(const Violation& violation, const Constraints& constraints,
                                  const Problem& problem, const Accelerator& accelerator);

// Share of all compute units at work while the array computes, 0..1 (Constraints::min_utilization).
[[nodiscard]] double array_utilization(const Mapping& mapping, const Problem& problem,
                                       const Accelerator& accelerator);

}  // namespace weft
