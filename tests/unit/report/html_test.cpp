// Is text from data harmless on a page, and are numbers said as people say them?
// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace weft::report {
namespace {

TEST(Html, EscapesWhatTagsAndAttributesAreMadeOf) {
  EXPECT_EQ(escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escaped("line\nnext\ttab"), "line\nnext\ttab");
  EXPECT_EQ(escaped(std::string("\x01", 1)), "\xEF\xBF\xBD");
  EXPECT_EQ(escaped("µ × ★"), "µ × ★");
}

TEST(Html, TablesEscapeTheirCells) {
  const std::string text = table("a & b", {{"<x>", false}}, {{"</td><script>"}});
  EXPECT_NE(text.find("a &amp; b"), std::string::npos);
  EXPECT_NE(text.find("&lt;x&gt;"), std::string::npos);
  EXPECT_EQ(text.find("<script>"), std::string::npos);
}

TEST(Html, PrefixesFollowTheSize) {
  EXPECT_EQ(si(2.5e-6, "J"), "2.500 µJ");
  EXPECT_EQ(si(0, "s"), "0 s");
  EXPECT_EQ(si(999.9, "s"), "999.9 s");
  EXPECT_EQ(si(1000, "s"), "1.000 ks");
  EXPECT_EQ(si(1e-3, "J"), "1.000 mJ");  // log10 of 1e-3 is not exactly -3
  EXPECT_EQ(si(NAN, "J"), "–");
}

TEST(Html, SizesAreInPowersOf1024) {
  EXPECT_EQ(bytes(8), "1 B");
  EXPECT_EQ(bytes(8.0 * 108 * 1024), "108 KiB");
  EXPECT_EQ(bytes(8.0 * 1536 * 1024), "1.5 MiB");
}

TEST(Html, FiguresAreNamedWithoutTheirUnit) {
  EXPECT_EQ(figure_label("energy_pj"), "energy");
  EXPECT_EQ(figure_label("knob.pe_x"), "pe x");
  EXPECT_EQ(figure_text("energy_pj", 2.5e9), "2.500 mJ");
  EXPECT_EQ(figure_text("area_um2", 2.5e6), "2.500 mm²");
  EXPECT_EQ(figure_text("cycles", 1234567), "1,234,567");
}

}  // namespace
}  // namespace weft::report
