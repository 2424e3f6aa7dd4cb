// Reading and printing the section `compute.precision` of an accelerator file. Ranges are checked later, with
// the rest of the accelerator. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arch/spec/accelerator_check.hpp"
#include "arch/spec/timing_read.hpp"

namespace weft {

[[nodiscard]] Precision read_precision(yaml::Section section, const NotePlace& note);
void check_precision(const Accelerator& accelerator, std::vector<Finding>& findings);
// "{mode: fused, brick: 2 b}"; only what the mode has.
[[nodiscard]] std::string precision_text(const Precision& precision);

}  // namespace weft
