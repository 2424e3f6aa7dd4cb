// One command of the program from its words to its answer: what main() prints and Python is handed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/outcome.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

struct Answer {
  Outcome outcome{};
  std::vector<Diagnostic> diagnostics{};  // of a bad file or bad usage; the outcome's notes are their text
};

// Neither throws: what goes wrong is in the answer.
[[nodiscard]] Answer answer_of(const std::function<Outcome()>& work);
// argv[0] is skipped. `progress` hears of explore.
[[nodiscard]] Answer call(int argc, const char* const* argv, const StudyProgress& progress = {});

// exit_code, results, notes, diagnostics[] {file, line, column, code, message, hint}
[[nodiscard]] std::string answer_json(const Answer& answer);

}  // namespace weft::cli
