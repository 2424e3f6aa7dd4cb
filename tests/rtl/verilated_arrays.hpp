// The SystemVerilog arrays of this folder, Verilated: the same pins as the register-level models. The shapes
// are those that CMakeLists.txt builds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/sim/golden/arrays.hpp"

namespace weft::testing {

[[nodiscard]] const std::vector<ArrayShape>& verilated_weight_stationary_shapes();
[[nodiscard]] const std::vector<ArrayShape>& verilated_output_stationary_shapes();
// An index into the lists above. The array has been reset.
[[nodiscard]] std::unique_ptr<WeightStationary> make_verilated_weight_stationary(std::size_t shape);
[[nodiscard]] std::unique_ptr<OutputStationary> make_verilated_output_stationary(std::size_t shape);

}  // namespace weft::testing
