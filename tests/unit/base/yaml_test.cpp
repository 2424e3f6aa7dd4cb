// Does the reader report every problem of a file, at its place, with the words that mend it?
// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::yaml {
namespace {

// What the user sees after `read` went over a file of this text.
std::string problems(const std::string& text, const std::function<void(Section&)>& read) {
  try {
    const Document document = Document::parse(text, "demo.yaml");
    Section root = document.root();
    read(root);
    root.done();
    document.finish();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Yaml, ReportsAllProblemsInFileOrder) {
  const std::string text =
      "name: demo\n"
      "levels:\n"
      "  - capcity: 108 KiB\n"
      "    word: 16\n"
      "rows: 010\n";
  const std::string seen = problems(text, [](Section& root) {
    (void)root.integer("rows", 1, 64);
    (void)root.text("name");
    for (const Value& level : root.required("levels")->list()) {
      Section section = level.section();
      (void)section.quantity<Bits>("capacity");
      (void)section.quantity<Bits>("word");
      section.done();
    }
  });
  EXPECT_EQ(seen,
            "demo.yaml:3:5: error: missing key 'capacity' in levels[0] [missing-key]\n"
            "    3 |   - capcity: 108 KiB\n"
            "      |     ^\n"
            "demo.yaml:3:5: error: unknown key 'capcity' in levels[0] [unknown-key]\n"
            "    3 |   - capcity: 108 KiB\n"
            "      |     ^~~~~~~\n"
            "  hint: did you mean 'capacity'?\n"
            "demo.yaml:4:11: error: levels[0].word must be a number with a unit, not '16' [bad-unit]\n"
            "    4 |     word: 16\n"
            "      |           ^~\n"
            "  hint: a bare number is ambiguous; use one of: b, B, kB, MB, GB, KiB, MiB, GiB, Kib, Mib\n"
            "demo.yaml:5:7: error: rows must be a whole number, not '010' [not-integer]\n"
            "    5 | rows: 010\n"
            "      |       ^~~\n"
            "  hint: remove the leading zero: some readers take it for octal\n");
}

TEST(Yaml, SaysWhichBracketIsOpen) {
  EXPECT_EQ(problems("axes:\n  x: [K, {C: 2}\n  y: [P]\n", [](Section&) {}),
            "demo.yaml:3:3: error: end of sequence flow not found [yaml-syntax]\n"
            "    3 |   y: [P]\n"
            "      |   ^\n"
            "  hint: the '[' of line 2, column 6 wants a comma or its ']'\n");
}

TEST(Yaml, ReportsDuplicateKeysAndKeepsTheFirst) {
  std::int64_t rows = 0;
  const std::string seen =
      problems("rows: 4\n\nrows: 5\n", [&](Section& root) { rows = root.integer("rows", 1, 9); });
  EXPECT_EQ(rows, 4);
  EXPECT_EQ(seen,
            "demo.yaml:3:1: error: the key 'rows' appears twice [duplicate-key]\n"
            "    3 | rows: 5\n"
            "      | ^~~~\n"
            "  hint: the first is in line 1\n");
}

TEST(Yaml, ReadsWhatItAccepts) {
  const Document document = Document::parse(
      "count: -7\nratio: 2.5e-1\nflag: true\nword: \"on\"\nsize: '1.5 KiB'\nfree: {b: 1, a: 2}\n", "ok.yaml");
  Section root = document.root();
  EXPECT_EQ(root.integer("count", -10, 10), -7);
  EXPECT_EQ(root.number_or("ratio", 0, 0, 1), 0.25);
  EXPECT_TRUE(root.boolean_or("flag", false));
  EXPECT_EQ(root.text("word"), "on");
  EXPECT_EQ(root.quantity<Bits>("size"), Bits(12288));
  EXPECT_EQ(root.optional_quantity<Hertz>("clock"), std::nullopt);
  EXPECT_EQ(root.integer_or("absent", 42, 0, 9), 42);
  Section free = root.required("free")->section();
  std::string order;
  for (const auto& [key, value] : free.entries()) {
    order += key + "=" + value.text() + " " + value.path() + ";";
  }
  EXPECT_EQ(order, "b=1 free.b;a=2 free.a;");
  free.done();
  root.done();
  EXPECT_FALSE(document.failed());
  EXPECT_NO_THROW(document.finish());
}

struct Misfit {
  const char* text;
  const char* code;
  std::function<void(const Value&)> read;
};

// Each wrong value gives exactly one problem with its own code, and reading goes on.
TEST(Yaml, NamesWhatDoesNotFit) {
  const auto integer = [](const Value& value) { EXPECT_EQ(value.integer(1, 8), 1); };
  const auto number = [](const Value& value) { EXPECT_EQ(value.number(-2, -1), -1); };
  const auto flag = [](const Value& value) { EXPECT_FALSE(value.boolean()); };
  const auto size = [](const Value& value) { EXPECT_EQ(value.quantity<Bits>(), Bits(1)); };
  const auto text = [](const Value& value) { EXPECT_EQ(value.text(), ""); };
  const auto list = [](const Value& value) { EXPECT_TRUE(value.list().empty()); };
  const auto section = [](const Value& value) {
    Section none = value.section();
    EXPECT_FALSE(none.required("x").has_value());
    EXPECT_TRUE(none.entries().empty());
    none.done();
  };
  const std::vector<Misfit> misfits = {
      {"9", "out-of-range", integer},   {"0", "out-of-range", integer},
      {"1e1", "not-integer", integer},  {"0x8", "not-integer", integer},
      {"08", "not-integer", integer},   {"\"8\"", "not-integer", integer},
      {"", "not-integer", integer},     {"[8]", "not-integer", integer},
      {"1_0", "not-integer", integer},  {"99999999999999999999", "out-of-range", integer},
      {"0", "out-of-range", number},    {"-1e999", "out-of-range", number},
      {".inf", "not-number", number},   {"nan", "not-number", number},
      {"-1.5.0", "not-number", number}, {"yes", "not-boolean", flag},
      {"True", "not-boolean", flag},    {"'true'", "not-boolean", flag},
      {"1 Hz", "bad-unit", size},       {"1", "bad-unit", size},
      {"-1 B", "out-of-range", size},   {"{a: 1}", "bad-unit", size},
      {"[a]", "not-text", text},        {"~", "not-text", text},
      {"a", "not-a-list", list},        {"{a: 1}", "not-a-list", list},
      {"a", "not-a-section", section},  {"[a]", "not-a-section", section},
  };
  for (const Misfit& misfit : misfits) {
    try {
      const Document document = Document::parse("k: " + std::string(misfit.text) + "\n", "f.yaml");
      const Value value = *document.root().required("k");
      misfit.read(value);
      misfit.read(value);  // a value read twice is reported once
      document.finish();
      ADD_FAILURE() << misfit.text << " was accepted";
    } catch (const ConfigError& error) {
      ASSERT_EQ(error.diagnostics().size(), 1U) << error.what();
      EXPECT_EQ(error.diagnostics()[0].code, misfit.code) << misfit.text;
      EXPECT_EQ(error.diagnostics()[0].where.line, 1) << misfit.text;
    }
  }
}

TEST(Yaml, OffersTheNearestChoice) {
  int chosen = -1;
  const std::string seen = problems("search: anealing\n", [&](Section& root) {
    chosen = root.choice("search", {"exact", "annealing"});
  });
  EXPECT_EQ(chosen, 0);
  EXPECT_EQ(seen,
            "demo.yaml:1:9: error: unknown search 'anealing'; known: exact, annealing [unknown-name]\n"
            "    1 | search: anealing\n"
            "      |         ^~~~~~~~\n"
            "  hint: did you mean 'annealing'?\n");
}

TEST(Yaml, CountsColumnsInCharactersAndKeepsTabs) {
  const std::string seen = problems("{ \"é\": 1,\tä: 2 }\n", [](Section& root) { (void)root.text("é"); });
  EXPECT_EQ(seen,
            "demo.yaml:1:11: error: unknown key 'ä' at the top of the file [unknown-key]\n"
            "    1 | { \"é\": 1,\tä: 2 }\n"
            "      |          \t^\n");
}

TEST(Yaml, ShowsControlCharactersHarmlessly) {
  const std::string seen = problems("\"\\e[31m\\n\": 1\n", [](Section&) {});
  EXPECT_THAT(seen, testing::HasSubstr("unknown key '\\x1B[31m\\n' at the top"));
  EXPECT_EQ(seen.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace weft::yaml
