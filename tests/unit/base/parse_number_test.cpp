// Does a text become a number only where all of it is one?
// SPDX-License-Identifier: Apache-2.0
#include "base/parse_number.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number<std::int64_t>("42"), 42);
  EXPECT_EQ(parse_number<std::int64_t>("-7"), -7);
  EXPECT_EQ(parse_number<std::int64_t>("007"), 7);
  EXPECT_EQ(parse_number<double>("0.25"), 0.25);
  EXPECT_EQ(parse_number<double>("-1e3"), -1000.0);
  for (const char* text : {"", " ", " 1", "1 ", "+1", "1,000", "1x", "x", "-", "1-", "0x10", "--1"}) {
    EXPECT_FALSE(parse_number<std::int64_t>(text)) << "'" << text << "'";
    EXPECT_FALSE(parse_number<double>(text)) << "'" << text << "'";
  }
  EXPECT_FALSE(parse_number<std::int64_t>("1.0"));
  EXPECT_FALSE(parse_number<std::int64_t>("1e3"));
  EXPECT_FALSE(parse_number<int>(std::string_view("1\0", 2)));
}

TEST(ParseNumber, TakesNothingBeyondTheRange) {
  EXPECT_EQ(parse_number<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(parse_number<std::int64_t>("9223372036854775808"));
  EXPECT_EQ(parse_number<int>("-2147483648"), std::numeric_limits<int>::min());
  EXPECT_FALSE(parse_number<int>("2147483648"));
  EXPECT_FALSE(parse_number<double>("1e999"));
  EXPECT_FALSE(parse_number<std::uint64_t>("-1"));
}

TEST(ParseNumber, LeavesInfinitiesToTheCaller) {
  EXPECT_TRUE(std::isinf(parse_number<double>("inf").value()));
  EXPECT_TRUE(std::isnan(parse_number<double>("nan").value()));
}

TEST(ParseNumber, ReadsAPartOfALongerText) {
  const std::string text = "12:34";
  EXPECT_EQ(parse_number<int>(std::string_view(text).substr(0, 2)), 12);
  EXPECT_EQ(parse_number<int>(std::string_view(text).substr(3)), 34);
}

TEST(ParseNumber, ReadsBackWhatIsPrinted) {
  Rng rng(7);
  for (int i = 0; i < 1000; ++i) {
    const auto whole = static_cast<std::int64_t>(rng.next());
    EXPECT_EQ(parse_number<std::int64_t>(fmt::format("{}", whole)), whole);
    const double real = std::ldexp(static_cast<double>(whole), static_cast<int>(rng.next() % 200) - 100);
    EXPECT_EQ(parse_number<double>(fmt::format("{}", real)), real) << fmt::format("{}", real);
  }
}

}  // namespace
}  // namespace weft
