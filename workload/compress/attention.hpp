// The attention layers of a network and what belongs to them, as its graph shows them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/network.hpp"

namespace weft::compress {

// Products of two activations, softmax of the first in the second: queries x keys, probabilities x values.
struct Attention {
  int scores = 0, values = 0;      // layers
  std::vector<int> projections{};  // products with trained weights that make queries, keys and values
  std::int64_t images = 1, heads = 1;
  std::int64_t tokens = 1;   // queries of an image
  std::int64_t context = 1;  // keys of an image
};

// In the network's order.
[[nodiscard]] std::vector<Attention> attentions(const Network& network);

// A product with other sizes (B M N K), same widths and densities. Zeros that were counted are spread
// uniformly: which of them stay is not known.
void resize_product(Problem& problem, std::int64_t b, std::int64_t m, std::int64_t n, std::int64_t k);
[[nodiscard]] bool is_product(const Layer& layer);  // a problem with the dims B M N K

}  // namespace weft::compress
