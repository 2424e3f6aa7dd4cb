// The columns of all quantities laid out for the kernels: those that are zero, equal or cancel each
// other left out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapper/batch/kernels.hpp"
#include "mapper/batch/tabulate.hpp"

namespace weft::batch {

// Counts below this, their sums and products are exact in doubles, and so are their quotients rounded up.
inline constexpr double kExactBelow = 2251799813685248.0;  // 2^51

// Sums over columns of products over parts, factored for one part that is swept: with the other parts fixed,
// each input is a sum over a few distinct columns of the swept part, whose coefficients come from the others.
struct Layout {
  struct Known {
    std::optional<double> constant;  // equal for all mappings
    std::uint32_t input = 0;
    double least = 0;
  };
  std::vector<Known> known;  // [quantity]: what to take for it
  std::size_t inputs = 0;

  std::size_t swept = 0;                     // part
  std::size_t width = 0;                     // columns, a whole number of vectors
  std::vector<double> signs;                 // [column]
  std::vector<std::vector<double>> rows;     // [part][option * width + column]; none for the swept part
  std::vector<Layer> layers;                 // of columns, that of the coefficients' first ones first
  std::size_t stride = 0;                    // options of the swept part
  std::vector<double> columns;               // [distinct column * stride + option]
  std::size_t distinct = 0;                  // columns of the swept part
  std::vector<double> across;                // the same: [option * distinct + distinct column]
  std::vector<std::vector<SweepTerm>> sums;  // [input]
};

// Nothing where a number might reach kExactBelow.
[[nodiscard]] std::optional<Layout> lay_out(const std::vector<Columns>& quantities, std::size_t parts,
                                            std::size_t swept);

}  // namespace weft::batch
