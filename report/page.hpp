// One HTML file that says what a run or a study found, opens without a network and holds its own data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace weft::report {

// `data` is what the page embeds, unchanged, as <script type="application/json" id="weft-data">:
//   {"schema": "weft-report/1", "version": ..., "title": ...,
//    "run": a JSON report of estimate, map or simulate; of a study: that of the chosen design, or null,
//    "study": study_json(), or null;
//    "validation": a list of {suite, met, title, unit, reference_kind, source, rows, mean_absolute_error,
//    worst_error}, or null}
// Tables, the accelerator's picture and plain charts are in the page itself; the script, if the program has
// one, makes the charts interactive. Throws nlohmann::json::exception when a key is missing.
[[nodiscard]] std::string page_of(const nlohmann::ordered_json& data);

// The data of the page: {"schema", "version", "revision", "title", "study", "run", "validation": null}.
[[nodiscard]] nlohmann::ordered_json page_data(const std::string& version, const std::string& revision,
                                               const std::string& title, nlohmann::ordered_json study,
                                               nlohmann::ordered_json run);

}  // namespace weft::report
