// Are tables aligned and CSV files readable by others?
// SPDX-License-Identifier: Apache-2.0
#include "base/table.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace weft {
namespace {

TEST(Table, AlignsByCharacters) {
  Table table({{"layer", Align::kLeft}, {"µJ"}});
  table.add_row({"conv", "12.5"});
  table.add_row({"größe", "–"});
  EXPECT_EQ(table.text(),
            "layer    µJ\n"
            "-----  ----\n"
            "conv   12.5\n"
            "größe     –\n");
  EXPECT_THROW(table.add_row({"one"}), InternalError);
}

TEST(Table, QuotesCsvCells) {
  Table table({{"a,b"}, {"c"}});
  table.add_row({"say \"hi\"", "two\nlines"});
  EXPECT_EQ(table.csv(), "\"a,b\",c\r\n\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
}

TEST(Numbers, HaveFourSignificantDigits) {
  EXPECT_EQ(significant(0), "0");
  EXPECT_EQ(significant(3.1), "3.100");
  EXPECT_EQ(significant(-12.3456), "-12.35");
  EXPECT_EQ(significant(9.9996), "10.00");
  EXPECT_EQ(significant(0.00123456), "0.001235");
  EXPECT_EQ(significant(123456), "123456");
  EXPECT_EQ(significant(1.23456e7), "1.235e+07");
  EXPECT_EQ(significant(1.5e-5), "1.500e-05");
  EXPECT_EQ(significant(0.123456, 2), "0.12");
  EXPECT_EQ(significant(std::nan("")), "–");
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(std::numeric_limits<long long>::min()), "-9,223,372,036,854,775,808");
}

}  // namespace
}  // namespace weft
