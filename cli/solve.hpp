// Maps the network of a run, or prices the mappings it was given.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/outcome.hpp"
#include "cli/report.hpp"
#include "cli/setup.hpp"
#include "mapper/mapper.hpp"

namespace weft::cli {

// Progress goes to standard error when that is a terminal.
[[nodiscard]] NetworkResult solve(const Setup& setup);

// Every layer for which nothing legal was found, with the reasons; empty: none.
[[nodiscard]] std::string missing_mappings(const Setup& setup, const NetworkResult& result);

// Writes every layer's mapping to the folder --save names, if any. Throws ConfigError: cannot-write.
void save_mappings(const Setup& setup, const NetworkResult& result);

// Solves and reports: what estimate and map do.
[[nodiscard]] Outcome solve_and_report(Verb verb, const RunArguments& arguments);

}  // namespace weft::cli
