// The rows of the DOSA study's data set for Gemmini-like accelerators (github.com/ucb-bar/dosa, BSD-2):
// layer, hardware and mapping as that file states them, and the same three things as ours.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/mapping.hpp"
#include "validation/comparison.hpp"
#include "workload/problem.hpp"

namespace weft::validation {

// One factor of a mapping string: "K16" or, spread over the level's fan-out, "K2X".
struct GemminiFactor {
  char dim = 'N';
  std::int64_t bound = 1;
  bool spatial = false;
};

// Levels outermost first (DRAM, scratchpad, accumulator, register), factors outermost first.
using GemminiMapping = std::array<std::vector<GemminiFactor>, 4>;

struct GemminiRow {
  std::int64_t line = 0;    // of the file
  std::int64_t cycles = 0;  // Timeloop's
  std::string mapping_text;
  GemminiMapping mapping;
  std::int64_t array_dim = 1;          // PEs along a side
  std::int64_t accumulator_words = 1;  // under each column
  double accumulator_bandwidth = 1;    // words per cycle, reads and writes together
  std::int64_t scratchpad_bytes = 1;
  double scratchpad_bandwidth = 1;
  std::int64_t n = 1, k = 1, c = 1, p = 1, q = 1, r = 1, s = 1;
  std::int64_t stride_p = 1, stride_q = 1;
};

// Throws ConfigError (bad-table, with the line) for anything that is not such a table.
[[nodiscard]] std::vector<GemminiRow> read_gemmini_rows(const std::filesystem::path& file);
// "L3[WIO] C4 K16 - L2[WI] N1 K2X - L1[O] K2 - L0[W] P8". Throws std::invalid_argument.
[[nodiscard]] GemminiMapping parse_gemmini_mapping(std::string_view text);

// Eight-bit words, accumulated in 32 bits.
[[nodiscard]] Problem problem_of(const GemminiRow& row);
// DRAM 8 words per cycle; scratchpad for weights and inputs, columns below it; accumulators for outputs,
// rows below them; one weight register in each PE. Every bandwidth is shared by reads and writes.
[[nodiscard]] Accelerator accelerator_of(const GemminiRow& row);
[[nodiscard]] Mapping mapping_of(const GemminiRow& row, const Problem& problem);

// The conventions of the Timeloop of that study: as today's, but the first visit of an accumulator word is
// a write too.
[[nodiscard]] EvaluateOptions study_conventions();
// Cycles of all rows. Throws ConfigError (bad-table) for a row whose mapping its machine cannot run.
[[nodiscard]] std::vector<Comparison> compare_cycles(const std::filesystem::path& table,
                                                     const EvaluateOptions& options);

}  // namespace weft::validation
