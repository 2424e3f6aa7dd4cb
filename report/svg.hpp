// Drawings that need no script: the accelerator, and plain forms of the charts. Colours are classes of the
// page's style sheet, so that they follow light and dark.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace weft::report {

// The accelerator as boxes from the outermost level down to the array, with sizes. `machine` is the
// "accelerator" section of a run's JSON, `area` its "area_um2" (may be null).
[[nodiscard]] std::string machine_svg(const nlohmann::ordered_json& machine,
                                      const nlohmann::ordered_json& area);
// Energy of each layer (all copies) as stacked bars; `run` is a run's JSON. At most 40 rows: the layers that
// cost least stand together in the last one.
[[nodiscard]] std::string energy_svg(const nlohmann::ordered_json& run);
// The designs of a study by two figures, the front on top; `study` as study_json() makes it. Of more than
// 1,500 dominated designs every n-th is drawn.
[[nodiscard]] std::string front_svg(const nlohmann::ordered_json& study);
// Heat maps of the array: how busy each unit is, over all layers and in those that take longest; `run` is a
// run's JSON. Empty when no layer has array work.
[[nodiscard]] std::string array_svg(const nlohmann::ordered_json& run);
// The array's work and waiting, the ports and the buffers over the time of a simulated run; `back_to_back` is
// that section of a run's JSON, with a timeline.
[[nodiscard]] std::string timeline_svg(const nlohmann::ordered_json& back_to_back);
// Least traffic by buffer size, both logarithmic; `slope` is the "ski_slope" of weft map --ski-slope.
[[nodiscard]] std::string slope_svg(const nlohmann::ordered_json& slope);

}  // namespace weft::report
