// Is a study's database read by the names of its columns, and refused when it is none?
// SPDX-License-Identifier: Apache-2.0
#include "report/study_results.hpp"

#include <filesystem>
#include <fstream>
#include <sqlite3.h>
#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "report/study_json.hpp"

namespace weft::report {
namespace {

namespace fs = std::filesystem;

class StudyResultsTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    file_ = fs::temp_directory_path() / (std::string("weft_results_") + test->name() + ".sqlite");
    fs::remove(file_);
  }
  void TearDown() override { fs::remove(file_); }

  void execute(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  std::string refusal() const {
    try {
      (void)load_results(file_);
    } catch (const ConfigError& error) {
      return error.diagnostics().front().code;
    }
    return "";
  }

  fs::path file_;
};

constexpr const char* kStudy =
    "CREATE TABLE designs (id INTEGER, \"network.width\" REAL, \"knob.buffer\" TEXT, energy_pj REAL, "
    "new_figure INTEGER, complete INTEGER);"
    "INSERT INTO designs VALUES (0, 0.5, '1 MiB', 10, 3, 1), (1, 1.0, '8 KiB', 20, 4, 1), (2, 1.0, '8 KiB', "
    "0, 0, 0);"
    "CREATE TABLE front (place INTEGER, design INTEGER, knee INTEGER);"
    "INSERT INTO front VALUES (1, 1, 1), (2, 0, 0);"
    "CREATE TABLE simulated (layer TEXT, count INTEGER, model_cycles INTEGER, simulated_cycles INTEGER, "
    "counts_match INTEGER, values_match INTEGER);"
    "INSERT INTO simulated VALUES ('conv', 2, 100, 110, 1, 1);";

// Zeros in that column mean that no accuracy is known; zeros in another are figures.
TEST_F(StudyResultsTest, UnknownAccuracyIsNoFigure) {
  execute(kStudy);
  execute(
      "ALTER TABLE designs ADD COLUMN accuracy_percent REAL DEFAULT 0;"
      "ALTER TABLE designs ADD COLUMN waste REAL DEFAULT 0;");
  EXPECT_EQ(load_results(file_).figure("accuracy_percent"), nullptr);
  EXPECT_NE(load_results(file_).figure("waste"), nullptr);
  execute("UPDATE designs SET accuracy_percent = 71 WHERE id = 1;");
  EXPECT_NE(load_results(file_).figure("accuracy_percent"), nullptr);
}

// A label may end in spaces after its number.
TEST_F(StudyResultsTest, LabelsSortByTheirNumbers) {
  Choice choice{.name = "knob", .labels = {"2 MiB", "16 ", "1 KiB", "none"}, .of = {0, 1, 2, 3}};
  sort_labels(choice, {});
  EXPECT_EQ(choice.labels, (std::vector<std::string>{"16 ", "1 KiB", "2 MiB", "none"}));
  EXPECT_EQ(choice.of, (std::vector<std::size_t>{2, 0, 1, 3}));
}

TEST_F(StudyResultsTest, ColumnsSortThemselves) {
  execute(kStudy);
  const StudyResults results = load_results(file_);
  ASSERT_EQ(results.choices.size(), 2U);
  EXPECT_EQ(results.choices[0].name, "network.width");
  EXPECT_EQ(results.choices[0].labels, (std::vector<std::string>{"0.5", "1"}));
  ASSERT_EQ(results.figures.size(), 2U);
  EXPECT_EQ(results.figures[1].name, "new_figure");
  EXPECT_EQ(results.complete, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(results.front, (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(results.chosen, 1U);
  ASSERT_EQ(results.simulated.size(), 1U);
  EXPECT_EQ(results.simulated[0].simulated_cycles, 110);
}

TEST_F(StudyResultsTest, DesignsWithoutMappingsDoNotCount) {
  execute(kStudy);
  const auto json = study_json(load_results(file_), {.objectives = {"energy_pj"}});
  // The third design's zeros are no energy; so the scale is logarithmic and the first design the best.
  EXPECT_TRUE(by_logarithm(*load_results(file_).figure("energy_pj"), {true, true, false}));
  EXPECT_EQ(json["progress"]["front"].back(), 1);
  EXPECT_EQ(json["progress"]["hypervolume"].back(), 1.0);
}

TEST_F(StudyResultsTest, LabelsAreSortedByValueThenAsTheSpaceSays) {
  Choice sizes{.name = "knob.buffer", .labels = {"1 MiB", "8 KiB", "512 B"}, .of = {0, 1, 2, 1}};
  sort_labels(sizes, {});
  EXPECT_EQ(sizes.labels, (std::vector<std::string>{"512 B", "8 KiB", "1 MiB"}));
  EXPECT_EQ(sizes.of, (std::vector<std::size_t>{2, 1, 0, 1}));
  Choice words{.name = "knob.dataflow", .labels = {"b", "a", "z"}, .of = {0, 1, 2}};
  sort_labels(words, {"z", "b"});
  EXPECT_EQ(words.labels, (std::vector<std::string>{"z", "b", "a"}));
}

TEST_F(StudyResultsTest, RefusesWhatIsNoFinishedStudy) {
  EXPECT_EQ(refusal(), "no-results");
  std::ofstream(file_) << "this is no database, just a line of text that is long enough to be read as one\n";
  EXPECT_EQ(refusal(), "no-results");
  fs::remove(file_);
  execute("CREATE TABLE designs (id INTEGER, complete INTEGER)");
  EXPECT_EQ(refusal(), "no-results");
}

TEST_F(StudyResultsTest, RefusesAFrontOfUnknownDesigns) {
  execute(kStudy);
  execute("INSERT INTO front VALUES (3, 99, 0)");
  EXPECT_EQ(refusal(), "no-results");
}

}  // namespace
}  // namespace weft::report
