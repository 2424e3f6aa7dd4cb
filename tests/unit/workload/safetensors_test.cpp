// Are tensors read as they were written, and is nothing believed that a file says about itself?
// SPDX-License-Identifier: Apache-2.0
#include "workload/safetensors.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A file of this header and these words.
std::filesystem::path written(const std::string& header, const std::string& words) {
  const auto file =
      std::filesystem::path(::testing::TempDir()) /
      (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".safetensors");
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  for (int i = 0; i < 8; ++i) {
    out.put(static_cast<char>((header.size() >> (8 * i)) & 255U));
  }
  out << header << words;
  return file;
}

template <class Word>
std::string bytes(std::initializer_list<Word> words) {
  std::string text;
  for (const Word word : words) {
    char raw[sizeof word];
    std::memcpy(raw, &word, sizeof word);
    text.append(raw, sizeof word);
  }
  return text;
}

TEST(Safetensors, WordsOfAllTypesAreRead) {
  const Safetensors file = load_safetensors(written(
      R"({"__metadata__": {"what": "a test"},
          "f": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
          "d": {"dtype": "F64", "shape": [], "data_offsets": [8, 16]},
          "h": {"dtype": "F16", "shape": [4], "data_offsets": [16, 24]},
          "b": {"dtype": "BF16", "shape": [1], "data_offsets": [24, 26]},
          "i": {"dtype": "I8", "shape": [2], "data_offsets": [26, 28]},
          "u": {"dtype": "U16", "shape": [1], "data_offsets": [28, 30]},
          "none": {"dtype": "F32", "shape": [0, 3], "data_offsets": [30, 30]}})",
      bytes<float>({1.5F, -2}) + bytes<double>({0.1}) +
          bytes<std::uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff}) +  // 1, -2, 2^-24, 65504
          bytes<std::uint16_t>({0x3fc0}) + bytes<std::int8_t>({-1, 127}) + bytes<std::uint16_t>({65535})));
  EXPECT_EQ(file.metadata.at("what"), "a test");
  EXPECT_THAT(file.tensors.at("f").words, ElementsAre(1.5, -2));
  EXPECT_THAT(file.tensors.at("f").shape, ElementsAre(2, 1));
  EXPECT_THAT(file.tensors.at("d").words, ElementsAre(0.1));
  EXPECT_THAT(file.tensors.at("h").words, ElementsAre(1, -2, 0x1p-24, 65504));
  EXPECT_THAT(file.tensors.at("b").words, ElementsAre(1.5));
  EXPECT_THAT(file.tensors.at("i").words, ElementsAre(-1, 127));
  EXPECT_THAT(file.tensors.at("u").words, ElementsAre(65535));
  EXPECT_TRUE(file.tensors.at("none").words.empty());
}

std::string problem_of(const std::filesystem::path& file) {
  try {
    (void)load_safetensors(file);
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics().front().code, "bad-safetensors");
    return error.diagnostics().front().message;
  }
  return "no problem";
}

TEST(Safetensors, AFileThatContradictsItselfIsRefused) {
  const auto one = [](const std::string& entry, std::size_t length) {
    return written(R"({"t": )" + entry + "}", std::string(length, '\0'));
  };
  const auto f32 = [](const std::string& shape, const std::string& offsets) {
    return R"({"dtype": "F32", "shape": )" + shape + R"(, "data_offsets": )" + offsets + "}";
  };
  EXPECT_EQ(problem_of(one(f32("[2]", "[0, 8]"), 8)), "no problem");
  EXPECT_THAT(problem_of(one(f32("[2]", "[0, 8]"), 9)), HasSubstr("belong to no tensor"));
  EXPECT_THAT(problem_of(one(f32("[2]", "[0, 8]"), 7)), HasSubstr("outside"));
  EXPECT_THAT(problem_of(one(f32("[2]", "[8, 0]"), 8)), HasSubstr("outside"));
  EXPECT_THAT(problem_of(one(f32("[2]", "[0, 8, 8]"), 8)), HasSubstr("outside"));
  EXPECT_THAT(problem_of(one(f32("[3]", "[0, 8]"), 8)), HasSubstr("its shape and type make 12"));
  EXPECT_THAT(problem_of(one(f32("[4611686018427387904, 4]", "[0, 8]"), 8)),
              HasSubstr("larger than the file"));
  EXPECT_THAT(
      problem_of(one(f32("[8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8]", "[0, 8]"), 8)),
      HasSubstr("2^63"));
  EXPECT_THAT(problem_of(one(f32("[-2]", "[0, 8]"), 8)), HasSubstr("out of range"));
  EXPECT_THAT(problem_of(one(f32("[2]", "[4, 12]"), 12)), HasSubstr("gap"));
  EXPECT_THAT(
      problem_of(written(R"({"a": )" + f32("[2]", "[0, 8]") + R"(, "b": )" + f32("[2]", "[4, 12]") + "}",
                         std::string(12, '\0'))),
      HasSubstr("overlaps"));
  EXPECT_THAT(problem_of(one(R"({"dtype": "C64", "shape": [1], "data_offsets": [0, 8]})", 8)),
              HasSubstr("C64"));
  EXPECT_THAT(problem_of(one(R"({"dtype": "F32", "shape": [1]})", 4)), HasSubstr("data_offsets"));
  EXPECT_THAT(problem_of(written(R"({"t": )" + f32("[1]", "[0, 4]") + "}", "\x01\x02\x80\x7f")),
              HasSubstr("no number"));
  EXPECT_THAT(problem_of(written("[]", "")), HasSubstr("no JSON object"));
  EXPECT_THAT(problem_of(written("{", "")), HasSubstr("header"));
  EXPECT_THAT(problem_of(written(R"({"__metadata__": 3})", "")), HasSubstr("header"));
}

TEST(Safetensors, ALengthBeyondTheFileIsRefused) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "length.safetensors";
  for (const std::string& text :
       {std::string("abc"), std::string(8, '\xff'), std::string("\x03\0\0\0\0\0\0\0{}", 10)}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    EXPECT_THAT(problem_of(file), HasSubstr("header")) << text;
  }
}

}  // namespace
}  // namespace weft
