// Are presets found by name, and misses explained?
// SPDX-License-Identifier: Apache-2.0
#include "base/configs.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

class Configs : public testing::Test {
 protected:
  Configs() {
    fs::create_directories(folder_ / "arch");
    for (const char* name : {"tpu.yaml", "eyeriss.yaml", "notes.txt"}) {
      std::ofstream(folder_ / "arch" / name) << "name: x\n";
    }
    setenv("WEFT_CONFIGS", folder_.c_str(), 1);
  }
  ~Configs() override {
    unsetenv("WEFT_CONFIGS");
    fs::remove_all(folder_);
  }
  static std::string miss(const std::string& name) {
    try {
      return resolve_config("arch", "accelerator", name).string();
    } catch (const ConfigError& error) {
      return error.what();
    }
  }
  const fs::path folder_ = fs::temp_directory_path() / ("weft_configs_" + std::to_string(::getpid()));
};

TEST_F(Configs, FindPresetsByNameAndFilesByPath) {
  EXPECT_EQ(preset_names("arch"), (std::vector<std::string>{"eyeriss", "tpu"}));
  EXPECT_TRUE(preset_names("absent").empty());
  EXPECT_EQ(resolve_config("arch", "accelerator", "eyeriss"), folder_ / "arch/eyeriss.yaml");
  EXPECT_EQ(resolve_config("arch", "accelerator", "eyeriss.yaml"), folder_ / "arch/eyeriss.yaml");
  const fs::path file = folder_ / "arch" / "notes.txt";
  EXPECT_EQ(resolve_config("arch", "accelerator", file.string()), file);
}

TEST_F(Configs, ExplainMisses) {
  EXPECT_EQ(miss("eyerris"),
            "error: unknown accelerator 'eyerris'; known: eyeriss, tpu [unknown-name]\n"
            "  hint: did you mean 'eyeriss'?\n");
  EXPECT_EQ(miss("my/eyeriss.yaml"),
            "my/eyeriss.yaml: error: no such file [missing-file]\n"
            "  hint: did you mean the preset 'eyeriss'?\n");
  EXPECT_EQ(miss("absent.yaml"), "absent.yaml: error: no such file [missing-file]\n");
}

TEST_F(Configs, RefuseAWrongFolderInTheEnvironment) {
  setenv("WEFT_CONFIGS", "/nonexistent", 1);
  EXPECT_THROW((void)configs_dir(), ConfigError);
}

TEST(ConfigsFolder, IsTheSourceTreesForTestPrograms) {
  unsetenv("WEFT_CONFIGS");
  EXPECT_EQ(configs_dir(), fs::path(WEFT_SOURCE_DIR) / "configs");
}

}  // namespace
}  // namespace weft
