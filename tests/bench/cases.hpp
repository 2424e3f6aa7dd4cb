// What is measured on: layers of ResNet-50 with a mapping that a short search with a fixed seed finds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "mapper/batch/batch.hpp"
#include "mapper/mapper.hpp"

namespace weft::bench {

struct Case {
  Accelerator accelerator;
  Problem problem;
  EnergyTable table;
  Mapping mapping;
};

// A request for the case's layer. Valid while the case lives.
[[nodiscard]] MapRequest request_of(const Case& example, std::int64_t evaluations);
// A layer of the preset resnet50 on a preset accelerator. Made once; later calls return the same one.
[[nodiscard]] const Case& resnet50_case(const std::string& accelerator, const std::string& layer);
// A product of matrices of 512 x 768 and 768 x 3072 on a preset accelerator. Made once.
[[nodiscard]] const Case& gemm_case(const std::string& accelerator);
// A 3x3 convolution of 64 by 64 channels on 14 x 14 positions, on Gemmini: small enough to be simulated in an
// instant.
[[nodiscard]] const Case& small_case();

// All mappings of the case that keep everything where it can be, with loops at every level in the order in
// which the problem names its dims. Valid while the case lives.
[[nodiscard]] batch::Batch batch_of(const Case& example);

}  // namespace weft::bench
