// sparse.hpp as YAML lines that load to the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arch/spec/accelerator.hpp"

namespace weft {

// Lines indented by `depth`; nothing for what is not stated.
[[nodiscard]] std::string print_formats(const Memory& memory, int depth);
[[nodiscard]] std::string print_sieve(const Sieve& sieve, int depth);
[[nodiscard]] std::string print_zeros(const ZeroHandling& zeros, int depth);

}  // namespace weft
