// Factorisations of trained words: truncated SVD and Tucker-2.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace weft::compress {

// [rows][columns] as [rows][rank] times [rank][columns], the nearest product of that rank in the Frobenius
// norm (Eckart & Young, Psychometrika 1936). 1 <= rank <= min(rows, columns).
struct LowRank {
  std::vector<float> first{}, second{};
  double error = 0;  // |words - first * second| / |words|
};
[[nodiscard]] LowRank low_rank(const std::vector<float>& words, std::int64_t rows, std::int64_t columns,
                               std::int64_t rank);

// Words of a convolution, [out][in][taps], as a pointwise one to in_rank channels, [in_rank][in], a kernel
// [out_rank][in_rank][taps], and a pointwise one back, [out][out_rank]: the leading singular vectors of both
// unfoldings (HOSVD: De Lathauwer et al., SIAM J. Matrix Anal. Appl. 2000).
struct Tucker2 {
  std::vector<float> in{}, core{}, out{};
  double error = 0;
};
struct KernelSize {
  std::int64_t out = 1, in = 1, taps = 1;
};
[[nodiscard]] Tucker2 tucker2(const std::vector<float>& words, const KernelSize& size, std::int64_t in_rank,
                              std::int64_t out_rank);

}  // namespace weft::compress
