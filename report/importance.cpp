// One-way analysis of variance.
// SPDX-License-Identifier: Apache-2.0
#include "report/importance.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace weft::report {
namespace {

struct Sum {
  double sum = 0;
  double count = 0;
};

}  // namespace

std::optional<double> explained_share(const std::vector<double>& values,
                                      const std::vector<std::size_t>& group) {
  std::map<std::size_t, Sum> groups;
  Sum all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Sum& of = groups[group.at(i)];
    of.sum += values[i];
    of.count += 1;
    all.sum += values[i];
    all.count += 1;
  }
  const auto freedom = all.count - static_cast<double>(groups.size());
  if (groups.size() < 2 || freedom < 1) {
    return std::nullopt;
  }
  const double mean = all.sum / all.count;
  double total = 0, between = 0;
  for (const double value : values) {
    total += (value - mean) * (value - mean);
  }
  for (const auto& [key, of] : groups) {
    between += of.count * std::pow(of.sum / of.count - mean, 2);
  }
  if (!(total > 0)) {
    return std::nullopt;
  }
  const double noise = std::max(0.0, total - between) / freedom;
  return std::clamp((between - static_cast<double>(groups.size() - 1) * noise) / total, 0.0, 1.0);
}

}  // namespace weft::report
