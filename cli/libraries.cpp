// What the program was built with; CMake knows.
// SPDX-License-Identifier: Apache-2.0
#include "cli/version.hpp"

namespace weft::cli {

std::string libraries() {
  return WEFT_LIBRARIES;
}

}  // namespace weft::cli
