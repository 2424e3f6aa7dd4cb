// The style sheet and the script that every page carries, put into the program when it is built.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace weft::report {

[[nodiscard]] std::string_view style_sheet();
// Our charts with Apache ECharts in one script; empty when the program was built without npm.
[[nodiscard]] std::string_view script();

}  // namespace weft::report
