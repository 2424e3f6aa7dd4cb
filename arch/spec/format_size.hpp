// How many bits a tensor takes when it is written down in a format: expected from its density, in closed
// form, and counted from the positions of its non-zeros. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "arch/spec/sparse.hpp"

namespace weft {

// Probability that `zeros` given words are all zero, when `nonzeros` of a tensor's `words` are not and every
// arrangement is equally likely: C(words - zeros, nonzeros) / C(words, nonzeros).
[[nodiscard]] double all_zero(std::int64_t words, std::int64_t nonzeros, std::int64_t zeros);

// What a format writes down, for any number of words.
struct Occupancy {
  double words = 0, nonzeros = 0;
  double padding = 0;  // tokens whose word is a zero (formats with runs)
  double fibers = 0;   // pointers
  Occupancy& operator+=(const Occupancy& other);
};

// Words of one fiber of the tensor. `instances`: of the level.
[[nodiscard]] std::int64_t fiber_words(const TensorFormat& format, const Problem& problem, Role role,
                                       std::int64_t instances);
// Bits of one run-length token or of one coordinate with its word, and of a coordinate.
[[nodiscard]] double token_bits(const TensorFormat& format, int bits);
[[nodiscard]] int coordinate_bits(const TensorFormat& format, std::int64_t fiber);
// Bits of all that, words of `bits` each.
[[nodiscard]] double encoded_bits(const TensorFormat& format, int bits, std::int64_t fiber,
                                  const Occupancy& occupancy);

// Of one word on average, in fibers of `fiber` words of a tensor of `words` words, `nonzeros` of them not
// zero and every arrangement equally likely. A padding token ends every window of 2^run zeros between a
// non-zero and what comes before it in its fiber; that g given words are all zero has the probability
// C(words - g, nonzeros) / C(words, nonzeros), the hypergeometric one of drawing no non-zero.
[[nodiscard]] Occupancy expected_occupancy(const TensorFormat& format, std::int64_t fiber, std::int64_t words,
                                           std::int64_t nonzeros);

// The same counted, word after word.
class OccupancyCounter {
 public:
  OccupancyCounter(const TensorFormat& format, std::int64_t fiber)
      : fiber_(fiber), window_(has_runs(format.kind) ? std::int64_t{1} << format.run.count() : 0) {}
  // The next `count` words, of which those that `positions` has set at [from, from + count) are not zero.
  void add(const Bitmap& positions, std::int64_t from, std::int64_t count);
  [[nodiscard]] Occupancy result() const;

 private:
  void add_runs(const Bitmap& positions, std::int64_t from, std::int64_t count);
  std::int64_t fiber_, window_;
  std::int64_t words_ = 0, nonzeros_ = 0, padding_ = 0;
  std::int64_t last_ = -1;  // word of the fiber's last non-zero, as counted over all words
};

}  // namespace weft
