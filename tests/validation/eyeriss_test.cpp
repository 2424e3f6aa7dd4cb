// Are the mapping files of the chip's layers the ones that its table gives, and does each part of the
// comparison with the chip carry weight? SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "validation/in_child.hpp"
#include "validation/row_stationary.hpp"
#include "workload/import.hpp"

namespace weft::validation {
namespace {

const std::filesystem::path kTable = WEFT_SOURCE_DIR "/configs/validation/eyeriss_alexnet.csv";

Accelerator machine() {
  return load_accelerator_file(WEFT_SOURCE_DIR "/configs/arch/eyeriss.yaml");
}

TEST(Eyeriss, MappingFilesAreThoseOfTheTable) {
  const Accelerator accelerator = machine();
  const Network network = load_network_yaml(WEFT_SOURCE_DIR "/configs/network/alexnet_jssc.yaml");
  const std::vector<RowStationaryRow> rows = read_row_stationary(kTable);
  ASSERT_EQ(rows.size(), network.layers.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Problem problem = problem_of(rows[i], 16);
    EXPECT_TRUE(same_shape(problem_of(rows[i], 8), *network.layers[i].problem)) << rows[i].layer;
    const Mapping file =
        load_mapping(WEFT_SOURCE_DIR "/configs/mapping/eyeriss_alexnet_jssc_" + rows[i].layer + ".yaml",
                     problem, accelerator);
    EXPECT_EQ(file, mapping_of(rows[i], problem, accelerator, kTable)) << rows[i].layer;
  }
}

// 4 register accesses per MAC: an input, a weight, a partial sum read and written (Y.-H. Chen, J. Emer, V.
// Sze, ISCA 2016, figure 10: RF = 4 x ALU in every layer).
TEST(Eyeriss, PadsAreAccessedFourTimesPerMac) {
  const Accelerator accelerator = machine();
  for (const RowStationaryRow& row : read_row_stationary(kTable)) {
    const Problem problem = problem_of(row, 16);
    const ActionCounts counts =
        count_actions(mapping_of(row, problem, accelerator, kTable), problem, accelerator);
    std::int64_t words = 0, first = 0;
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      words += counts.levels[2].tensors[r].reads + counts.levels[2].tensors[r].updates;
    }
    // The first sum of a residency has nothing to be added to: read in that paper, elided here.
    const auto& sums = counts.levels[2].tensors[static_cast<std::size_t>(index_of(Role::kOutputs))];
    first = sums.updates - sums.reads;
    EXPECT_EQ(words + first, 4 * counts.macs) << row.layer;
  }
}

// Without the additions that cost the adder a cycle, the latencies are those of the products alone.
TEST(Eyeriss, AccumulationCostsTheTimeOfItsAdditions) {
  Accelerator accelerator = machine();
  std::vector<RowStationaryRow> rows = read_row_stationary(kTable);
  const Problem problem = problem_of(rows[4], 16);
  const Mapping mapping = mapping_of(rows[4], problem, accelerator, kTable);
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.ports = {};
      memory.read_bandwidth.reset();
      memory.write_bandwidth.reset();
      memory.shared_bandwidth.reset();
    }
  }
  const LowerOptions fine{.max_steps = std::int64_t{1} << 18};
  const std::int64_t with = simulated_cycles(accelerator, {lower(mapping, problem, accelerator, fine)})[0];
  accelerator.compute.accumulate_cycles = 0;
  const std::int64_t without = simulated_cycles(accelerator, {lower(mapping, problem, accelerator, fine)})[0];
  // 256 passes x 4 images x 13 columns x 16 filters, each sum once.
  EXPECT_EQ(with - without, 256 * 4 * 13 * 16);
}

TEST(Eyeriss, RowsThatNoArrayRunsAreRefused) {
  std::vector<RowStationaryRow> rows = read_row_stationary(kTable);
  const Accelerator accelerator = machine();
  const Problem problem = problem_of(rows[4], 16);
  rows[4].r = 4;  // 3 x 4 x 2 rows
  EXPECT_THROW((void)mapping_of(rows[4], problem, accelerator, kTable), ConfigError);
  rows[4].r = 2;
  rows[4].q = 6;  // 16 x 6 x 3 words of filters in 224
  EXPECT_THROW((void)mapping_of(rows[4], problem, accelerator, kTable), ConfigError);
}

}  // namespace
}  // namespace weft::validation
