// The invariants of an accelerator, found one by one: the loader turns findings into diagnostics with
// positions, validate() into a sentence.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"

namespace weft {

// What is wrong and where, as a path of the file: "levels[1].memories[0].width".
struct Finding {
  std::string path;
  std::string code;
  std::string message;
  std::string hint{};
};

// Every broken invariant, in the order of the file.
[[nodiscard]] std::vector<Finding> check_accelerator(const Accelerator& accelerator);

}  // namespace weft
