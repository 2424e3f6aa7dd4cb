// Is every hostile or broken file refused at once, with a name for what is wrong?
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "base/yaml.hpp"

namespace weft::yaml {
namespace {

namespace fs = std::filesystem;

std::string refusal(const std::string& text) {
  try {
    const Document document = Document::parse(text, "f.yaml");
    document.finish();
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics().size(), 1U) << error.what();
    return error.diagnostics()[0].code;
  }
  return "accepted";
}

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += part;
  }
  return text;
}

TEST(YamlLimits, RefuseWhatIsNotOneDocumentOfText) {
  EXPECT_EQ(refusal(""), "empty-file");
  EXPECT_EQ(refusal("# only a comment\n\n"), "empty-file");
  EXPECT_EQ(refusal("~"), "empty-file");
  EXPECT_EQ(refusal(std::string("a: 1\0", 5)), "binary-file");
  EXPECT_EQ(refusal("a: \xC3\x28"), "binary-file");
  EXPECT_EQ(refusal("a: \xED\xA0\x80"), "binary-file");  // half of a surrogate pair
  EXPECT_EQ(refusal("\xFE\xFF\x20\x20"), "binary-file");
  EXPECT_EQ(refusal("a: \x1B[2J"), "binary-file");
  EXPECT_EQ(refusal("a: 1\n---\nb: 2\n"), "yaml-syntax");
  EXPECT_EQ(refusal("a: [1, 2\n"), "yaml-syntax");
  EXPECT_EQ(refusal("a: 'x\nb: 1\n"), "yaml-syntax");
  EXPECT_EQ(refusal("a: \"x\\\"\nb: 1\n"), "yaml-syntax");
  EXPECT_EQ(refusal("a: 'it''s'\nb: \"\\\"\"\n"), "accepted");
  EXPECT_EQ(refusal("[a, b]: 1\n"), "yaml-syntax");
  EXPECT_EQ(refusal("a: !!python/object x\n"), "yaml-syntax");
  EXPECT_EQ(refusal("\xEF\xBB\xBF"
                    "a: 1\r\n"),
            "accepted");
}

TEST(YamlLimits, RefuseAnchorsAliasesAndMergeKeys) {
  EXPECT_EQ(refusal("a: &x 1\n"), "yaml-anchor");
  EXPECT_EQ(refusal("a: &x [1]\nb: [*x, *x]\n"), "yaml-anchor");
  EXPECT_EQ(refusal("<<: {a: 1}\n"), "yaml-anchor");
}

TEST(YamlLimits, RefuseTowersWithoutClimbingThem) {
  EXPECT_EQ(refusal(repeated("- ", 64) + "x"), "accepted");
  EXPECT_EQ(refusal(repeated("- ", 65) + "x"), "too-deep");
  EXPECT_EQ(refusal(repeated("[", 64) + repeated("]", 64)), "accepted");
  EXPECT_EQ(refusal(repeated("[", 65) + repeated("]", 65)), "too-deep");
  EXPECT_EQ(refusal(repeated("[", 4'000'000)), "too-deep");
  EXPECT_EQ(refusal(repeated("- ", 4'000'000)), "too-deep");
  EXPECT_EQ(refusal(repeated("x", (16 << 20) + 1)), "too-large");
}

TEST(YamlLimits, ReadOneVeryLongLineInReasonableTime) {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) {
    text += "k" + std::to_string(i) + ": 1, ";
  }
  EXPECT_EQ(refusal(text + "}"), "accepted");
}

TEST(YamlLimits, CountProblemsBeyondTheFirstHundred) {
  std::string text;
  for (int i = 0; i < 150; ++i) {
    text += "k" + std::to_string(i) + ": 1\n";
  }
  const Document document = Document::parse(text, "f.yaml");
  document.root().done();
  try {
    document.finish();
    FAIL() << "150 unknown keys were accepted";
  } catch (const ConfigError& error) {
    ASSERT_EQ(error.diagnostics().size(), 101U);
    EXPECT_EQ(error.diagnostics()[100].code, "too-many-problems");
    EXPECT_EQ(error.diagnostics()[100].message, "50 more problems are not shown");
  }
}

TEST(YamlLimits, NameWhatIsNotAFile) {
  const fs::path folder = fs::temp_directory_path() / ("weft_yaml_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const fs::path big = folder / "big.yaml";
  std::ofstream(big) << "a: 1\n";
  fs::resize_file(big, 100ULL << 20U);  // sparse: refused by its size, before reading
  const auto code = [](const fs::path& file) {
    try {
      (void)Document::load(file);
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.diagnostics()[0].where.file, file.string());
      return error.diagnostics()[0].code;
    }
    return std::string("accepted");
  };
  EXPECT_EQ(code(folder / "absent.yaml"), "missing-file");
  EXPECT_EQ(code(folder), "not-a-file");
  EXPECT_EQ(code("/dev/zero"), "not-a-file");
  EXPECT_EQ(code(big), "too-large");
  fs::remove_all(folder);
}

// Reads everything as everything.
void read_all(const Value& value) {
  if (value.is_list()) {
    for (const Value& child : value.list()) {
      read_all(child);
    }
  } else if (value.is_section()) {
    Section section = value.section();
    (void)section.required("levels");
    section.done();
    for (const auto& [key, child] : section.entries()) {
      read_all(child);
    }
  } else {
    (void)value.integer(0, 9);
    (void)value.quantity<Bits>();
    (void)value.quantity<Hertz>();
    (void)value.number(0, 1);
  }
}

std::string damaged(std::string text, Rng& rng) {
  const std::string marks = "[]{}:-?|>'\"\n \t,#&*!%@`~";
  for (std::int64_t cuts = rng.uniform(1, 6); cuts > 0; --cuts) {
    const auto at = [&] {
      return static_cast<std::size_t>(rng.uniform(0, static_cast<std::int64_t>(text.size()) - 1));
    };
    switch (rng.uniform(0, 3)) {
      case 0:
        text[at()] = static_cast<char>(rng.uniform(0, 255));
        break;
      case 1:
        text.insert(at(), 1, marks[static_cast<std::size_t>(rng.uniform(0, 22))]);
        break;
      case 2:
        text.erase(at(), static_cast<std::size_t>(rng.uniform(0, 8)));
        break;
      default:
        text.insert(at(), text.substr(at(), static_cast<std::size_t>(rng.uniform(0, 30))));
    }
    text += text.empty() ? "x" : "";
  }
  return text;
}

TEST(YamlLimits, DamagedFilesGiveDiagnosticsAndNothingElse) {
  const std::string whole =
      "name: demo  # é\nlevels:\n  - name: 'DRAM'\n    size: 108 KiB\n    modes: [a, b, {c: d, \"e\": 1e3}]\n"
      "  - {x: 1, y: -2.5}\n  - text: |\n      two\n      lines\n    folded: >-\n      more\n";
  Rng rng(11);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = damaged(whole, rng);
    try {
      const Document document = Document::parse(text, "f.yaml");
      ++accepted;
      read_all(document.value());
      document.finish();
    } catch (const ConfigError& error) {
      ASSERT_FALSE(error.diagnostics().empty());
      for (const Diagnostic& problem : error.diagnostics()) {
        ASSERT_FALSE(problem.message.empty() || problem.code.empty()) << text;
      }
    }
  }
  EXPECT_GT(accepted, 2'000);  // the damage leaves enough files that get past the parser
  EXPECT_LT(accepted, 18'000);
}

}  // namespace
}  // namespace weft::yaml
