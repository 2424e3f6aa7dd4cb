// The invariants of sparse.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "arch/spec/accelerator_check.hpp"

namespace weft {

// `at`: path of the memory in the file.
void check_formats(const Memory& memory, const std::string& at, std::vector<Finding>& findings);
void check_zeros(const Accelerator& accelerator, std::vector<Finding>& findings);

}  // namespace weft
