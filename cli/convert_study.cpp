// Writes a study for Optuna.
// SPDX-License-Identifier: Apache-2.0
#include "cli/convert_study.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/table.hpp"
#include "dse/optuna_store.hpp"

namespace weft::cli {

Outcome convert_study(const ConvertArguments& arguments, bool ours) {
  if (!ours || arguments.out.empty()) {
    throw ConfigError({arguments.in}, "bad-usage",
                      "a study is written for Optuna from its folder into a file",
                      "weft convert weft FOLDER --to optuna --out FILE.db");
  }
  const MergedStudy study = merged_study(arguments.in);
  write_optuna(arguments.out, study);
  Outcome outcome;
  outcome.results =
      fmt::format("{} trials, {} on the front, written to {}\n", grouped(std::ssize(study.points)),
                  grouped(std::ssize(study.front)), arguments.out);
  for (const std::string& note : study.notes) {
    outcome.notes += note + "\n";
  }
  return outcome;
}

}  // namespace weft::cli
