// Does a file appear whole or not at all?
// SPDX-License-Identifier: Apache-2.0
#include "base/whole_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

class WholeFileTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("weft_whole_file_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::ptrdiff_t entries() const { return std::distance(fs::directory_iterator(folder_), {}); }

  fs::path folder_;
};

TEST_F(WholeFileTest, MakesFoldersAndReplacesFiles) {
  const fs::path file = folder_ / "a" / "b.txt";
  write_whole_file(file, "first, and longer");
  EXPECT_EQ(text_of(file), "first, and longer");
  write_whole_file(file, "second");
  EXPECT_EQ(text_of(file), "second");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "a"), {}), 1);  // no temporary file is left
}

TEST_F(WholeFileTest, KeepsLinks) {
  write_whole_file(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  write_whole_file(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(text_of(folder_ / "target"), "new");
}

TEST_F(WholeFileTest, FailsWithoutATrace) {
  write_whole_file(folder_ / "file", "text");
  EXPECT_THROW(write_whole_file(folder_ / "file" / "below", "x"), ConfigError);
  EXPECT_THROW(write_whole_file(folder_, "a folder is no file"), ConfigError);
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(text_of(folder_ / "file"), "text");
}

TEST_F(WholeFileTest, WritesToDevices) {
  EXPECT_NO_THROW(write_whole_file("/dev/null", "x"));
  EXPECT_THROW(write_whole_file("/dev/full", "x"), ConfigError);
}

}  // namespace
}  // namespace weft
