// Do the parts that are shown add up to the energy that is reported, each with a source?
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/explain.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "base/error.hpp"
#include "energy_model/reference_table.hpp"
#include "mapper/mapper.hpp"

namespace weft {
namespace {

Problem layer() {
  return make_conv({.name = "c",
                    .in_channels = 8,
                    .out_channels = 8,
                    .in_h = 10,
                    .in_w = 10,
                    .kernel_h = 3,
                    .kernel_w = 3,
                    .pad_top = 1,
                    .pad_left = 1});
}

TEST(Explain, PartsAddUpOnEveryPreset) {
  for (const char* energies : {"default_45nm", "eyeriss_ratios"}) {
    const EnergyTable table = EnergyTable::load(energies);
    for (const auto& [name, summary] : accelerator_presets()) {
      const Accelerator accelerator = load_accelerator(name);
      const Problem problem = layer();
      MapRequest request{
          .problem = &problem, .accelerator = &accelerator, .table = &table, .model = EvaluateOptions{}};
      request.max_evaluations = 40;
      const MapResult mapped = searches().at("constructive")(request);
      ASSERT_TRUE(mapped.mapping) << name;
      double sum = 0;
      for (const EnergyPart& part :
           explain(mapped.evaluation.counts, accelerator, table, problem, mapped.evaluation.timing.cycles)) {
        EXPECT_FALSE(part.source.empty()) << name << ' ' << part.component << ' ' << part.action;
        EXPECT_GT(part.count, 0);
        EXPECT_DOUBLE_EQ(part.total_pj, part.count * part.each_pj);
        sum += part.total_pj;
      }
      EXPECT_NEAR(sum, mapped.energy.total, 1e-9 * mapped.energy.total) << name << ' ' << energies;
    }
  }
}

TEST(Explain, SaysWhichPricesAreStatedAndWhereALawEnds) {
  const Accelerator accelerator = parse_accelerator(R"(accelerator: demo
clock: 1 GHz
technology: 28 nm
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b, energy: {read: 100 pJ}}
  - name: buffer
    memory: {capacity: 64 MiB}
)",
                                                    "demo.yaml");
  const Problem problem = layer();
  const EnergyTable table = EnergyTable::load("default_45nm");
  ActionCounts counts;
  counts.levels.resize(2);
  counts.levels[0].tensors[0].reads = 64;
  counts.levels[1].tensors[0].fills = 64;
  counts.macs = 10;
  const std::vector<EnergyPart> parts = explain(counts, accelerator, table, problem, 0);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].source, "stated by the accelerator file");
  EXPECT_DOUBLE_EQ(parts[0].count, 8);  // eight words of 8 bits in an access of 64
  EXPECT_DOUBLE_EQ(parts[0].total_pj, 800);
  EXPECT_NE(parts[1].range.find("outside"), std::string::npos) << parts[1].range;
  EXPECT_NE(parts[1].source.find("scaled from 45 nm"), std::string::npos) << parts[1].source;
  EXPECT_EQ(parts[2].action, "MAC of 8 b and 8 b");
}

TEST(ReferenceTables, StandInForTheAcceleratorsEnergies) {
  const auto file = std::filesystem::temp_directory_path() / "weft_reference_table.yaml";
  std::ofstream(file) << R"(ERT:
  version: 0.4
  tables:
    - name: chip.PE[0..3].GLB
      actions:
        - {name: read, arguments: {address_delta: 0}, energy: 1.5}
        - {name: read, arguments: {address_delta: 1}, energy: 7}
        - {name: write, energy: 3}
        - {name: leak, energy: 0.25}
    - {name: chip.mac, actions: [{name: compute, energy: 0.5}]}
    - {name: chip.router, actions: [{name: transfer, energy: 9}]}
)";
  ASSERT_TRUE(is_reference_table(file));
  const ReferencedAccelerator taken = with_reference_table(load_accelerator("eyeriss"), file);
  const Memory& buffer = taken.accelerator.levels[1].memories[0];
  EXPECT_EQ(buffer.energy.read, Picojoules(7)) << "the dearest of several";
  EXPECT_EQ(buffer.energy.write, Picojoules(3));
  EXPECT_EQ(buffer.energy.leak, Picojoules(0.25));
  EXPECT_FALSE(buffer.energy.drain.has_value());
  EXPECT_EQ(taken.accelerator.compute.energy, Picojoules(0.5));
  EXPECT_EQ(taken.unused, std::vector<std::string>{"router"});
  Accelerator other = load_accelerator("eyeriss");
  other.compute.name = "unit";
  other.levels[1].memories[0].name = "buffer";
  EXPECT_THROW((void)with_reference_table(other, file), ConfigError);
  EXPECT_FALSE(is_reference_table("eyeriss_ratios"));
  EXPECT_FALSE(is_reference_table(resolve_config("energy", "energy table", "default_45nm")));
}

TEST(ReferenceTables, AreasStandInForThoseOfTheLaws) {
  const auto file = std::filesystem::temp_directory_path() / "weft_area_table.yaml";
  std::ofstream(file) << R"(ART:
  version: 0.4
  tables:
    - {name: "chip.GLB[1..1]", area: 1000000}
    - {name: "chip.PE[1..168].mac", area: 500}
    - {name: chip.router, area: 7}
)";
  ASSERT_TRUE(is_reference_table(file));
  const Accelerator eyeriss = load_accelerator("eyeriss");
  const ReferencedAccelerator taken = with_reference_table(eyeriss, file);
  EXPECT_EQ(taken.unused, std::vector<std::string>{"router"});
  const AreaReport ours = area(eyeriss, EnergyTable::load("default_45nm"));
  const AreaReport stated = area(taken.accelerator, EnergyTable::load(file.string()));
  EXPECT_EQ(stated.levels[1], 1e6);
  EXPECT_EQ(stated.compute, 168 * 500.0);
  EXPECT_EQ(stated.levels[2], ours.levels[2]) << "the pads are not in the table";
  EXPECT_EQ(taken.without_area.size(), eyeriss.levels[2].memories.size());
}

}  // namespace
}  // namespace weft
