// Do the fitted predictors say what the authors' say, does fitting work, and do users' programs get a fair
// hearing? SPDX-License-Identifier: Apache-2.0
#include "dse/accuracy.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "dse/fit/fit.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;

// A network of one option of each gene, by name up to the digits: {"kernel", 2}.
Genome uniform(const NetworkSpace& space, const std::vector<std::pair<std::string, int>>& options) {
  Genome genome(space.genes().size(), 0);
  for (std::size_t gene = 0; gene < genome.size(); ++gene) {
    for (const auto& [stem, option] : options) {
      genome[gene] = space.genes()[gene].name.rfind(stem, 0) == 0 ? option : genome[gene];
    }
  }
  return genome;
}

// The authors' predictor evaluated at its corners: largest, middle and smallest sub-network at 160 to 224.
// Corners are outside what the fit has seen, so they are harder than the held-out networks.
TEST(Surrogate, FollowsTheAuthorsPredictorToTheCorners) {
  const auto space = supernets().at("ofa_mobilenet_v3").make(supernets().at("ofa_mobilenet_v3").genes);
  const auto model = load_surrogate(configs_dir() / "accuracy" / "ofa_mobilenet_v3.json", *space);
  const double expected[3][5] = {{75.312, 76.248, 77.044, 77.488, 77.739},
                                 {78.577, 79.891, 80.593, 81.324, 81.729},
                                 {80.75, 81.945, 82.712, 83.318, 83.593}};
  for (int size = 0; size < 3; ++size) {
    for (int resolution = 0; resolution < 5; ++resolution) {
      const Genome genome =
          uniform(*space, {{"resolution", resolution}, {"depth", size}, {"kernel", size}, {"expand", size}});
      EXPECT_NEAR(model->percent(*space, genome), expected[size][resolution], 0.8)
          << size << " " << resolution;
    }
  }
}

TEST(Surrogate, SaturatesWhereTheAuthorsDoes) {
  const auto space = supernets().at("ofa_resnet50").make(supernets().at("ofa_resnet50").genes);
  const auto model = load_surrogate(configs_dir() / "accuracy" / "ofa_resnet50.json", *space);
  const Genome largest =
      uniform(*space, {{"resolution", 7}, {"width", 2}, {"depth", 2}, {"expand", 2}, {"stem", 0}});
  EXPECT_DOUBLE_EQ(model->percent(*space, largest), 82.987);
  // Depth 0, expansion 1/4, width 1 at 128, 160, 192, 224.
  const double expected[4] = {78.046, 80.781, 81.724, 82.359};
  const int resolutions[4] = {0, 2, 4, 5};
  for (int i = 0; i < 4; ++i) {
    const Genome genome = uniform(*space, {{"resolution", resolutions[i]}, {"width", 2}, {"expand", 1}});
    EXPECT_NEAR(model->percent(*space, genome), expected[i], 0.4) << i;
  }
}

TEST(Surrogate, RefusesOtherGenesAndOtherFiles) {
  const auto space = supernets().at("ofa_resnet50").make(supernets().at("ofa_resnet50").genes);
  for (const char* file : {"ofa_mobilenet_v3.json", "mobilenet_v2.csv", "none.json"}) {
    EXPECT_THROW((void)load_surrogate(configs_dir() / "accuracy" / file, *space), ConfigError) << file;
  }
}

// A made-up truth of additive effects has to be found again; random tables must not look predictable.
TEST(Fit, FindsWhatThereIsToFind) {
  const Supernet& supernet = supernets().at("ofa_mobilenet_v3");
  const auto space = supernet.make(supernet.genes);
  const auto file = std::filesystem::path(::testing::TempDir()) / "weft_fit.csv";
  for (const bool real : {true, false}) {
    Rng rng(11);
    std::ofstream table(file);
    for (const NetworkGene& gene : supernet.genes) {
      table << gene.name << ",";
    }
    table << "top1\n";
    for (int row = 0; row < 400; ++row) {
      Genome genome;
      double accuracy = 0.6;
      for (const NetworkGene& gene : supernet.genes) {
        genome.push_back(static_cast<int>(rng.uniform(0, std::ssize(gene.values) - 1)));
        table << gene.values[static_cast<std::size_t>(genome.back())] << ",";
      }
      for (std::size_t gene = 0; gene < 6; ++gene) {
        accuracy += 0.01 * genome[gene];
      }
      table << (real ? accuracy : 0.6 + 0.1 * rng.unit()) << "\n";
    }
    table.close();
    fit::Request request;
    request.table = file;
    request.supernet = "ofa_mobilenet_v3";
    request.source = "a test";
    request.options.hidden = {16};
    request.options.epochs = 60;
    const fit::Fitted fitted = fit::fit_accuracy(request);
    EXPECT_EQ(fitted.held_out_rows, 40U);
    if (real) {
      EXPECT_GT(fitted.held_out.kendall, 0.8);
      EXPECT_THAT(fitted.json, HasSubstr("weft-mlp/1"));
    } else {
      EXPECT_LT(std::abs(fitted.held_out.kendall), 0.4);
    }
  }
}

// By hand: pairs agree, disagree, agree: tau = (2 - 1) / 3; ranks 1 2 3 and 1 3 2: rho = 1 - 6 * 2 / (3 * 8).
TEST(Fit, RankCorrelations) {
  const fit::Quality quality = fit::quality({1, 2, 3}, {1, 3, 2});
  EXPECT_NEAR(quality.kendall, 1.0 / 3, 1e-12);
  EXPECT_NEAR(quality.spearman, 0.5, 1e-12);
  EXPECT_NEAR(quality.mean_absolute, 2.0 / 3, 1e-12);
}

class Command : public ::testing::Test {
 protected:
  double ask(const std::string& command, int retries = 0, double timeout_s = 5) const {
    const auto model =
        command_accuracy({.command = command, .timeout_s = timeout_s, .retries = retries, .workers = 1});
    return model->percent(*space_, Genome(space_->genes().size(), 0));
  }
  std::string complaint(const std::string& command, double timeout_s = 5) const {
    try {
      (void)ask(command, 1, timeout_s);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }
  std::shared_ptr<const NetworkSpace> space_ =
      supernets().at("ofa_resnet50").make(supernets().at("ofa_resnet50").genes);
};

TEST_F(Command, GetsTheGenesAndIsBelieved) {
  EXPECT_DOUBLE_EQ(
      ask("while read -r line; do case \"$line\" in *'\"resolution\":128'*) echo '{\"accuracy\": "
          "71.5}';; *) echo '{\"accuracy\": 1}';; esac; done"),
      71.5);
}

TEST_F(Command, IsStartedAgainAfterFailures) {
  const auto flag = std::filesystem::path(::testing::TempDir()) / "weft_command_flag";
  std::filesystem::remove(flag);
  // The first run dies, the second answers.
  EXPECT_DOUBLE_EQ(ask("test -e " + flag.string() + " || { touch " + flag.string() +
                           "; exit 3; }; read -r line; echo '{\"accuracy\": 50}'",
                       1),
                   50);
}

TEST_F(Command, IsReportedWhenItDiesHangsOrPrintsRubbish) {
  EXPECT_THAT(complaint("exit 1"), HasSubstr("predictor-failed"));
  EXPECT_THAT(complaint("sleep 60", 0.1), HasSubstr("no answer within 0.1 s"));
  EXPECT_THAT(complaint("read -r line; echo rubbish"), HasSubstr("it answered 'rubbish'"));
  EXPECT_THAT(complaint("read -r line; echo '{\"accuracy\": 250}'"), HasSubstr("250"));
}

}  // namespace
}  // namespace weft
