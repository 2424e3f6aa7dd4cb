// A study's folder for the tools of others.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.hpp"
#include "cli/outcome.hpp"

namespace weft::cli {

// weft convert weft FOLDER --to optuna --out FILE; `ours`: the format named is weft. Throws ConfigError:
// bad-usage, no-results, and what reading the study's space and journals says.
[[nodiscard]] Outcome convert_study(const ConvertArguments& arguments, bool ours);

}  // namespace weft::cli
