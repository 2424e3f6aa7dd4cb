// How every JSON report of a run begins.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cli/report.hpp"

namespace weft::cli {

// schema, version, revision, run, unknown_operators, warnings
[[nodiscard]] nlohmann::ordered_json json_head(const Report& report, const Setup& setup);

}  // namespace weft::cli
