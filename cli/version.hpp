// Which program this is: version of the project and revision of the sources it was built from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weft::cli {

[[nodiscard]] std::string version();       // "0.1.0"
[[nodiscard]] std::string revision();      // "1a2b3c4d5e6f", with "+" when files were changed; "unknown"
[[nodiscard]] std::string libraries();     // "SystemC 2.3.4, ..."
[[nodiscard]] std::string version_line();  // "weft 0.1.0 (1a2b3c4d5e6f)"

}  // namespace weft::cli
