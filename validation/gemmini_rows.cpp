// Reads the table and its mapping strings, and builds our problem, accelerator and mapping from a row.
// SPDX-License-Identifier: Apache-2.0
#include "validation/gemmini_rows.hpp"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/parse_number.hpp"
#include "validation/csv.hpp"

namespace weft::validation {
namespace {

constexpr int kWordBits = 8;
constexpr int kAccumulatorBits = 32;
constexpr std::string_view kLevelHeads[] = {"L3[WIO]", "L2[WI]", "L1[O]", "L0[W]"};

std::int64_t to_integer(std::string_view text) {
  const auto value = parse_number<std::int64_t>(text);
  if (!value) {
    throw std::invalid_argument(fmt::format("'{}' is not a whole number", text));
  }
  return *value;
}

GemminiFactor to_factor(std::string_view word) {
  constexpr std::string_view kDims = "NKCPQRS";
  if (word.size() < 2 || kDims.find(word.front()) == std::string_view::npos) {
    throw std::invalid_argument(fmt::format("'{}' is not a factor such as K16 or K2X", word));
  }
  GemminiFactor factor{.dim = word.front(), .spatial = word.back() == 'X'};
  factor.bound = to_integer(word.substr(1, word.size() - (factor.spatial ? 2 : 1)));
  return factor;
}

GemminiRow to_row(const CsvRow& cells, int line) {
  GemminiRow row;
  row.line = line;
  row.cycles = cells.positive("cycles");
  row.mapping_text = cells.text("mapping");
  row.mapping = parse_gemmini_mapping(row.mapping_text);
  row.array_dim = cells.positive("array_dim");
  row.accumulator_words = cells.positive("acc_depth");
  row.accumulator_bandwidth = static_cast<double>(cells.positive("acc_words_per_cycle"));
  row.scratchpad_bytes = cells.positive("sp_bytes");
  row.scratchpad_bandwidth = static_cast<double>(cells.positive("sp_words_per_cycle"));
  row.n = cells.positive("N");
  row.k = cells.positive("K");
  row.c = cells.positive("C");
  row.p = cells.positive("P");
  row.q = cells.positive("Q");
  row.r = cells.positive("R");
  row.s = cells.positive("S");
  row.stride_p = cells.positive("wstride");
  row.stride_q = cells.positive("hstride");
  return row;
}

Memory memory_of(std::string name, PerRole<bool> holds, std::int64_t bits, std::optional<std::int64_t> words,
                 double words_per_cycle) {
  Memory memory;
  memory.name = std::move(name);
  memory.holds = holds;
  if (words) {
    memory.capacity = Bits(*words * bits);
  }
  memory.width = Bits(bits);
  if (words_per_cycle > 0) {
    memory.shared_bandwidth = BitsPerCycle(words_per_cycle * static_cast<double>(bits));
  }
  memory.buffering = Buffering::kBuffet;
  return memory;
}

StorageLevel level_of(Memory memory) {
  StorageLevel level;
  level.name = memory.name;
  level.fanout.name = memory.name + "_network";
  level.fanout.multicast_unit = MulticastUnit::kTile;
  level.memories = {std::move(memory)};
  return level;
}

}  // namespace

GemminiMapping parse_gemmini_mapping(std::string_view text) {
  GemminiMapping mapping;
  std::istringstream words{std::string(text)};
  std::size_t level = 0;
  bool at_head = true;
  for (std::string word; words >> word;) {
    if (at_head) {
      if (level >= mapping.size() || word != kLevelHeads[level]) {
        throw std::invalid_argument(fmt::format("'{}' where level {} should begin", word, level));
      }
      at_head = false;
    } else if (word == "-") {
      ++level;
      at_head = true;
    } else {
      mapping[level].push_back(to_factor(word));
    }
  }
  if (at_head || level + 1 != mapping.size()) {
    throw std::invalid_argument("the mapping does not have four levels");
  }
  return mapping;
}

std::vector<GemminiRow> read_gemmini_rows(const std::filesystem::path& file) {
  return collect_rows(file, to_row);
}

Problem problem_of(const GemminiRow& row) {
  ConvShape shape{
      .name = fmt::format("row {}", row.line), .batch = row.n, .in_channels = row.c, .out_channels = row.k};
  shape.in_h = (row.p - 1) * row.stride_p + row.r;
  shape.in_w = (row.q - 1) * row.stride_q + row.s;
  shape.kernel_h = row.r;
  shape.kernel_w = row.s;
  shape.stride_h = row.stride_p;
  shape.stride_w = row.stride_q;
  Problem problem = make_conv(shape);
  for (TensorShape& tensor : problem.tensors) {
    tensor.bits = kWordBits;
  }
  return problem;
}

Accelerator accelerator_of(const GemminiRow& row) {
  Accelerator accelerator;
  accelerator.name = "gemmini-like";
  StorageLevel dram = level_of(memory_of("DRAM", {true, true, true}, kWordBits, std::nullopt, 8));
  dram.memories.front().kind = MemoryKind::kDram;
  StorageLevel scratchpad = level_of(memory_of("scratchpad", {true, true, false}, kWordBits,
                                               row.scratchpad_bytes, row.scratchpad_bandwidth));
  scratchpad.fanout.x = row.array_dim;
  StorageLevel accumulator = level_of(memory_of("accumulator", {false, false, true}, kAccumulatorBits,
                                                row.accumulator_words, row.accumulator_bandwidth));
  accumulator.memories.front().accumulator_width = Bits(kAccumulatorBits);
  accumulator.fanout.y = row.array_dim;
  StorageLevel weight = level_of(memory_of("register", {true, false, false}, kWordBits, 1, 0));
  accelerator.levels = {dram, scratchpad, accumulator, weight};
  return accelerator;
}

Mapping mapping_of(const GemminiRow& row, const Problem& problem) {
  Mapping mapping;
  mapping.levels.resize(row.mapping.size());
  mapping.levels[0].keep = {true, true, true};
  mapping.levels[1].keep = {true, true, false};
  mapping.levels[2].keep = {false, false, true};
  mapping.levels[3].keep = {true, false, false};
  for (std::size_t level = 0; level < row.mapping.size(); ++level) {
    for (const GemminiFactor& factor : row.mapping[level]) {
      const int dim = problem.dim(std::string(1, factor.dim));
      if (factor.bound == 1) {
        continue;
      }
      if (factor.spatial) {
        const Axis axis = level == 1 ? Axis::kX : Axis::kY;
        mapping.levels[level].spatial.push_back({dim, factor.bound, axis});
      } else {
        mapping.levels[level].temporal.push_back({dim, factor.bound});
      }
    }
  }
  return mapping;
}

}  // namespace weft::validation
