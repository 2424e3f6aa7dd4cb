// What loading, checking and listing constraint files share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/yaml.hpp"
#include "mapper/constraints_file.hpp"

namespace weft {

// Reads the whole document. Without problem and accelerator (both null) names are taken as they come and
// `result` holds no levels. Throws ConfigError.
[[nodiscard]] ConstraintsHead read_constraints(const yaml::Document& document, const Problem* problem,
                                               const Accelerator* accelerator, Constraints& result);

}  // namespace weft
