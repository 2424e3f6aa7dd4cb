// Is a study's folder enough to go on with it?
// SPDX-License-Identifier: Apache-2.0
#include "dse/study_file.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "dse/study.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// The quickstart with a network section and 8 evaluations.
void write_space(const fs::path& file, const std::string& network) {
  std::string text = read(configs_dir() / "space" / "quickstart.yaml");
  const std::size_t from = text.find("network:"), to = text.find("accelerator:");
  text.replace(from, to - from, "network: " + network + "\n\n");
  const std::size_t search = text.find("search: {kind");
  text.replace(search, std::string::npos, "search: {kind: random, evaluations: 8, population: 4, seed: 2}\n");
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

class StudyFile : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    // Tests run beside each other.
    root_ = fs::path(::testing::TempDir()) / ("weft_study_file_" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "mine" / "tables");
    std::ofstream(root_ / "mine" / "tables" / "small.csv")
        << "width,resolution,top1\n0.35,96,45.5\n0.35,128,50.8\n0.5,96,51.2\n";
    std::ofstream(root_ / "mine" / "bits.csv") << "weight_bits,top1\n8,70\n4,60\n";
    fs::copy_file(configs_dir() / "network" / "tiny_cnn.yaml", root_ / "mine" / "own_cnn.yaml");
    write_space(root_ / "mine" / "space.yaml", GetParam());
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] StudyRequest request(const fs::path& space, const std::string& folder) const {
    StudyRequest request;
    request.space = space.string();
    request.out = root_ / folder;
    request.simulate = false;
    return request;
  }
  fs::path root_;
};

TEST_P(StudyFile, IsEnoughToGoOnAndToBeginAgain) {
  (void)run_study(request(root_ / "mine" / "space.yaml", "out"));
  const std::string front = read(root_ / "out" / "front.csv");
  fs::remove(root_ / "mine" / "space.yaml");
  fs::remove_all(root_ / "mine" / "tables");
  fs::remove(root_ / "mine" / "bits.csv");

  StudyRequest resumed = request(root_ / "out" / "study.yaml", "out");
  resumed.resume = true;
  EXPECT_EQ(run_study(resumed).resumed, 8);
  EXPECT_EQ(read(root_ / "out" / "front.csv"), front);

  (void)run_study(request(root_ / "out" / "study.yaml", "again"));
  EXPECT_EQ(read(root_ / "again" / "front.csv"), front);
}

INSTANTIATE_TEST_SUITE_P(Spaces, StudyFile,
                         ::testing::Values("{family: mobilenet_v2, accuracy: tables/small.csv}",
                                           "{file: own_cnn.yaml, accuracy: bits.csv, weight_bits: [4, 8]}",
                                           "{family: mobilenet_v2, accuracy: mobilenet_v2}"));

// Another table under the same name is another study.
TEST(StudyFileContents, DecideWhatAStudyIs) {
  const fs::path root = fs::path(::testing::TempDir()) / "weft_study_contents";
  fs::remove_all(root);
  write_space(root / "space.yaml", "{family: mobilenet_v2, accuracy: t.csv}");
  std::ofstream(root / "t.csv") << "width,resolution,top1\n0.35,96,45.5\n";
  StudyRequest request;
  request.space = (root / "space.yaml").string();
  request.out = root / "out";
  request.simulate = false;
  (void)run_study(request);
  std::ofstream(root / "t.csv") << "width,resolution,top1\n0.35,96,45.6\n";
  request.resume = true;
  EXPECT_THROW((void)run_study(request), ConfigError);
  fs::remove_all(root);
}

}  // namespace
}  // namespace weft
