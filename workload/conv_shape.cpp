// See conv_shape.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/conv_shape.hpp"

#include <algorithm>
#include <array>

namespace weft {
namespace {

std::int64_t padding_after(const Rank& window, std::int64_t positions, std::int64_t taps) {
  const std::int64_t reach = window.terms[1].coeff * (taps - 1) + 1 + window.terms[0].coeff * (positions - 1);
  return std::max<std::int64_t>(0, reach - window.extent + window.offset);
}

}  // namespace

std::optional<ConvShape> conv_shape_of(const Problem& p) {
  constexpr std::array kNames = {"N", "G", "K", "C", "P", "Q", "R", "S"};
  const std::vector<Rank>& in = p.tensor(Role::kInputs).ranks;
  const bool named = std::equal(p.dims.begin(), p.dims.end(), kNames.begin(), kNames.end(),
                                [](const Dim& dim, const char* name) { return dim.name == name; });
  if (!named || in.size() != 5 || in[3].terms.size() != 2 || in[4].terms.size() != 2) {
    return std::nullopt;
  }
  return ConvShape{.batch = p.size(0),
                   .in_channels = p.size(3) * p.size(1),
                   .out_channels = p.size(2) * p.size(1),
                   .in_h = in[3].extent,
                   .in_w = in[4].extent,
                   .kernel_h = p.size(6),
                   .kernel_w = p.size(7),
                   .stride_h = in[3].terms[0].coeff,
                   .stride_w = in[4].terms[0].coeff,
                   .dilation_h = in[3].terms[1].coeff,
                   .dilation_w = in[4].terms[1].coeff,
                   .pad_top = -in[3].offset,
                   .pad_left = -in[4].offset,
                   .pad_bottom = padding_after(in[3], p.size(4), p.size(6)),
                   .pad_right = padding_after(in[4], p.size(5), p.size(7)),
                   .groups = p.size(1)};
}

}  // namespace weft
