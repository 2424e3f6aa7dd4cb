// Are spaces read as written, printed as understood, and refused with all their problems?
// SPDX-License-Identifier: Apache-2.0
#include "dse/space.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "dse/space_template.hpp"

namespace weft {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::filesystem::path space_file() {
  return configs_dir() / "space" / "quickstart.yaml";
}

std::string quickstart_text() {
  std::ifstream stream(space_file());
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::set<std::string> codes_of(const std::string& text) {
  try {
    (void)parse_space(text, space_file());
  } catch (const ConfigError& error) {
    std::set<std::string> codes;
    for (const Diagnostic& diagnostic : error.diagnostics()) {
      codes.insert(diagnostic.code);
    }
    return codes;
  }
  return {};
}

TEST(Space, EveryPresetLoadsAndPrintsWhatItRead) {
  ASSERT_FALSE(space_presets().empty());
  for (const auto& [name, summary] : space_presets()) {
    const DesignSpace space = load_space(name);
    const DesignSpace again = parse_space(print_yaml(space), configs_dir() / "space" / "printed.yaml");
    EXPECT_EQ(print_yaml(space), print_yaml(again));
    EXPECT_EQ(space.template_text, again.template_text);
    const Genome last = [&] {
      Genome genome;
      for (std::size_t gene = 0; gene < space.genes(); ++gene) {
        genome.push_back(space.choices(gene) - 1);
      }
      return genome;
    }();
    EXPECT_EQ(print_yaml(accelerator_of(space, last)), print_yaml(accelerator_of(again, last)));
  }
}

TEST(Space, KnobsReachTheAccelerator) {
  const DesignSpace space = load_space("quickstart");
  EXPECT_EQ(space.choices(0), 22);
  EXPECT_DOUBLE_EQ(space.size(), 22.0 * 6 * 6 * 6 * 2 * 4 * 3 * 3);
  Genome genome(space.genes(), 0);
  genome[2] = 5;  // pe_y: 32
  genome[7] = 1;  // dataflow: output-stationary
  const Accelerator accelerator = accelerator_of(space, genome);
  EXPECT_EQ(accelerator.levels[1].fanout.x, 4);
  EXPECT_EQ(accelerator.levels[1].fanout.y, 32);
  EXPECT_EQ(accelerator.levels[1].fanout.allowed_dims[0], (std::vector<std::string>{"positions"}));
}

TEST(Space, ReportsEveryProblem) {
  const std::string text = quickstart_text();
  EXPECT_EQ(codes_of(text), (std::set<std::string>{}));
  EXPECT_THAT(codes_of(replaced(text, "population:", "populaton:")), Contains("unknown-key"));
  EXPECT_THAT(codes_of(replaced(text, "area: 4 mm2", "area: 4")), Contains("bad-unit"));
  EXPECT_THAT(codes_of(replaced(text, "latency, energy]", "latency, entropy]")), Contains("unknown-name"));
  EXPECT_THAT(codes_of(replaced(text, "[16 B, 64 B, 256 B]", "[]")), Contains("bad-knob"));
  EXPECT_THAT(codes_of(replaced(text, "[4, 8, 12, 16, 24, 32]", "[4, 4]")), Contains("duplicate-name"));
  EXPECT_THAT(
      codes_of(replaced(text, "{x: \"[positions]\", y: \"[filters, groups]\"}", "{x: \"[positions]\"}")),
      Contains("bad-knob"));
  EXPECT_THAT(codes_of(replaced(text, "    pe_x:", "    pe_z: [1, 2]\n    pe_x:")), Contains("unused-knob"));
  EXPECT_THAT(codes_of(replaced(text, "    pe_x:", "    pe_z:")), Contains("unknown-placeholder"));
  EXPECT_THAT(codes_of(replaced(text, "edge_array.template", "edge_aray.template")),
              Contains("missing-file"));
  EXPECT_THAT(codes_of(replaced(text, "accuracy: mobilenet_v2 ", "accuracy: mobilenet_v9 ")),
              Contains("missing-file"));
  // Two at once.
  EXPECT_EQ(codes_of(replaced(replaced(text, "seed: 1", "seed: one"), "area: 4 mm2", "area: 4 V")).size(),
            2U);
}

TEST(Space, TriesEveryOption) {
  try {
    (void)parse_space(replaced(quickstart_text(), "256 KiB]", "256 kV]"), space_file());
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("bad-unit"));
    EXPECT_THAT(error.what(), HasSubstr("with buffer: 256 kV"));
  }
}

TEST(Space, AKnobThatArrangesTakesItemsInOrder) {
  std::string text = quickstart_text();
  text = replaced(text, "    dataflow:\n",
                  "    dims: {arrange: [filters, reduction, positions], take: 2}\n    dataflow:\n");
  const std::size_t from = text.find("    dataflow:\n");
  text.erase(from, text.find("constraints:") - from);
  std::string accelerator;
  std::ifstream stream(configs_dir() / "space" / "edge_array.template");
  accelerator.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  accelerator = replaced(accelerator, "${dataflow.x}, y: ${dataflow.y}", "[${dims.1}], y: [${dims.2}]");
  accelerator = replaced(accelerator, "${dataflow} spreading", "${dims}");
  const auto file = std::filesystem::path(::testing::TempDir()) / "weft_arrange.template";
  std::ofstream(file) << accelerator;
  const DesignSpace space = parse_space(replaced(text, "edge_array.template", file.string()),
                                        configs_dir() / "space" / "arrange.yaml");
  ASSERT_EQ(space.choices(space.genes() - 1), 6);
  Genome genome(space.genes(), 0);
  genome.back() = 3;  // filters-reduction filters-positions reduction-filters reduction-positions
  const Accelerator machine = accelerator_of(space, genome);
  EXPECT_EQ(machine.levels[1].fanout.allowed_dims[0], (std::vector<std::string>{"reduction"}));
  EXPECT_EQ(machine.levels[1].fanout.allowed_dims[1], (std::vector<std::string>{"positions"}));
  const DesignSpace again = parse_space(print_yaml(space), configs_dir() / "space" / "printed.yaml");
  EXPECT_EQ(print_yaml(again), print_yaml(space));
  EXPECT_EQ(print_yaml(accelerator_of(again, genome)), print_yaml(machine));
}

TEST(Space, AnAccuracyFloorDropsNetworks) {
  const DesignSpace space =
      parse_space(replaced(quickstart_text(), "area: 4 mm2", "area: 4 mm2\n  accuracy: 70"), space_file());
  EXPECT_EQ(space.choices(0), 4);  // 75.0 74.4 71.8 70.7
}

class AccuracyTable : public ::testing::Test {
 protected:
  std::vector<NetworkPoint> load(const std::string& text) {
    const auto file = std::filesystem::path(::testing::TempDir()) / "weft_accuracy_table.csv";
    std::ofstream(file) << text;
    return load_accuracy(file, network_families().at("mobilenet_v2"));
  }
};

TEST_F(AccuracyTable, ReadsRowsAndSkipsComments) {
  const auto points = load("# source\nwidth,resolution,top1\n1.0, 224 ,71.8\n\n0.5,96,51.2\n");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].parameters, (std::vector<double>{1.0, 224}));
  EXPECT_EQ(points[1].accuracy, 51.2);
}

TEST_F(AccuracyTable, NamesTheLineOfEveryProblem) {
  try {
    (void)load("width,resolution,top1\n1.0,224\n1.0,x,70\n1.0,96,101\n1.0,96,60\n1,96,61\n");
    FAIL();
  } catch (const ConfigError& error) {
    ASSERT_EQ(error.diagnostics().size(), 4U);
    EXPECT_EQ(error.diagnostics()[0].where.line, 2);
    EXPECT_EQ(error.diagnostics()[1].where.line, 3);
    EXPECT_EQ(error.diagnostics()[2].where.line, 4);
    EXPECT_EQ(error.diagnostics()[3].where.line, 6);
    EXPECT_EQ(error.diagnostics()[3].code, "duplicate-row");
  }
}

// The table that the accuracies are from gives millions of MACs too, cut to whole numbers.
TEST(Family, HasThePublishedSizes) {
  const NetworkFamily& family = network_families().at("mobilenet_v2");
  const std::vector<std::pair<std::vector<double>, std::int64_t>> published = {
      {{1.4, 224}, 582}, {{1.3, 224}, 509}, {{1.0, 224}, 300}, {{1.0, 96}, 56},   {{0.75, 224}, 209},
      {{0.75, 96}, 39},  {{0.5, 224}, 97},  {{0.5, 96}, 18},   {{0.35, 224}, 59}, {{0.35, 96}, 11}};
  for (const auto& [parameters, millions] : published) {
    EXPECT_EQ(macs(family.build(parameters)) / 1'000'000, millions) << parameters[0] << " " << parameters[1];
  }
  EXPECT_THROW((void)family.build({1.0, 7.5}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
