// What a space file asks for beside its objectives: a target and a baseline.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/yaml.hpp"
#include "dse/space.hpp"

namespace weft {

// Reads `target` and `baseline` of a space's root.
void read_answers(yaml::Section& root, DesignSpace& space);
[[nodiscard]] std::string print_answers(const DesignSpace& space);

}  // namespace weft
