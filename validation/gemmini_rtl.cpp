// SPDX-License-Identifier: Apache-2.0
#include "validation/gemmini_rtl.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "validation/csv.hpp"

namespace weft::validation {
namespace {

constexpr std::int64_t kArray = 16;  // PEs along a side

GemminiRtlRow to_row(const CsvRow& cells, int line) {
  GemminiRtlRow row;
  row.line = line;
  row.set = cells.text("set");
  GemminiRow& stated = row.stated;
  stated.r = cells.positive("R");
  stated.s = cells.positive("S");
  stated.p = cells.positive("P");
  stated.q = cells.positive("Q");
  stated.c = cells.positive("C");
  stated.k = cells.positive("K");
  stated.stride_p = stated.stride_q = cells.positive("stride");
  stated.array_dim = kArray;
  stated.cycles = cells.positive("timeloop_cycles");
  row.rtl_cycles = cells.positive("rtl_cycles");
  stated.mapping_text = cells.text("mapping");
  stated.mapping = parse_gemmini_mapping(stated.mapping_text);
  return row;
}

std::string ours(char theirs) {
  const std::map<char, char> swapped = {{'P', 'Q'}, {'Q', 'P'}, {'R', 'S'}, {'S', 'R'}};
  const auto found = swapped.find(theirs);
  return std::string(1, found == swapped.end() ? theirs : found->second);
}

// Extents of the tile: all factors but those of the loops over tiles.
std::map<char, std::int64_t> tile_of(const GemminiMapping& mapping) {
  std::map<char, std::int64_t> tile;
  for (const char dim : {'N', 'K', 'C', 'P', 'Q', 'R', 'S'}) {
    tile[dim] = 1;
  }
  for (std::size_t level = 1; level < mapping.size(); ++level) {
    for (const GemminiFactor& factor : mapping[level]) {
      tile[factor.dim] *= factor.bound;
    }
  }
  return tile;
}

void add_loop(std::vector<Loop>& loops, int dim, std::int64_t bound) {
  if (bound > 1) {
    loops.push_back({dim, bound});
  }
}

}  // namespace

std::vector<GemminiRtlRow> read_gemmini_rtl_rows(const std::filesystem::path& file) {
  return collect_rows(file, to_row);
}

Problem executed_problem(const GemminiRtlRow& row) {
  const GemminiRow& stated = row.stated;
  ConvShape shape{.name = fmt::format("row {}", row.line), .in_channels = stated.c, .out_channels = stated.k};
  shape.in_h = stated.q * stated.stride_q;
  shape.in_w = stated.p * stated.stride_p;
  shape.kernel_h = stated.s;
  shape.kernel_w = stated.r;
  shape.stride_h = stated.stride_q;
  shape.stride_w = stated.stride_p;
  shape.pad_top = shape.pad_bottom = stated.s / 2;
  shape.pad_left = shape.pad_right = stated.r / 2;
  return make_conv(shape);
}

Mapping executed_mapping(const GemminiRtlRow& row, const Problem& problem) {
  Mapping mapping;
  mapping.levels.resize(4);
  mapping.levels[0].keep = {true, true, true};
  mapping.levels[1].keep = {true, true, false};
  mapping.levels[2].keep = {false, false, true};
  mapping.levels[3].keep = {true, false, false};
  std::map<char, std::int64_t> tile = tile_of(row.stated.mapping);
  // A tile of channels or filters fills the array's side and goes over it as often as needed.
  std::map<char, std::int64_t> across, times;
  for (const char dim : {'K', 'C'}) {
    across[dim] = std::min(tile[dim], kArray);
    times[dim] = (tile[dim] + across[dim] - 1) / across[dim];
    tile[dim] = across[dim] * times[dim];
  }
  const auto dim = [&](char theirs) { return problem.dim(ours(theirs)); };
  std::set<char> looped;
  for (const GemminiFactor& factor : row.stated.mapping[0]) {
    if (!looped.insert(factor.dim).second) {
      throw std::invalid_argument(fmt::format("two loops over tiles of {}", factor.dim));
    }
    // As many tiles as the program's loop takes to get to the end of the dim.
    const std::int64_t size = problem.size(dim(factor.dim));
    add_loop(mapping.levels[0].temporal, dim(factor.dim), (size + tile[factor.dim] - 1) / tile[factor.dim]);
  }
  for (const char theirs : {'K', 'S', 'R', 'C'}) {
    add_loop(mapping.levels[2].temporal, dim(theirs),
             theirs == 'K' || theirs == 'C' ? times[theirs] : tile[theirs]);
  }
  for (const char theirs : {'N', 'Q', 'P'}) {
    add_loop(mapping.levels[3].temporal, dim(theirs), tile[theirs]);
  }
  if (across['K'] > 1) {
    mapping.levels[1].spatial.push_back({dim('K'), across['K'], Axis::kX});
  }
  if (across['C'] > 1) {
    mapping.levels[2].spatial.push_back({dim('C'), across['C'], Axis::kY});
  }
  return mapping;
}

}  // namespace weft::validation
