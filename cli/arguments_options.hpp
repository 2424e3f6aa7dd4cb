// The command line's options. CLI11 is seen by arguments.cpp and arguments_parse.cpp only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"

namespace weft::cli {

// Every verb and option; what is parsed goes to `arguments`, which must outlive `app`.
void build(CLI::App& app, Arguments& arguments);

}  // namespace weft::cli
