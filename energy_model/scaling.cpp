// The coefficients of the scaling paper, and interpolation between its nodes.
// SPDX-License-Identifier: Apache-2.0
#include "energy_model/scaling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace weft {
namespace {

// energy = a V^2 + b V + c.
struct Quadratic {
  double a = 0, b = 0, c = 0;
};

struct Node {
  double nm = 0;
  Quadratic high_performance, low_power;
  double area = 1;  // relative to 45 nm
};

// Columns of the paper's tables of energy coefficients and of area scaling from 45 nm. From 65 nm up there is
// one kind of transistor.
constexpr std::array<Node, 11> kNodes = {{
    {7, {0.1776, -0.09097, 0.02447}, {0.09365, -0.03409, 0.02043}, 0.059},
    {10, {0.2068, -0.09311, 0.02375}, {0.1261, -0.0518, 0.02769}, 0.1},
    {14, {0.2363, -0.09675, 0.02239}, {0.1556, -0.06472, 0.03066}, 0.17},
    {16, {0.2958, -0.1241, 0.03024}, {0.2139, -0.1187, 0.05639}, 0.19},
    {20, {0.373, -0.1582, 0.04104}, {0.2632, -0.14, 0.06841}, 0.21},
    {32, {0.8367, -0.4341, 0.1701}, {0.9559, -0.7823, 0.471}, 0.46},
    {45, {1.018, -0.3107, 0.1539}, {1.103, -0.362, 0.2767}, 1},
    {65, {3.755, -4.398, 1.975}, {3.755, -4.398, 1.975}, 1.5},
    {90, {4.762, -4.781, 2.092}, {4.762, -4.781, 2.092}, 2.8},
    {130, {7.171, -6.709, 2.904}, {7.171, -6.709, 2.904}, 6.4},
    {180, {0, 24.64, -17.98}, {0, 24.64, -17.98}, 19},
}};

double energy_of(const Node& node, double volts, Devices devices) {
  const Quadratic& q = devices == Devices::kLowPower ? node.low_power : node.high_performance;
  return (q.a * volts + q.b) * volts + q.c;
}

// `value(node)` at any size: a power law between the neighbours, constant beyond the ends.
template <class Value>
double between_nodes(double nm, const Value& value) {
  const auto right =
      std::find_if(kNodes.begin(), kNodes.end(), [&](const Node& node) { return node.nm >= nm; });
  if (right == kNodes.begin()) {
    return value(kNodes.front());
  }
  if (right == kNodes.end()) {
    return value(kNodes.back());
  }
  const Node& b = *right;
  const Node& a = *(right - 1);
  const double share = std::log(nm / a.nm) / std::log(b.nm / a.nm);
  return value(a) * std::pow(value(b) / value(a), share);
}

}  // namespace

double energy_factor(const Process& from, const Process& to) {
  const auto energy = [&](const Process& process) {
    const double volts = std::clamp(process.volts, 0.5, 1.3);
    return between_nodes(process.nm, [&](const Node& node) {
      // The straight line of 180 nm crosses zero at 0.73 V; nobody runs it there.
      return std::max(energy_of(node, volts, from.devices), 1e-3);
    });
  };
  return energy(to) / energy(from);
}

double area_factor(double from_nm, double to_nm) {
  const auto area = [](const Node& node) { return node.area; };
  return between_nodes(to_nm, area) / between_nodes(from_nm, area);
}

bool in_scaling_range(const Process& process) {
  return process.nm >= kNodes.front().nm && process.nm <= kNodes.back().nm && process.volts >= 0.5 &&
         process.volts <= 1.3;
}

}  // namespace weft
