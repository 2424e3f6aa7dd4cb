// A law: one number of an energy table as a function of a size in bits, with the range it holds for and the
// source it comes from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace weft {

// Values are pJ or um2 for `per` bits (memories, wires) or for one operation (per = 1).
//   constant    the same for every size
//   polynomial  coefficients[0] + coefficients[1] x + coefficients[2] x^2 ...
//   points      through the points by power laws, the outer ones going on beyond the ends (one point:
//   constant)
struct Law {
  enum class Form { kConstant, kPolynomial, kPoints };
  struct Point {
    double size = 0;
    double value = 0;
  };
  Form form = Form::kConstant;
  std::vector<double> coefficients{};
  std::vector<Point> points{};  // sizes rising
  double per = 1;
  double low = 0, high = std::numeric_limits<double>::infinity();  // sizes it holds for
  std::string source{};

  // The value for one bit (or operation). No coefficients and no points: 0.
  [[nodiscard]] double at(double size) const;
  [[nodiscard]] bool holds(double size) const { return size >= low && size <= high; }
};

}  // namespace weft
