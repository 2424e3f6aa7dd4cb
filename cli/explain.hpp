// Every energy of a run and every area of its machine as count times price, with the price's source.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/setup.hpp"
#include "mapper/mapper.hpp"

namespace weft::cli {

// A table per layer, one of the area and the list of sources (text); one row per part of an energy (CSV);
// the same with the area as JSON.
[[nodiscard]] std::string print_explained(const Setup& setup, const NetworkResult& result);

}  // namespace weft::cli
