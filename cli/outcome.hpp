// What a verb hands back to main(): verbs print nothing themselves.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weft::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;     // ran, but no legal mapping, or a check failed
inline constexpr int kExitUsage = 2;      // bad usage or configuration
inline constexpr int kExitInternal = 70;  // our bug
inline constexpr int kExitStopped = 130;  // by the user, with everything saved

struct Outcome {
  int exit_code = kExitOk;
  std::string results{};  // standard output
  std::string notes{};    // standard error
};

}  // namespace weft::cli
