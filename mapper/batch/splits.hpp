// From splits to loops: the mapping that options of a structure's parts stand for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mapper/batch/structure.hpp"

namespace weft::batch {

// A temporal loop that mappings of the structure may have.
struct Place {
  int level = 0, dim = 0;
};
// Those outside `child` (depth: all), outermost first.
[[nodiscard]] std::vector<Place> places_outside(const Structure& structure, int child);

[[nodiscard]] bool contains(const std::vector<int>& dims, int dim);

// Adds the loops of one part to a mapping that has a level for each of the structure's.
void add_loops(const Structure& structure, const Part& part, std::span<const exact::Chain> option,
               Mapping& mapping);
// The mapping with these splits; `options`: one per part.
[[nodiscard]] Mapping mapping_of(const Structure& structure, const std::vector<Part>& parts,
                                 const std::vector<std::size_t>& options);

// The checks of check() that concern the loops of one part alone: they cover the part's dims without empty
// iterations and use axes that allow them.
[[nodiscard]] bool is_useful(const Subject& subject, const std::vector<int>& dims, const Mapping& mapping);

// What is wrong with parts or structure, in words, or empty: a dim missing or named twice, dims of one rank
// in different parts, a level too many.
[[nodiscard]] std::string malformed(const Subject& subject, const std::vector<Part>& parts);

}  // namespace weft::batch
