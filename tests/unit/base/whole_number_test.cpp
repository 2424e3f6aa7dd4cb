// Are whole numbers of JSON taken as they are, and everything else refused?
// SPDX-License-Identifier: Apache-2.0
#include "base/whole_number.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace weft {
namespace {

using nlohmann::json;

TEST(WholeNumber, TakesWhatIsInRange) {
  EXPECT_EQ(whole_number(json::parse("0")), 0);
  EXPECT_EQ(whole_number(json::parse("-3"), -3, 3), -3);
  EXPECT_EQ(whole_number(json::parse("9223372036854775807")), INT64_MAX);
}

TEST(WholeNumber, RefusesEverythingElse) {
  for (const char* text :
       {"1e107", "1e3", "1.5", "-1", "11", "18446744073709551615", "\"1\"", "null", "[1]", "true"}) {
    EXPECT_THROW((void)whole_number(json::parse(text), 0, 10), json::exception) << text;
  }
}

}  // namespace
}  // namespace weft
