// A validation: published numbers beside ours, what they are worth, what is claimed about them and what is
// not. Suites compute; printing them is print.hpp's.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/registry.hpp"
#include "validation/comparison.hpp"

namespace weft::validation {

// What stands behind a published number.
enum class Truth : std::uint8_t {
  kSilicon,  // a chip was measured
  kRtl,      // register-transfer code was simulated or emulated
  kModel,    // the authors' own model of their machine
  kTool,     // another tool's output for the same inputs
};
[[nodiscard]] std::string_view name_of(Truth truth);

// Rows of one quantity. A row's `what` names the layer or case.
struct Series {
  std::string title{};  // "processing latency"
  std::string unit{};   // of both numbers: "ms"
  Truth truth = Truth::kModel;
  std::string source{};  // publication and place in it
  std::vector<Comparison> rows{};
  std::vector<std::string> notes{};  // a word on each row; empty: none at all
  // Parts of the printed page: long series show their worst rows only, unless everything is asked for.
  bool summarised = false;
  bool ranked = false;  // the order of the rows means something: Spearman's correlation is shown
};

// A statement with a number that a run can break.
struct Claim {
  enum class Relation : std::uint8_t { kAtMost, kAtLeast, kExactly };
  std::string what{};  // "worst row of processing latency"
  double found = 0;
  Relation relation = Relation::kAtMost;
  double limit = 0;
  bool percent = false;  // print both numbers as shares
  [[nodiscard]] bool met() const;
};
[[nodiscard]] Claim worst_within(const Series& series, double share);
[[nodiscard]] Claim mean_within(const Series& series, double share);
[[nodiscard]] Claim ranks_at_least(const Series& series, double spearman);
// No row differs by more than the tolerance.
[[nodiscard]] Claim all_equal(const Series& series, const Tolerance& tolerance = {});

struct SuiteResult {
  std::string machine{};  // what ran: accelerator file, options
  std::vector<Series> series{};
  std::vector<Claim> claims{};
  std::string informed{};  // which rows the model or its parameters were made with, and which not
  std::vector<std::string> not_modelled{};
  [[nodiscard]] bool met() const;
};

struct SuiteOptions {
  std::filesystem::path data{};   // configs/validation
  std::filesystem::path table{};  // other rows with the columns of the suite's own table; empty: its own
};

// Throws ConfigError where a data file is not what it should be.
struct Suite {
  std::function<SuiteResult(const SuiteOptions&)> run{};
  std::string table{};  // file in `data` that `SuiteOptions::table` may stand in for; empty: none
};
// All suites, in the order in which they are printed.
[[nodiscard]] const Registry<Suite>& suites();
[[nodiscard]] SuiteOptions default_options();

// The rows of a suite, of its own table or of the other one.
[[nodiscard]] std::filesystem::path table_of(const SuiteOptions& options, const char* own);

}  // namespace weft::validation
