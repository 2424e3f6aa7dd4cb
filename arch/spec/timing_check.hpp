// The invariants of the mechanisms of timing.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "arch/spec/accelerator_check.hpp"

namespace weft {

void check_controller(const Controller& controller, std::vector<Finding>& findings);
// `at`: path of the memory in the file.
void check_memory_timing(const Memory& memory, const std::string& at, std::vector<Finding>& findings);
// What a memory can be banked with depends on where it is. `at`: path of the memory in the file.
void check_banking(const Memory& memory, bool outermost, const std::string& at,
                   std::vector<Finding>& findings);
// `at`: path of the fan-out; `last`: compute units below it.
void check_links(const FanOut& fanout, const Compute& compute, bool last, const std::string& at,
                 std::vector<Finding>& findings);

}  // namespace weft
