// Texts for YAML that we write, so that the checked reader gives back the same text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace weft::yaml {

// In double quotes, with escapes for quotes, backslashes and control characters.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace weft::yaml
