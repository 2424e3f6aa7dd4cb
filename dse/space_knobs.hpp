// The knobs of a design space.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/yaml.hpp"
#include "dse/space.hpp"

namespace weft {

// `[a, b]`: values; `{option: {part: value}}`: named options; `{arrange: [a, b, c], take: 2}`: all
// arrangements.
[[nodiscard]] Knob read_knob(const std::string& name, const yaml::Value& value);

}  // namespace weft
