// Which choices moved a figure: analysis of variance, one choice at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace weft::report {

// The share of the variance of `values` that the groups explain, 0 to 1: epsilon squared, the correlation
// ratio corrected for the number of groups (Kelley, An unbiased correlation ratio measure, PNAS 1935):
// (SSB - (groups - 1) MSW) / SST, 0 where that is negative. `group[i]` is the group of values[i], from 0.
// None: fewer than two groups with values, no more values than groups, or no variance.
[[nodiscard]] std::optional<double> explained_share(const std::vector<double>& values,
                                                    const std::vector<std::size_t>& group);

}  // namespace weft::report
