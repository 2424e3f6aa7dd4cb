// Energy tables that are wrong: is the complaint the right one?
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "energy_model/energy.hpp"

namespace weft {
namespace {

constexpr const char* kGood = R"(table: demo
energy:
  multiply: {law: polynomial, coefficients: [0 pJ, 1 fJ], source: "s"}
  add: {law: constant, value: 1 pJ, source: "s"}
  vector_op: {law: constant, value: 1 pJ, source: "s"}
  regfile: {law: points, points: [[16 b, 1 fJ], [32 b, 2 fJ]], source: "s"}
  sram: {law: constant, value: 1 pJ, per: 64 b, range: [1 KiB, 2 KiB], source: "s"}
  wire: {law: constant, value: 1 pJ, source: "s"}
  dram: {default: a, types: {a: {law: constant, value: 1 pJ, source: "s"}}}
)";

// A file of this process's own, gone with the object.
class TableFile {
 public:
  explicit TableFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("weft_table_" + std::to_string(::getpid()) + ".yaml")) {
    std::ofstream(path_) << text;
  }
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;
  ~TableFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string code_of(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  const TableFile file(text.replace(at, from.size(), to));
  try {
    (void)EnergyTable::load(file.path());
  } catch (const ConfigError& error) {
    return error.diagnostics().size() == 1 ? error.diagnostics()[0].code : error.what();
  }
  return "accepted";
}

TEST(EnergyTableErrors, TheGoodTableIsGood) {
  EXPECT_EQ(code_of("demo", "demo"), "accepted");
  const TableFile file(kGood);
  EXPECT_EQ(EnergyTable::load(file.path()).name(), "demo");
}

TEST(EnergyTableErrors, EachHasItsCode) {
  EXPECT_EQ(code_of("value: 1 pJ, source: \"s\"", "value: 1 pJ"), "missing-source");
  EXPECT_EQ(code_of("source: \"s\"", "source: \"\""), "missing-source");
  EXPECT_EQ(code_of("value: 1 pJ, source", "value: 1, source"), "bad-unit");
  EXPECT_EQ(code_of("law: polynomial", "law: polinomial"), "unknown-name");
  EXPECT_EQ(code_of("law: polynomial", "value: 1 pJ, law: polynomial"), "conflicting-keys");
  EXPECT_EQ(code_of("[16 b, 1 fJ], [32 b, 2 fJ]", "[32 b, 1 fJ], [16 b, 2 fJ]"), "unsorted-points");
  EXPECT_EQ(code_of("[16 b, 1 fJ], ", "[16 b], "), "wrong-length");
  EXPECT_EQ(code_of("[[16 b, 1 fJ], [32 b, 2 fJ]]", "[]"), "wrong-length");
  EXPECT_EQ(code_of("[16 b, 1 fJ]", "[16 b, 0 fJ]"), "not-positive");
  EXPECT_EQ(code_of("per: 64 b", "per: 0 b"), "not-positive");
  EXPECT_EQ(code_of("[1 KiB, 2 KiB]", "[2 KiB, 1 KiB]"), "out-of-range");
  EXPECT_EQ(code_of("[1 KiB, 2 KiB]", "[2 KiB]"), "wrong-length");
  EXPECT_EQ(code_of("default: a", "default: b"), "unknown-name");
  EXPECT_EQ(code_of("  wire:", "  hop: {law: constant, value: 1 pJ, source: \"s\"}\n  wire:"),
            "conflicting-keys");
  EXPECT_EQ(code_of("  wire: {law: constant, value: 1 pJ, source: \"s\"}\n", ""), "missing-key");
  EXPECT_EQ(code_of("table: demo", "table: demo\ntechnology: 45 nm"), "missing-key");
  EXPECT_EQ(code_of("table: demo", "table: demo\nextra: 1"), "unknown-key");
}

TEST(EnergyTableErrors, UnknownDramTypesNameTheKnown) {
  Accelerator machine = load_accelerator("eyeriss");
  machine.levels[0].memories[0].dram_type = "core_memory";
  const EnergyTable table = EnergyTable::load("default_45nm");
  try {
    (void)make_cost_model(machine, table, make_gemm({}));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics()[0].code, "unknown-name");
    EXPECT_THAT(error.diagnostics()[0].hint, testing::HasSubstr("hbm2"));
  }
}

}  // namespace
}  // namespace weft
