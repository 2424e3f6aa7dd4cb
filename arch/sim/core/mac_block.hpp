// A block of MACs, the product of one index set per dim, on operands laid out as whole tensors. The words it
// needs are gathered into two small matrices (padding as zero), which are multiplied; dims of all three
// tensors, and whatever is too large for a cache, are loops around that.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/core/block_product.hpp"

namespace weft::sim {

class MacBlock {
 public:
  // Keeps a reference to the program.
  explicit MacBlock(const Program& program, BlockProduct product = fastest());
  // Adds the products of the step's block to `outputs`; returns the MACs, padding included.
  std::int64_t run(const Step& step, const std::int32_t* weights, const std::int32_t* inputs,
                   std::int64_t* outputs);

 private:
  // What walking along a dim does in the product of matrices.
  enum class Part : std::uint8_t {
    kRows,     // weights and outputs change
    kColumns,  // inputs and outputs
    kSums,     // only operands
    kAround,   // all three
  };
  // A rank of an operand whose coordinate can lie outside the stored extent.
  struct PaddedRank {
    std::int64_t offset = 0, extent = 0;
    std::vector<std::int64_t> coeff;  // per dim
  };
  // Of the step being computed: the indices of a dim, taken `length` at a time, now from `first` on.
  struct Axis {
    std::size_t dim = 0;
    Part part = Part::kAround;
    const IndexSet* set = nullptr;
    std::size_t length = 1, first = 0;
    [[nodiscard]] std::size_t end() const { return std::min(set->size(), first + length); }
  };
  // What is added up along one side of a matrix: of a padded rank's coordinate.
  struct Coordinates {
    std::vector<std::int64_t> at;
    std::int64_t least = 0, most = 0;
  };
  // Positions along one side of a matrix.
  struct Side {
    std::size_t size = 0;
    PerRole<std::vector<std::int64_t>> address;     // in the tensor
    PerRole<bool> dense{};                          // are these neighbours, one after the other?
    PerRole<std::vector<Coordinates>> coordinates;  // per padded rank
    bool stale = true;
  };
  // An operand, and the side of its matrix that is not the sums.
  struct Gather {
    Role role = Role::kWeights;
    const std::int32_t* words = nullptr;
    const Side* side = nullptr;
  };

  [[nodiscard]] static BlockProduct fastest();
  [[nodiscard]] Part part_of(std::size_t dim) const;
  [[nodiscard]] std::int64_t arrange(const Step& step);
  void set_lengths(Part part, std::size_t limit);
  [[nodiscard]] std::size_t length(Part part) const;
  [[nodiscard]] bool advance();
  [[nodiscard]] std::vector<std::int64_t> totals(Part part, const std::vector<std::int64_t>& coeff) const;
  [[nodiscard]] Side& side(Part part) { return sides_[static_cast<std::size_t>(part)]; }
  void lay_out(Part part);
  void gather(const Gather& from, const Side& outer, const Side& inner, std::size_t pitch,
              std::vector<std::int32_t>& to) const;
  void gather_row(const Gather& from, const Side& outer, std::size_t i, const Side& inner,
                  std::int32_t* to) const;
  void multiply(const std::int32_t* weights, const std::int32_t* inputs, std::int64_t* outputs);
  void add_results(const Side& left, const Side& right, std::size_t lanes, std::int64_t* outputs) const;

  const Program& program_;
  BlockProduct product_;
  PerRole<std::vector<std::int64_t>> stride_;  // [role][dim]
  PerRole<std::int64_t> origin_{};             // address of index 0 everywhere
  PerRole<std::vector<PaddedRank>> padded_;
  std::vector<Axis> axes_;     // outermost first
  bool turned_ = false;        // filters along the rows of matrices, as there are hardly any positions
  std::array<Side, 4> sides_;  // [part]
  std::vector<std::int32_t> left_, right_;
  std::vector<std::int64_t> result_;
};

}  // namespace weft::sim
