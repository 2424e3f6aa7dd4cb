// Simulated cycles of ResNet-50 beside those of NVDLA's own performance model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "dataflow/lower.hpp"
#include "mapper/mapper.hpp"
#include "validation/csv.hpp"
#include "validation/in_child.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

// The sheet divides KiB by GB/s as if both were counted in powers of ten: its 10 GB/s at 1 GHz move this
// much.
constexpr double kBytesPerCycle = 10.24;

// A layer as the vendor's sheet has it: 2048 MACs, 512 KiB of buffer, 10 GB/s at 1 GHz.
struct SheetRow {
  std::string name;
  std::int64_t c = 1, h = 1, k = 1, r = 1, pad = 0, stride = 1;
  std::int64_t u = 1;  // side of the outputs, after pooling where it is fused
  std::int64_t residual_add = 0, dram_cycles = 0, mac_cycles = 0;
  [[nodiscard]] std::int64_t cycles() const { return std::max(dram_cycles, mac_cycles); }
};

std::vector<SheetRow> read_sheet(const std::filesystem::path& file) {
  return collect_rows(file, [](const CsvRow& cells, int /*line*/) {
    return SheetRow{.name = cells.text("layer"),
                    .c = cells.positive("C"),
                    .h = cells.positive("H"),
                    .k = cells.positive("K"),
                    .r = cells.positive("R"),
                    .pad = cells.integer("pad"),
                    .stride = cells.positive("stride"),
                    .u = cells.positive("U"),
                    .residual_add = cells.integer("residual_add"),
                    .dram_cycles = cells.integer("dram_cycles"),
                    .mac_cycles = cells.integer("mac_cycles")};
  });
}

Problem problem_of(const SheetRow& row) {
  const std::int64_t pad = row.pad != 0 ? row.r / 2 : 0;
  return make_conv({.name = row.name,
                    .in_channels = row.c,
                    .out_channels = row.k,
                    .in_h = row.h,
                    .in_w = row.h,
                    .kernel_h = row.r,
                    .kernel_w = row.r,
                    .stride_h = row.stride,
                    .stride_w = row.stride,
                    .pad_top = pad,
                    .pad_left = pad,
                    .pad_bottom = pad,
                    .pad_right = pad});
}

// Words of outputs over the sheet's bandwidth: what its residual additions read once more.
double addition_cycles(const SheetRow& row) {
  return row.residual_add != 0 ? static_cast<double>(row.u * row.u * row.k) / kBytesPerCycle : 0;
}

// Why the two are not about the same thing; empty: they are.
std::string difference(const SheetRow& row) {
  return row.r == 3        ? "Winograd there"
         : row.stride != 1 ? "stride turned into channels there"
         : row.u != row.h  ? "pooling fused there"
                           : "";
}

std::vector<Program> map_and_lower(const std::vector<SheetRow>& rows, const Accelerator& accelerator,
                                   std::vector<std::size_t>& program_of) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  std::map<std::vector<std::int64_t>, std::size_t> known;
  std::vector<Program> programs;
  for (const SheetRow& row : rows) {
    const auto [at, fresh] =
        known.try_emplace({row.c, row.h, row.k, row.r, row.pad, row.stride}, programs.size());
    program_of.push_back(at->second);
    if (!fresh) {
      continue;
    }
    const Problem problem = problem_of(row);
    MapRequest request;
    request.problem = &problem;
    request.accelerator = &accelerator;
    request.table = &table;
    request.objective = Objective::kLatency;
    const MapResult found = searches().at("constructive")(request);
    WEFT_ENSURE(found.mapping, "the preset maps every convolution");
    programs.push_back(lower(*found.mapping, problem, accelerator));
  }
  return programs;
}

}  // namespace

SuiteResult run_nvdla(const SuiteOptions& options) {
  Accelerator accelerator = load_accelerator("nvdla_large");
  accelerator.levels[0].memories[0].shared_bandwidth = BitsPerCycle(8 * kBytesPerCycle);
  const std::vector<SheetRow> rows = read_sheet(table_of(options, "nvdla_resnet50.csv"));
  std::vector<std::size_t> program_of;
  const auto cycles = simulated_cycles(accelerator, map_and_lower(rows, accelerator, program_of));
  Series alike{.title = "layers about the same thing",
               .unit = "cycles",
               .source = "github.com/nvdla/hw, perf/NVDLA_OpenSource_Performance.xlsx",
               .ranked = true};
  Series others = alike;
  others.title = "layers that the sheet computes in another way";
  Comparison sum{"sum of all layers", 0, 0};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto sheet = static_cast<double>(rows[i].cycles());
    const double ours = static_cast<double>(cycles[program_of[i]]) + addition_cycles(rows[i]);
    sum.reference += sheet;
    sum.ours += ours;
    const std::string why = difference(rows[i]);
    Series& to = why.empty() ? alike : others;
    to.rows.push_back({rows[i].name, sheet, ours});
    to.notes.push_back(!why.empty()                               ? why
                       : rows[i].dram_cycles > rows[i].mac_cycles ? "DRAM binds there"
                                                                  : "MACs bind there");
  }
  Series whole = alike;
  whole.title = "whole network";
  whole.rows = {sum};
  whole.notes.clear();
  SuiteResult result;
  result.machine = "nvdla_large with 10.24 B/cycle, the simulator, our best mappings for latency";
  result.series = {alike, others, whole};
  if (!alike.rows.empty()) {
    result.claims = {mean_within(alike, 0.03), worst_within(alike, 0.08)};
  }
  result.informed = "none";
  result.not_modelled = {"Winograd's transformation", "strides turned into channels",
                         "pooling fused behind a convolution"};
  return result;
}

}  // namespace weft::validation
