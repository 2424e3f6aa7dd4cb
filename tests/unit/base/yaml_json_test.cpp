// YAML as JSON: what becomes a number, and that the checked reader reads the answer as it reads the text.
// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_json.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/yaml.hpp"

namespace weft::yaml {
namespace {

TEST(YamlJson, KeepsOrderAndKinds) {
  EXPECT_EQ(as_json("b: [1, -2.5e3, x, '7', {k: null}]\na: true\nc:\n", "f"),
            R"({"b": [1, -2.5e3, "x", "7", {"k": null}], "a": true, "c": null})");
}

// Bare words that look like numbers and are none of JSON's stay text: leading zeros, units, points without
// digits.
TEST(YamlJson, NumbersAreThoseOfJson) {
  for (const char* text : {"007", "+1", "1.", ".5", "1e", "0x10", "8 KiB", "1_000", "nan", "-"}) {
    EXPECT_EQ(as_json(std::string("k: \"") + text + "\"\n", "f"), std::string("{\"k\": \"") + text + "\"}");
    if (std::string(text) != "-") {
      EXPECT_EQ(as_json(std::string("k: ") + text + "\n", "f"), std::string("{\"k\": \"") + text + "\"}")
          << text;
    }
  }
  for (const char* number : {"0", "-0", "10", "0.25", "1e9", "1E-9", "12.5e+3"}) {
    EXPECT_EQ(as_json(std::string("k: ") + number + "\n", "f"), std::string("{\"k\": ") + number + "}");
  }
}

TEST(YamlJson, EscapesWhatJsonEscapes) {
  EXPECT_EQ(as_json("k: \"a\\\"b\\\\c\\nd\\te\"\n", "f"), R"({"k": "a\"b\\c\u000ad\u0009e"})");
  const std::string json = as_json("k: \"a\\\"b\\\\c\\nd\"\n", "f");
  EXPECT_EQ(Document::parse(json, "again").root().text("k"), "a\"b\\c\nd");
}

TEST(YamlJson, RefusesWhatTheReaderRefuses) {
  EXPECT_THROW((void)as_json("a: &x 1\n", "f"), ConfigError);
  EXPECT_THROW((void)as_json("a: 1\na: 2\n", "f"), ConfigError);
  EXPECT_THROW((void)as_json("", "f"), ConfigError);
}

}  // namespace
}  // namespace weft::yaml
