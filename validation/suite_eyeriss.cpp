// AlexNet on the Eyeriss chip: what was measured beside what the same mapping does here.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "validation/in_child.hpp"
#include "validation/row_stationary.hpp"
#include "validation/suites.hpp"

namespace weft::validation {
namespace {

constexpr int kBits = 16;
constexpr double kBytes = kBits / 8.0;

// What the measurements call processing: transfers from and to DRAM hide under it.
Accelerator without_dram(Accelerator accelerator) {
  for (Memory& memory : accelerator.levels[0].memories) {
    memory.read_bandwidth.reset();
    memory.write_bandwidth.reset();
    memory.shared_bandwidth.reset();
  }
  for (Memory& memory : accelerator.levels[1].memories) {
    memory.buffering = Buffering::kBuffet;
  }
  return accelerator;
}

// Between buffer and array, MB: every input once per pass, every partial sum once down and once up, the first
// time too (the chip reads a zero then); neither filters, which go past the buffer, nor what comes from DRAM.
double buffer_megabytes(const ActionCounts& counts) {
  const LevelCounts& buffer = counts.levels[1];
  const std::int64_t words =
      buffer.tensors[at(Role::kInputs)].reads + 2 * buffer.tensors[at(Role::kOutputs)].updates;
  return static_cast<double>(words) * kBytes * 1e-6;
}

double dram_megabytes(const ActionCounts& counts) {
  const LevelCounts& dram = counts.levels[0];
  std::int64_t words = 0;
  for (const TensorCounts& tensor : dram.tensors) {
    words += tensor.reads + tensor.updates;
  }
  return static_cast<double>(words) * kBytes * 1e-6;
}

struct Chip {
  Series pes{.title = "active PEs", .unit = "PEs"};
  Series inputs{.title = "inputs held in the buffer", .unit = "KB"};
  Series psums{.title = "partial sums held in the buffer", .unit = "KB"};
  Series traffic{.title = "buffer accesses", .unit = "MB"};
  Series processing{.title = "processing latency", .unit = "ms"};
  Series total{.title = "total latency, tensors uncompressed in DRAM", .unit = "ms"};
  Series dram{.title = "DRAM accesses, uncompressed", .unit = "MB"};

  void count(const RowStationaryRow& row, const Problem& problem, const Mapping& mapping,
             const Accelerator& accelerator) {
    const ActionCounts counts = count_actions(mapping, problem, accelerator);
    pes.rows.push_back(
        {row.layer, static_cast<double>(row.active_pes), static_cast<double>(counts.compute_units_used)});
    const auto kilobytes = [&](Role role) {
      return static_cast<double>(tile_words(mapping, problem, role, 1)) * kBytes / 1024;
    };
    if (row.ifmap_kb > 0) {
      inputs.rows.push_back({row.layer, row.ifmap_kb, kilobytes(Role::kInputs)});
    }
    if (row.psum_kb > 0) {
      psums.rows.push_back({row.layer, row.psum_kb, kilobytes(Role::kOutputs)});
    }
    traffic.rows.push_back({row.layer, row.glb_mb, buffer_megabytes(counts)});
    dram.rows.push_back({row.layer, row.dram_mb, dram_megabytes(counts)});
    dram.notes.push_back(fmt::format("{:g} % of the inputs are zero", row.zeros));
  }

  [[nodiscard]] std::vector<Series> all() const {
    std::vector<Series> series;
    for (const Series* each : {&pes, &inputs, &psums, &traffic, &processing, &total, &dram}) {
      if (!each->rows.empty()) {
        series.push_back(*each);
        series.back().truth = Truth::kSilicon;
        series.back().source = "Y.-H. Chen et al., IEEE JSSC 52(1), 2017, tables III and V";
      }
    }
    return series;
  }
};

double milliseconds(std::int64_t cycles, const Accelerator& accelerator) {
  return static_cast<double>(cycles) / accelerator.clock.count() * 1e3;
}

void add_latencies(Chip& chip, const std::vector<RowStationaryRow>& rows,
                   const std::vector<Program>& programs, const Accelerator& accelerator) {
  const auto hidden = simulated_cycles(without_dram(accelerator), programs);
  const auto whole = simulated_cycles(accelerator, programs);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    chip.processing.rows.push_back(
        {rows[i].layer, rows[i].processing_ms, milliseconds(hidden[i], accelerator)});
    chip.total.rows.push_back({rows[i].layer, rows[i].total_ms, milliseconds(whole[i], accelerator)});
  }
}

}  // namespace

SuiteResult run_eyeriss(const SuiteOptions& options) {
  const std::filesystem::path file = table_of(options, "eyeriss_alexnet.csv");
  const Accelerator accelerator = load_accelerator("eyeriss");
  const std::vector<RowStationaryRow> rows = read_row_stationary(file);
  Chip chip;
  std::vector<Program> programs;
  for (const RowStationaryRow& row : rows) {
    const Problem problem = problem_of(row, kBits);
    const Mapping mapping = mapping_of(row, problem, accelerator, file);
    chip.count(row, problem, mapping, accelerator);
    programs.push_back(lower(mapping, problem, accelerator, {.max_steps = std::int64_t{1} << 18}));
  }
  add_latencies(chip, rows, programs, accelerator);
  SuiteResult result;
  result.machine = "eyeriss, the simulator, the published row-stationary mappings";
  result.series = chip.all();
  const Tolerance printed{.last_digit = 0.051};
  result.claims = {all_equal(chip.pes), all_equal(chip.psums, printed), all_equal(chip.traffic, printed),
                   mean_within(chip.processing, 0.10), worst_within(chip.processing, 0.16)};
  if (!chip.inputs.rows.empty()) {
    result.claims.push_back(all_equal(chip.inputs, printed));
  }
  result.informed =
      "processing latency: one mechanism of the preset, the cycle in which a PE adds the partial sum of its "
      "neighbour, was "
      "chosen with these rows in view (the paper shows the adder, not its cycle); no number was fitted. "
      "conv3's mapping was "
      "taken from conv4 because of the buffer accesses measured";
  result.not_modelled = {
      "the zeros' run-length coding of the chip's DRAM traffic in these numbers: the measured MB are after "
      "it, ours before",
      "partial sums that enter a pad while others leave it: here a pad waits until a tile has left",
      "time to load the filters of a pass where it does not hide under the pass before",
      "power: the JSSC tables give the chip's, our laws are not calibrated to it"};
  return result;
}

}  // namespace weft::validation
