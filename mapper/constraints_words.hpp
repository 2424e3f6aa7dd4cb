// The words of constraint files: ranges, and what a word means for a problem or on a machine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapper/constraints.hpp"

namespace weft {

// "4", "2..8", "2..", "..8", "any"; nothing: no such range (see explain_range()).
[[nodiscard]] std::optional<Range> parse_range(std::string_view text);
[[nodiscard]] std::string print_range(const Range& range);
// Why parse_range() found nothing.
[[nodiscard]] std::string explain_range(std::string_view text);

// Dims that a word names: a dim, a class (filters, reduction, positions, groups, other) or all. A dim in
// parentheses, "(R)", may be missing: then the word names none.
struct DimWord {
  enum class Kind : std::uint8_t { kUnknown, kAll, kClass, kDim };  // the more special, the later
  Kind kind = Kind::kUnknown;
  bool optional = false;
  std::vector<int> dims{};
};
[[nodiscard]] DimWord find_dims(const std::string& word, const Problem& problem);
// For messages: the problem's dims and the classes.
[[nodiscard]] std::vector<std::string> known_dim_words(const Problem& problem);

// Levels that a word names: a level; all, outermost, innermost, buffers (all but the outermost), array (the
// one above the largest fan-out). A level of that name comes first. Empty: none.
[[nodiscard]] std::vector<int> find_levels(const std::string& word, const Accelerator& accelerator);
[[nodiscard]] std::vector<std::string> known_level_words(const Accelerator& accelerator);

// Names of those of the dims that are larger than 1, when none of the dims can be spread on these axes of the
// fan-outs below the levels; empty otherwise.
[[nodiscard]] std::vector<std::string> never_spread(const std::vector<int>& dims,
                                                    const std::vector<int>& levels, bool x, bool y,
                                                    const Problem& problem, const Accelerator& accelerator);

}  // namespace weft
