// Gemmini's RTL cycles as the DOSA study measured them with FireSim (github.com/ucb-bar/dosa, BSD-2): layer,
// mapping and cycles as the rows state them, and the same layer and the same tiles as a problem and a mapping
// of ours, with the loops inside a tile as the machine runs them. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "validation/comparison.hpp"
#include "validation/gemmini_rows.hpp"

namespace weft::validation {

struct GemminiRtlRow {
  std::int64_t line = 0;  // of the file
  std::string set;        // which of the study's predictors chose hardware and mapping
  GemminiRow stated;      // the layer and the mapping; cycles are Timeloop's
  std::int64_t rtl_cycles = 0;
};

// Columns set, R, S, P, Q, C, K, stride, timeloop_cycles, rtl_cycles, mapping (others are ignored). Throws
// ConfigError (bad-table, with the line) for anything that is not such a table.
[[nodiscard]] std::vector<GemminiRtlRow> read_gemmini_rtl_rows(const std::filesystem::path& file);

// The study calls columns of the image P and rows Q, which are Q and P here; so R and S. The input has P x
// stride columns and is padded by half a kernel on all sides, as the study's program does.
[[nodiscard]] Problem executed_problem(const GemminiRtlRow& row);
// Throws std::invalid_argument for two loops over tiles of one dim. Loops over tiles as stated; inside a tile
// the order of the machine's tile loops: 16 filters, kernel rows, kernel columns, 16 channels, then image
// rows and columns with the same weights.
[[nodiscard]] Mapping executed_mapping(const GemminiRtlRow& row, const Problem& problem);

// Who predicts the RTL's cycles how well, row by row.
struct RtlCycles {
  std::vector<std::string> sets;  // of the rows
  std::vector<Comparison> simulated, modelled, timeloop;
};
// `set`: rows of this set only; empty: all. Throws ConfigError (bad-table) for a row whose mapping the
// machine cannot run.
[[nodiscard]] RtlCycles compare_rtl_cycles(const Accelerator& accelerator, const std::filesystem::path& table,
                                           const std::string& set = "");
[[nodiscard]] std::vector<Comparison> of_set(const RtlCycles& rows, const std::string& set);

}  // namespace weft::validation
