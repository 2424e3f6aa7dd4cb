// Does every validation keep what it claims, and does the page in docs/ say what a run says?
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "validation/csv.hpp"
#include "validation/print.hpp"

namespace weft::validation {
namespace {

SuiteOptions options() {
  return {.data = WEFT_SOURCE_DIR "/configs/validation"};
}

class EverySuite : public testing::TestWithParam<std::string> {};

TEST_P(EverySuite, KeepsItsClaimsAndSaysWhatItIsWorth) {
  const Suite& suite = suites().at(GetParam());
  const SuiteResult result = suite.run(options());
  std::cout << print_text({{GetParam(), "", result}});
  for (const Claim& claim : result.claims) {
    EXPECT_TRUE(claim.met()) << claim.what << ": " << claim.found << " against " << claim.limit;
  }
  EXPECT_FALSE(result.claims.empty());
  EXPECT_FALSE(result.series.empty());
  for (const Series& series : result.series) {
    EXPECT_FALSE(series.rows.empty()) << series.title;
    EXPECT_FALSE(series.source.empty()) << series.title;
    EXPECT_TRUE(series.notes.empty() || series.notes.size() == series.rows.size()) << series.title;
  }
  EXPECT_FALSE(result.informed.empty());
  EXPECT_FALSE(result.not_modelled.empty());
  // The page in docs/ is that of `weft validate --all --markdown`: this suite's part of it is what a run says
  // now, whatever heading the page has around it.
  const std::string now =
      print_markdown({{GetParam(), suites().entries()[0].summary, result}}, options(), false);
  std::ifstream stream(WEFT_SOURCE_DIR "/docs/validation.md");
  std::stringstream page;
  page << stream.rdbuf();
  std::istringstream lines(now.substr(now.find("\n## ") + 1));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("| ", 0) == 0 || line.rfind("- ", 0) == 0) {
      EXPECT_NE(page.str().find(line + "\n"), std::string::npos)
          << "docs/validation.md has no line '" << line
          << "': weft validate --all --markdown > docs/validation.md";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Published, EverySuite, testing::ValuesIn(suites().names()),
                         [](const testing::TestParamInfo<std::string>& suite) { return suite.param; });

Series series_of(const std::vector<Comparison>& rows) {
  return {.title = "t", .unit = "u", .source = "s", .rows = rows, .ranked = true};
}

TEST(Claims, HoldOrBreakByTheirNumbers) {
  const Series series = series_of({{"a", 100, 104}, {"b", 200, 188}, {"c", 300, 300}});
  EXPECT_TRUE(worst_within(series, 0.0601).met());
  EXPECT_FALSE(worst_within(series, 0.05).met());
  EXPECT_TRUE(mean_within(series, 0.034).met());  // (4 + 6 + 0) / 3 = 3.33 %
  EXPECT_FALSE(mean_within(series, 0.033).met());
  EXPECT_TRUE(ranks_at_least(series, 1).met());
  EXPECT_FALSE(all_equal(series).met());
  EXPECT_TRUE(all_equal(series, {.last_digit = 12}).met());
  SuiteResult result;
  EXPECT_TRUE(result.met());
  result.claims = {worst_within(series, 0.1), worst_within(series, 0.01)};
  EXPECT_FALSE(result.met());
}

TEST(Printing, ShowsWorstRowsOfLongSeriesAndMissedClaims) {
  SuiteResult result;
  result.series = {series_of({})};
  for (int i = 0; i < 20; ++i) {
    result.series[0].rows.push_back({"row" + std::to_string(i), 100, 100.0 + i});
  }
  result.series[0].summarised = true;
  result.claims = {worst_within(result.series[0], 0.1)};
  const std::vector<NamedResult> named = {{"suite", "summary", result}};
  const std::string text = print_text(named);
  EXPECT_NE(text.find("MISSED"), std::string::npos);
  EXPECT_NE(text.find("row19"), std::string::npos);
  EXPECT_EQ(text.find("row3 "), std::string::npos);
  const std::string csv = print_csv(named);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 21);
  EXPECT_NE(print_json(named).find("\"met\": false"), std::string::npos);
}

class Tables : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    const auto file =
        std::filesystem::temp_directory_path() /
        ("weft_rows_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::ofstream(file) << text;
    return file;
  }
};

TEST_F(Tables, ReadCellsByNameAndSkipRemarks) {
  double sum = 0;
  for_each_row(write("# source\na,b\n1,2.5\n\n3,4\r\n"), [&](const CsvRow& row, int) {
    sum += static_cast<double>(row.integer("a")) * row.number("b");
  });
  EXPECT_DOUBLE_EQ(sum, 14.5);
}

TEST_F(Tables, RefuseWhatIsNoSuchTable) {
  const auto take = [](const CsvRow& row, int) { (void)row.positive("a"); };
  for (const char* text : {"", "# only remarks\n", "a,b\n1\n", "a,b\n1,2,3\n", "a\nx\n", "a\n0\n", "a\n-1\n",
                           "b\n1\n", "a\n99999999999999999999\n", "a\n1.5\n"}) {
    EXPECT_THROW(for_each_row(write(text), take), ConfigError) << text;
  }
  EXPECT_THROW(for_each_row("/nonexistent/table.csv", take), ConfigError);
}

}  // namespace
}  // namespace weft::validation
