// Along which axis of a fan-out instances lie. Where no count depends on it, splits that differ in nothing
// else are one; what is left to ask is whether all parts of the problem find room beside each other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mapper/exact/chains.hpp"

namespace weft::exact {

// Instances of a part along the axes of a fan-out.
struct Rectangle {
  std::int64_t columns = 1, rows = 1;
  bool operator==(const Rectangle&) const = default;
};
using Rectangles = std::vector<Rectangle>;  // any of them

// A rectangle and the dims' shares of its sides.
struct AxisShare {
  Rectangle sides;
  std::array<std::int64_t, kPartDims> x{1, 1}, y{1, 1};  // [dim of the part]
};
using AxisShares = std::vector<AxisShare>;  // any of them

// By level: do only room and the hops across the fan-out below it depend on the axes? Constraints name axes.
[[nodiscard]] AxesAlike axes_alike(const MapSpace& space);

// All ways in which the instances of an option of a part may lie on the fan-out below the level.
[[nodiscard]] AxisShares shares(const MapSpace& space, std::span<const int> dims, const Split& option,
                                int level);

// What arrangements come to over all fan-outs whose axes are alike.
struct Packed {
  double units = 1;                  // instances in use
  double hops_in = 0, hops_out = 0;  // cycles across
};

// Parts on the fan-outs whose axes are alike, one after the other.
class Packing {
 public:
  Packing(const MapSpace& space, const AxesAlike& alike);
  void clear();
  // [level]
  void place(std::span<const Rectangles> part);
  // With the part placed too, and others after it: at most so many instances, at least so many hops. Nothing:
  // there is no room.
  [[nodiscard]] std::optional<Packed> with(std::span<const Rectangles> part) const;
  // As it is, others to follow.
  [[nodiscard]] Packed open() const { return packed(true); }
  // All are placed.
  [[nodiscard]] Packed closed() const { return packed(false); }

 private:
  struct FanOutBelow {
    std::size_t level = 0;
    Rectangle sides;
    bool hops_in = false, hops_out = false;  // operands and results pass from neighbour to neighbour
    Rectangles placed{};                     // what the parts may take up together

    // Calls take(rectangle) for all that they may take up with the part.
    template <typename Take>
    void each_with(std::span<const Rectangles> part, const Take& take) const;
  };
  // Of one fan-out.
  struct Outcome {
    double units = 0, hops = 0;
    void take(const Rectangle& taken, const Rectangle& sides);
    void add_to(Packed& packed, const FanOutBelow& here) const;
  };
  [[nodiscard]] Packed packed(bool more) const;

  std::vector<FanOutBelow> fan_outs_;
};

// One share of each part, so that all have room on one fan-out and hops are few; none: they have not.
[[nodiscard]] std::optional<std::vector<std::size_t>> arrange(std::span<const AxisShares> parts,
                                                              Rectangle sides);

}  // namespace weft::exact
