// What a study found, printed as text, JSON or CSV.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "cli/setup.hpp"
#include "dse/study.hpp"

namespace weft::cli {

[[nodiscard]] std::string print_study(const StudyResult& result, const ExploreArguments& arguments,
                                      Format format);
[[nodiscard]] std::string print_study_json(const StudyResult& result, const ExploreArguments& arguments);

// "width=0.75 resolution=160" and the label of every knob.
[[nodiscard]] std::string network_label(const DesignSpace& space, const StudyPoint& point);
[[nodiscard]] const std::string& knob_label(const DesignSpace& space, const StudyPoint& point,
                                            std::size_t knob);

}  // namespace weft::cli
