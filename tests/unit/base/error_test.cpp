// Do errors say where, what and what to do instead?
// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checked.hpp"
#include "base/registry.hpp"

namespace weft {
namespace {

TEST(Diagnostics, PrintLikeACompiler) {
  const Diagnostic known{{"a.yaml", 12, 3}, "bad-unit", "no unit", "add one", 4, "  size: 1"};
  EXPECT_EQ(to_string(known),
            "a.yaml:12:3: error: no unit [bad-unit]\n"
            "   12 |   size: 1\n"
            "      |   ^~~~\n"
            "  hint: add one\n");
  EXPECT_EQ(to_string({{"a.yaml"}, "empty-file", "nothing", ""}), "a.yaml: error: nothing [empty-file]\n");
  EXPECT_EQ(to_string({{}, "unknown-name", "what", ""}), "error: what [unknown-name]\n");
}

TEST(Diagnostics, AreSortedByPlace) {
  const ConfigError error(
      {{{"f", 9, 1}, "c", "third", ""}, {{"f", 2, 5}, "b", "second", ""}, {{"f", 2, 1}, "a", "first", ""}});
  EXPECT_STREQ(error.what(), "f:2:1: error: first [a]\nf:2:5: error: second [b]\nf:9:1: error: third [c]\n");
  EXPECT_EQ(error.diagnostics()[0].code, "a");
}

TEST(Nearest, ForgivesSlipsButDoesNotGuess) {
  const std::vector<std::string> known = {"capacity", "width", "word", "N"};
  EXPECT_EQ(nearest("capcity", known), "capacity");
  EXPECT_EQ(nearest("capaicty", known), "capacity");
  EXPECT_EQ(nearest("widht", known), "width");
  EXPECT_EQ(nearest("frequency", known), "");
  EXPECT_EQ(nearest("M", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}

TEST(Registry, MissNamesTheNearestAndAll) {
  Registry<int> registry("search");
  registry.add("exact", "proves", 1);
  registry.add("random", "samples", 2);
  EXPECT_EQ(registry.at("random"), 2);
  EXPECT_EQ(registry.find("none"), nullptr);
  EXPECT_THROW(registry.add("exact", "again", 3), InternalError);
  try {
    (void)registry.at("exakt");
    FAIL() << "found a search that is not there";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "error: unknown search 'exakt'; known: exact, random [unknown-name]\n"
                 "  hint: did you mean 'exact'?\n");
  }
}

TEST(Ensure, SaysWhatWasBroken) {
  try {
    WEFT_ENSURE(1 > 2, "numbers are odd");
    FAIL() << "1 > 2";
  } catch (const InternalError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("error_test.cpp"));
    EXPECT_THAT(error.what(), testing::HasSubstr("numbers are odd (broken: 1 > 2)"));
  }
}

TEST(Checked, ReportsOverflow) {
  constexpr std::int64_t kMax = 9'223'372'036'854'775'807;
  EXPECT_EQ(checked_mul(3'037'000'499, 3'037'000'499), 9'223'372'030'926'249'001);
  EXPECT_THROW((void)checked_mul(3'037'000'500, 3'037'000'500), OverflowError);
  EXPECT_EQ(checked_add(kMax - 1, 1), kMax);
  EXPECT_THROW((void)checked_add(kMax, 1), OverflowError);
  EXPECT_EQ(ceil_div(7, 2), 4);
  EXPECT_EQ(ceil_div(8, 2), 4);
}

}  // namespace
}  // namespace weft
