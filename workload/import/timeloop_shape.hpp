// The shape of a problem of Timeloop: its dims, coefficients and data-spaces, before an instance gives
// them sizes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "workload/import.hpp"
#include "workload/problem.hpp"

namespace weft::timeloop {

inline constexpr std::int64_t kLargestSize = std::int64_t{1} << 40U;  // of a dim or a coefficient

struct Shape {
  // A sum of products of words: dims, names of coefficients, numbers. What they mean is not yet checked.
  using Terms = std::vector<std::vector<std::string>>;
  struct DataSpace {
    std::string name{};
    double density = 1;
    bool written = false;
    std::vector<Terms> ranks{};
    yaml::Value where;
  };

  std::string name{};
  std::vector<Dim> dims{};                             // sizes are 1
  std::map<std::string, std::int64_t> coefficients{};  // by name, with their defaults
  std::map<std::string, std::string> renamed{};        // what an instance may say instead of a dim's name
  std::vector<DataSpace> spaces{};                     // none: the shape cannot be used, which was reported
};

// One that is written out, or that Timeloop knows by name. What is wrong is reported at its place.
[[nodiscard]] Shape read_shape(const yaml::Value& value, ImportNotes& notes);

}  // namespace weft::timeloop
