// Mappings under the rules of the tiler in Bit Fusion's own simulator (github.com/hsharma35/bitfusion,
// optimizer.py, stated here in our words):
//   - tiles of batch, of output rows and columns alike, and of input channels are powers of two or the whole
//     dim; tiles of output channels are powers of two of columns or the whole dim;
//   - the last tile along a dim is computed and moved whole, so are the columns of the array;
//   - inputs shared by neighbouring tiles come again for each;
//   - an output tile is read each time it comes, the first time too;
//   - any order of the tiles; the least cycles count: the slower of computing and of what the DRAM moves,
//   after
//     the first tiles have come.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "energy_model/energy.hpp"
#include "workload/problem.hpp"

namespace weft::validation {

struct Tiled {
  double cycles = 0;
  double energy_pj = 0;
};
// The problem is a convolution of square outputs and kernel; the accelerator is configs/arch/bitfusion.yaml
// or one like it.
[[nodiscard]] Tiled tiled_as_bitfusion(const ConvShape& shape, const PerRole<int>& bits,
                                       const Accelerator& accelerator, const EnergyTable& table);

}  // namespace weft::validation
