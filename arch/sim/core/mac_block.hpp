// A block of MACs computed with tight loops: the product of one index set per dim, on operands laid out
// as whole tensors. Padding reads as zero.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "arch/sim/core/runs.hpp"

namespace weft::sim {

class MacBlock {
 public:
  // Keeps a reference to the program.
  explicit MacBlock(const Program& program);
  // Adds the products of the step's block to `outputs`; returns the MACs, padding included.
  std::int64_t run(const Step& step, const std::int32_t* weights, const std::int32_t* inputs,
                   std::int64_t* outputs);

 private:
  // A rank of an operand whose coordinate can lie outside the stored extent.
  struct PaddedRank {
    std::int64_t offset = 0, extent = 0;
    std::array<std::int64_t, kMaxDims> coeff{};
  };
  // What varies in a loop over one dim: its indices, and what an index adds to addresses and coordinates.
  struct Axis {
    const IndexSet* set = nullptr;
    const Runs* runs = nullptr;
    PerRole<std::int64_t> stride{};
    std::vector<std::int64_t> coeff;  // per padded rank
  };
  struct Position {
    PerRole<std::int64_t> at{};
    std::array<std::int64_t, kMaxDims> coordinate{};  // per padded rank
  };

  [[nodiscard]] Axis axis(std::size_t dim, std::size_t set) const;
  [[nodiscard]] static double inner_cost(const Axis& axis);
  [[nodiscard]] std::int64_t arrange(const Step& step);
  [[nodiscard]] Position moved(const Position& from, const Axis& axis, std::int64_t index) const;
  void outer(std::size_t depth, const Position& position);
  void inner(const Position& position);
  void inner_run(const Position& position, const Axis& axis, Run run);

  const Program& program_;
  std::vector<std::vector<Runs>> runs_;  // [dim][set]
  PerRole<std::array<std::int64_t, kMaxDims>> stride_{};
  std::vector<PaddedRank> padded_;
  Position origin_;
  Axis unit_axis_;
  // Of the step being computed.
  std::vector<Axis> axes_;  // outermost first, at least two
  Position base_;
  const std::int32_t* weights_ = nullptr;
  const std::int32_t* inputs_ = nullptr;
  std::int64_t* outputs_ = nullptr;
};

}  // namespace weft::sim
