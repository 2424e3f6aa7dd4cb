// Do simulated cycles of ResNet-50 on nvdla_large agree with those of NVDLA's own performance model?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "mapper/mapper.hpp"
#include "tests/sim/forked.hpp"
#include "tests/validation/lib/comparison.hpp"

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

std::vector<SheetRow> read_sheet() {
  std::ifstream stream(WEFT_SOURCE_DIR "/tests/validation/data/nvdla_resnet50.csv");
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, "layer,C,H,K,R,pad,stride,U,residual_add,dram_cycles,mac_cycles");
  std::vector<SheetRow> rows;
  while (std::getline(stream, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream cells(line);
    SheetRow& row = rows.emplace_back();
    cells >> row.name >> row.c >> row.h >> row.k >> row.r >> row.pad >> row.stride >> row.u >>
        row.residual_add >> row.dram_cycles >> row.mac_cycles;
    EXPECT_FALSE(cells.fail()) << line;
  }
  return rows;
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

// Where the two are about the same thing: no Winograd, no stride that the sheet turns into channels, no fused
// pooling.
bool plain(const SheetRow& row) {
  return row.r == 1 && row.stride == 1 && row.u == row.h;
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
    const MapResult found = searches().at("default")(request);
    programs.push_back(lower(found.mapping.value(), problem, accelerator));
  }
  return programs;
}

TEST(Nvdla, PlainLayersTakeWhatTheVendorsModelSays) {
  Accelerator accelerator = load_accelerator("nvdla_large");
  accelerator.levels[0].memories[0].shared_bandwidth = BitsPerCycle(8 * kBytesPerCycle);
  const std::vector<SheetRow> rows = read_sheet();
  ASSERT_EQ(rows.size(), 54U);
  std::vector<std::size_t> program_of;
  const auto measured = testing::simulate(accelerator, map_and_lower(rows, accelerator, program_of));
  double ours = 0, theirs = 0;
  std::vector<Comparison> alike;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SheetRow& row = rows[i];
    const auto sheet = static_cast<double>(row.cycles());
    const double cycles = static_cast<double>(measured[program_of[i]].cycles) + addition_cycles(row);
    ours += cycles;
    theirs += sheet;
    std::cout << fmt::format("{:16} sheet {:7.0f} ({}) ours {:8.0f} {:+6.1f} % {}\n", row.name, sheet,
                             row.dram_cycles > row.mac_cycles ? "DRAM" : "MACs", cycles,
                             100 * (cycles / sheet - 1), plain(row) ? "plain" : "");
    if (plain(row)) {
      alike.push_back({row.name, sheet, cycles});
    }
  }
  std::cout << fmt::format("sum: sheet {:.0f}, ours {:.0f} ({:+.1f} %)\nplain layers: {}\n", theirs, ours,
                           100 * (ours / theirs - 1), summary(agreement(alike, 0.05), 0.05))
            << fmt::format("mean error {:.2f} %\n", 100 * mean_error(alike));
  EXPECT_EQ(alike.size(), 30U);
  EXPECT_LE(agreement(alike, 0.05).worst, 0.08);
  EXPECT_LE(mean_error(alike), 0.03);
}

}  // namespace
}  // namespace weft::validation
