// Evaluates laws.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/law.hpp"

#include <cmath>
#include <cstddef>

namespace weft {
namespace {

double polynomial(const std::vector<double>& coefficients, double x) {
  double result = 0;
  for (std::size_t i = coefficients.size(); i > 0; --i) {
    result = result * x + coefficients[i - 1];
  }
  return result;
}

double through(const std::vector<Law::Point>& points, double x) {
  if (points.size() < 2) {
    return points.empty() ? 0 : points.front().value;
  }
  std::size_t right = 1;
  while (right + 1 < points.size() && x > points[right].size) {
    ++right;
  }
  const Law::Point& a = points[right - 1];
  const Law::Point& b = points[right];
  const double exponent = std::log(b.value / a.value) / std::log(b.size / a.size);
  return a.value * std::pow(x / a.size, exponent);
}

}  // namespace

double Law::at(double size) const {
  return (form == Form::kPoints ? through(points, size) : polynomial(coefficients, size)) / per;
}

}  // namespace weft
