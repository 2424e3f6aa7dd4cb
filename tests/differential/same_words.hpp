// Two runs of the same mapping: do they move the same words?
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "arch/sim/simulator.hpp"
#include "tests/support/generators.hpp"

namespace weft::testing {

inline void expect_same_words(const sim::Result& a, const sim::Result& b, const Triple& t) {
  ASSERT_EQ(a.macs, b.macs);
  for (std::size_t level = 0; level < a.levels.size(); ++level) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      const sim::MeasuredTensor& x = a.levels[level].tensors[r];
      const sim::MeasuredTensor& y = b.levels[level].tensors[r];
      ASSERT_EQ(x.fills, y.fills) << describe(t);
      ASSERT_EQ(x.reads, y.reads) << describe(t);
      ASSERT_EQ(x.updates, y.updates) << describe(t);
      ASSERT_EQ(x.drains, y.drains) << describe(t);
    }
  }
}

}  // namespace weft::testing
