// Layers as a row-stationary chip ran them: shape, mapping parameters and measurements of a published row,
// and the same layer as a problem and a mapping of ours. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "dataflow/mapping.hpp"
#include "workload/problem.hpp"

namespace weft::validation {

// Letters as in Y.-H. Chen et al., IEEE JSSC 52(1), 2017, table III; c and filters (M there) per group. `h`
// is the side of the padded input, padding counts as words.
struct RowStationaryRow {
  int line = 0;  // of the file
  std::string layer;
  std::int64_t batch = 1, groups = 1;                             // N, G
  std::int64_t h = 1, kernel = 1, e_out = 1, c = 1, filters = 1;  // H, R, E, C, M
  std::int64_t stride = 1;                                        // U
  std::int64_t m = 1, n = 1, e = 1, p = 1, q = 1, r = 1, t = 1;   // a processing pass
  double ifmap_kb = 0, psum_kb = 0;                               // footprints in the buffer; 0: not printed
  std::int64_t active_pes = 0;
  double power_mw = 0, total_ms = 0, processing_ms = 0, zeros = 0, glb_mb = 0, dram_mb = 0;
};
// Columns as in configs/validation/eyeriss_alexnet.csv. Throws ConfigError (bad-table).
[[nodiscard]] std::vector<RowStationaryRow> read_row_stationary(const std::filesystem::path& file);

[[nodiscard]] Problem problem_of(const RowStationaryRow& row, int bits);
// Levels DRAM, buffer with the array below it, pads: n x m partial-sum planes and n x q r input planes in the
// buffer; a pass takes p t filters and q r channels; PE sets of R x e, wider ones folded over the rows; t
// over the rows as far as they go, then over the columns. Throws ConfigError (bad-table) when the array is
// too small.
[[nodiscard]] Mapping mapping_of(const RowStationaryRow& row, const Problem& problem,
                                 const Accelerator& accelerator, const std::filesystem::path& file);

}  // namespace weft::validation
