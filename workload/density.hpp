// How the non-zero words of a tensor are arranged. The share of them is TensorShape::density; the model says
// where they stand: for synthetic tensors, and for formats whose size depends on it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "workload/bitmap.hpp"

namespace weft {

//   uniform    any set of round(density * words) words, all equally likely: counts in parts of the tensor are
//              hypergeometric
//   n-of-m     exactly n of every m consecutive words along `axis` (the last group may be short)
//   banded     those nearest to the diagonal of the matrix of rows (first rank of several words) and the rest
//   block      runs of `block` consecutive words, all zero or all non-zero
//   channel    whole slices of `axis`
//   power-law  row r in proportion to (r + 1)^-exponent, rows (as above) in random order
//   measured   as counted in a real tensor
enum class Pattern : std::uint8_t { kUniform, kNofM, kBanded, kBlock, kChannel, kPowerLaw, kMeasured };
[[nodiscard]] std::string_view name_of(Pattern pattern);

struct DensityModel {
  Pattern pattern = Pattern::kUniform;
  std::int64_t n = 0, m = 0;                  // kNofM
  std::int64_t block = 0;                     // kBlock: words
  int axis = -1;                              // kNofM, kChannel: the rank; -1: the first one of several words
  double exponent = 0;                        // kPowerLaw, > 0
  std::string file{};                         // kMeasured: where it was read
  std::shared_ptr<const Bitmap> positions{};  // kMeasured: shared, because tensors are copied
  friend bool operator==(const DensityModel& a, const DensityModel& b);
};

// Share of non-zeros and their arrangement, as users write them.
struct Sparsity {
  double density = 1;
  DensityModel model{};
};
// "dense", "0.3", "sparse:0.3" (uniform), "2:4", "banded:0.1", "block:0.3:16", "channel:0.5",
// "power-law:0.1:1.5", "file:weights.npy". Throws std::invalid_argument with a sentence; a file that cannot
// be read throws ConfigError.
[[nodiscard]] Sparsity parse_sparsity(const std::string& text);
inline constexpr const char* kSparsityHint =
    "dense, sparse:0.3, 2:4, banded:0.1, block:0.3:16, channel:0.5, power-law:0.1:1.5 or file:weights.npy";
// The text that parse_sparsity() reads back.
[[nodiscard]] std::string to_text(const Sparsity& sparsity);

struct Problem;
enum class Role : std::uint8_t;
// Gives a tensor of the problem that density. Groups of n:m lie along its longest reduction dim, channels are
// the filters of the weights and the longest reduction dim of the inputs. Throws std::invalid_argument when a
// measured tensor has another number of words.
void set_sparsity(Problem& problem, Role role, const Sparsity& sparsity);

// Positions of the non-zeros of an .npy file (NumPy format 1 or 2; integers of 1 to 8 bytes, floats of 4 or
// 8, C order). Throws ConfigError: missing-file, bad-tensor-file.
[[nodiscard]] Bitmap load_positions(const std::string& file);

}  // namespace weft
