// The verbs of the program, one source file each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cli/arguments.hpp"
#include "cli/outcome.hpp"

namespace weft::cli {

// How far a study is; called from one thread at a time.
using StudyProgress = std::function<void(std::int64_t done, std::int64_t total, const std::string& note)>;

// All throw ConfigError for bad input, before anything is written.
[[nodiscard]] Outcome run_estimate(const RunArguments& arguments);
[[nodiscard]] Outcome run_map(const RunArguments& arguments);
[[nodiscard]] Outcome run_simulate(const RunArguments& arguments);
[[nodiscard]] Outcome run_explore(const ExploreArguments& arguments, const StudyProgress& progress = {});
[[nodiscard]] Outcome run_check(const CheckArguments& arguments);
[[nodiscard]] Outcome run_list(const std::string& kind);
[[nodiscard]] Outcome run_validate(const ValidateArguments& arguments);
[[nodiscard]] Outcome run_report(const ReportArguments& arguments);
[[nodiscard]] Outcome run_init(const InitArguments& arguments);
[[nodiscard]] Outcome run_doctor();
[[nodiscard]] Outcome run_completion(const std::string& shell);
[[nodiscard]] Outcome run_convert(const ConvertArguments& arguments);
[[nodiscard]] Outcome run_compress(const CompressArguments& arguments);

}  // namespace weft::cli
