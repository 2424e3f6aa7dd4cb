// What computes and what is computed, for programs that draw.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "arch/spec/accelerator.hpp"
#include "workload/problem.hpp"

namespace weft::cli {

// name, levels[] {name, instances, memories[], fanout}, compute, vector_lanes. Sizes in bits, bandwidths in
// bits per cycle and instance; null: unbounded.
[[nodiscard]] nlohmann::ordered_json machine_json(const Accelerator& accelerator);
// dims {name: size}, bits {weights, inputs, outputs}
[[nodiscard]] nlohmann::ordered_json problem_json(const Problem& problem);
// To four decimals.
[[nodiscard]] nlohmann::ordered_json shares_json(const std::vector<double>& shares);

}  // namespace weft::cli
