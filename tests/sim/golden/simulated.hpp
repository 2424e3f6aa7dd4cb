// The same matrix products on the SystemC simulator: accelerators that describe the arrays of tests/rtl, and
// the mappings that their tiles are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/sim/golden/drive.hpp"

namespace weft::testing {

// Which of the arrays; both are square here.
struct ArrayKind {
  enum class Stationary : std::uint8_t { kWeights, kOutputs } stationary = Stationary::kWeights;
  int size = 8;
  bool double_buffered = true;             // its weights
  std::int64_t cycles_per_row = 1;         // Hesitation::cycles_per_row
  [[nodiscard]] std::string name() const;  // "weight_stationary_8x8", as its file in tests/fixtures/arch
};

// A product and how it is cut into tiles on an array of `size`: filled along n and k (m, n for the
// output-stationary one); m_tile is the weight-stationary array's inputs per tile.
struct SizedProduct {
  std::int64_t m = 1, n = 1, k = 1, m_tile = 0;  // m_tile 0: all
};
[[nodiscard]] TileExtents extents_on(const ArrayKind& kind, const SizedProduct& product);

// Products that fill the arrays and that do not, with several tiles along each dim, with fewer inputs per
// tile than rows, down to single words.
[[nodiscard]] std::vector<SizedProduct> sized_products();

// Simulated in a child process, with values.
[[nodiscard]] ArrayRun simulate(const ArrayKind& kind, const Product& product, const TileExtents& extents);
// Cycles that the analytic model predicts.
[[nodiscard]] std::int64_t predicted(const ArrayKind& kind, const Product& product,
                                     const TileExtents& extents);

}  // namespace weft::testing
