// SPDX-License-Identifier: Apache-2.0
#include "validation/row_stationary.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/legality.hpp"
#include "validation/csv.hpp"

namespace weft::validation {
namespace {

constexpr std::size_t kDram = 0, kBuffer = 1, kPads = 2;

// Loops of bound 1 are left out.
struct Nest {
  const Problem& problem;
  Mapping mapping;

  void temporal(std::size_t level, const char* dim, std::int64_t bound) {
    if (bound > 1) {
      mapping.levels[level].temporal.push_back({problem.dim(dim), bound});
    }
  }
  void spatial(const char* dim, std::int64_t bound, Axis axis) {
    if (bound > 1) {
      mapping.levels[kBuffer].spatial.push_back({problem.dim(dim), bound, axis});
    }
  }
};

// The largest divisor of `t` that `room` instances have place for.
std::int64_t part_of(std::int64_t t, std::int64_t room) {
  std::int64_t part = std::min(t, std::max<std::int64_t>(1, room));
  while (t % part != 0) {
    --part;
  }
  return part;
}

}  // namespace

std::vector<RowStationaryRow> read_row_stationary(const std::filesystem::path& file) {
  return collect_rows(file, [](const CsvRow& cells, int line) {
    RowStationaryRow row;
    row.line = line;
    row.layer = cells.text("layer");
    const std::pair<const char*, std::int64_t*> sizes[] = {
        {"N", &row.batch}, {"G", &row.groups},  {"H", &row.h},      {"R", &row.kernel}, {"E", &row.e_out},
        {"C", &row.c},     {"M", &row.filters}, {"U", &row.stride}, {"m", &row.m},      {"n", &row.n},
        {"e", &row.e},     {"p", &row.p},       {"q", &row.q},      {"r", &row.r},      {"t", &row.t}};
    for (const auto& [name, to] : sizes) {
      *to = cells.positive(name);
    }
    const std::pair<const char*, double*> numbers[] = {
        {"ifmap_kb", &row.ifmap_kb},           {"psum_kb", &row.psum_kb}, {"power_mw", &row.power_mw},
        {"total_ms", &row.total_ms},           {"zeros", &row.zeros},     {"glb_mb", &row.glb_mb},
        {"processing_ms", &row.processing_ms}, {"dram_mb", &row.dram_mb}};
    for (const auto& [name, to] : numbers) {
      *to = cells.number(name);
    }
    row.active_pes = cells.integer("active_pes");
    if ((row.h - row.kernel) / row.stride + 1 != row.e_out || row.h < row.kernel) {
      throw std::invalid_argument(fmt::format("E: {} outputs do not follow from H, R and U", row.e_out));
    }
    return row;
  });
}

Problem problem_of(const RowStationaryRow& row, int bits) {
  Problem problem = make_conv({.name = row.layer,
                               .batch = row.batch,
                               .in_channels = row.c * row.groups,
                               .out_channels = row.filters * row.groups,
                               .in_h = row.h,
                               .in_w = row.h,
                               .kernel_h = row.kernel,
                               .kernel_w = row.kernel,
                               .stride_h = row.stride,
                               .stride_w = row.stride,
                               .groups = row.groups});
  for (TensorShape& tensor : problem.tensors) {
    tensor.bits = bits;
  }
  return problem;
}

Mapping mapping_of(const RowStationaryRow& row, const Problem& problem, const Accelerator& accelerator,
                   const std::filesystem::path& file) {
  const FanOut& array = accelerator.levels.at(kBuffer).fanout;
  Nest nest{problem, empty_mapping(accelerator)};
  nest.temporal(kDram, "G", row.groups);
  nest.temporal(kDram, "K", ceil_div(row.filters, row.m));
  nest.temporal(kDram, "N", ceil_div(row.batch, row.n));
  nest.temporal(kDram, "P", ceil_div(row.e_out, row.e));
  nest.temporal(kDram, "C", ceil_div(row.c, row.q * row.r));
  nest.temporal(kBuffer, "K", ceil_div(std::min(row.m, row.filters), row.p * row.t));
  nest.temporal(kBuffer, "N", row.n);
  nest.temporal(kBuffer, "Q", row.e_out);
  const std::int64_t folds = ceil_div(row.e, array.x);
  const std::int64_t set = row.kernel * folds * row.r;
  const std::int64_t down = part_of(row.t, array.y / std::max<std::int64_t>(1, set));
  nest.spatial("P", folds, Axis::kY);
  nest.spatial("K", row.t / down, Axis::kX);
  nest.spatial("P", std::min(row.e, array.x), Axis::kX);
  nest.spatial("K", down, Axis::kY);
  nest.spatial("C", row.r, Axis::kY);
  nest.spatial("R", row.kernel, Axis::kY);
  nest.temporal(kPads, "S", row.kernel);
  nest.temporal(kPads, "C", std::min(row.q, row.c));
  nest.temporal(kPads, "K", row.p);
  if (const auto obstacle = check(nest.mapping, problem, accelerator)) {
    throw ConfigError({file.string(), row.line, 1}, "bad-table", explain(*obstacle, problem, accelerator));
  }
  return nest.mapping;
}

}  // namespace weft::validation
