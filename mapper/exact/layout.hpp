// Which factor of a part stands where: the questions that the bound asks about every part.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dataflow/boundary.hpp"
#include "mapper/exact/chains.hpp"
#include "mapper/map_space.hpp"

namespace weft::exact {

// The scope that gives the same words, or words nobody needs because the ports take no time for them.
[[nodiscard]] Scope representative(const MapSpace& space, const Boundary& boundary, Scope scope);

// Makes a product larger than anything that counts.
inline constexpr double kNever = 1e30;

// One count of the model: words of a boundary, for some of the instances.
struct Asked {
  Boundary boundary;
  Scope scope = Scope::kReceivers;
  Visits visits = Visits::kAll;
  // Has the tensor windows that may slide into the child?
  bool windows = false;
  // Factors of the count, by what is known about the order of the loops:
  //   whole(k)      every transition moves whole tiles; temporal loops of dims that the tensor does not
  //                 mention are free from level k inwards (k: 0 .. child)
  //   once()        every word once
  //   slide(f)      the window slides along this part's rank, over the loops from level f inwards
  //   begin(f)      what the first of such sweeps carries besides, because it finds nothing in place
  //   beside(f, k)  whole(k) while another part's window slides so, which loops of this part at levels
  //                 further in than f would break: kNever then
  // Of first visits, only whole(0).
  std::size_t first = 0;
  // Counts times what the tile of level k has of the dims that they repeat over and that tensor u mentions:
  // volumes + 3 * (k - 1) + u (k: 1 .. child). What the tile may have of them, u's memory limits.
  std::size_t volumes = 0;
  [[nodiscard]] std::size_t volume(int level, Role limiting) const {
    return volumes + 3 * static_cast<std::size_t>(level - 1) + static_cast<std::size_t>(index_of(limiting));
  }
  [[nodiscard]] std::size_t whole(int free_from) const { return first + static_cast<std::size_t>(free_from); }
  [[nodiscard]] std::size_t once() const { return first + static_cast<std::size_t>(boundary.child) + 1; }
  [[nodiscard]] std::size_t slide(int from) const { return once() + 1 + static_cast<std::size_t>(from); }
  [[nodiscard]] std::size_t begin(int from) const {
    return slide(boundary.child) + static_cast<std::size_t>(from);
  }
  [[nodiscard]] std::size_t beside(int from, int free_from) const {
    return from + 1 >= boundary.child
               ? whole(free_from)
               : begin(boundary.child) + static_cast<std::size_t>(from * (boundary.child + 1) + free_from);
  }
  // Factors from `first` on.
  [[nodiscard]] std::size_t count() const {
    const auto child = static_cast<std::size_t>(boundary.child);
    return child + 2 + (windows ? 2 * child + (child - 1) * (child + 1) : 0);
  }
};

// Words of a first load or last store, as they pass the parent and the receiver.
struct EdgeTile {
  Boundary boundary;
  std::size_t parent = 0, receiver = 0;
};

// Which factor stands where; the same for all parts.
struct Layout {
  std::vector<Asked> asked;
  std::vector<EdgeTile> edges;             // of boundaries into storage levels
  std::vector<PerRole<std::size_t>> tile;  // [level][role]: words of the tile
  // [level][u][v]: words of u's tile over its extent along the dims that v does not mention.
  std::vector<PerRole<PerRole<std::size_t>>> rest;
  std::vector<std::size_t> columns, rows;  // [level]: instances along the axes of the fan-out below
  std::size_t iterations = 0;              // temporal iterations
  AxesAlike alike{};                       // columns and rows say nothing there
  std::vector<std::size_t> above;          // counts that bounds also need from above (first visits)
  const MapSpace* space = nullptr;
  std::size_t size = 0;
  // Of the scope's representative.
  [[nodiscard]] const Asked& find(const Boundary& boundary, Scope scope, Visits visits) const;
};
[[nodiscard]] Layout make_layout(const MapSpace& space, const AxesAlike& alike);

// Words along ranks without a dim larger than 1: 1, or 0 where only padding is touched.
[[nodiscard]] double constant_words(const TensorShape& tensor, const Problem& problem);

}  // namespace weft::exact
