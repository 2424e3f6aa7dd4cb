// Answers for programs.
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "cli/call.hpp"

namespace weft::cli {

std::string answer_json(const Answer& answer) {
  using Json = nlohmann::ordered_json;
  Json json = {{"exit_code", answer.outcome.exit_code},
               {"results", answer.outcome.results},
               {"notes", answer.outcome.notes},
               {"diagnostics", Json::array()}};
  for (const Diagnostic& diagnostic : answer.diagnostics) {
    json["diagnostics"].push_back({{"file", diagnostic.where.file},
                                   {"line", diagnostic.where.line},
                                   {"column", diagnostic.where.column},
                                   {"code", diagnostic.code},
                                   {"message", diagnostic.message},
                                   {"hint", diagnostic.hint}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weft::cli
