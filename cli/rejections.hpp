// What was in the way of the mappings that a search tried, and why it found none.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapper/mapper.hpp"

namespace weft::cli {

struct RejectionRow {
  std::string reason{};  // "capacity", "order" ...
  std::int64_t count = 0;
  std::string example{};  // one of them, in words
};

// By hardware and by constraints (null: none), the most frequent reason first.
[[nodiscard]] std::vector<RejectionRow> rejections(const MapResult& map, const Problem& problem,
                                                   const Accelerator& accelerator,
                                                   const Constraints* constraints);

// For a layer without a mapping: what is proven to stand in the way and the smallest change that helps, or
// that nothing is proven; then the rejections. Lines with an indent of two.
[[nodiscard]] std::string why_none(const MapResult& map, const Problem& problem,
                                   const Accelerator& accelerator, const Constraints* constraints);

}  // namespace weft::cli
