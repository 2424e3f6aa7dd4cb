// Builds the two problems everything is made of: convolutions and matrix products.
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "base/checked.hpp"
#include "workload/problem.hpp"

namespace weft {
namespace {

void require(bool holds, const std::string& sentence) {
  if (!holds) {
    throw std::invalid_argument(sentence);
  }
}

// One spatial axis of a convolution.
struct Axis {
  std::int64_t in, kernel, stride, dilation, pad_before, pad_after;
};

// Number of window positions; 0 or less when the kernel does not fit.
std::int64_t positions(const Axis& axis) {
  const std::int64_t padded = checked_add(checked_add(axis.in, axis.pad_before), axis.pad_after);
  const std::int64_t reach = checked_add(checked_mul(axis.dilation, axis.kernel - 1), 1);
  return padded < reach ? 0 : (padded - reach) / axis.stride + 1;
}

Axis rows(const ConvShape& s) {
  return {s.in_h, s.kernel_h, s.stride_h, s.dilation_h, s.pad_top, s.pad_bottom};
}
Axis columns(const ConvShape& s) {
  return {s.in_w, s.kernel_w, s.stride_w, s.dilation_w, s.pad_left, s.pad_right};
}

void check_axis(const Axis& axis, const std::string& name) {
  require(axis.in >= 1, "the input " + name + " is " + std::to_string(axis.in) + "; it must be at least 1");
  require(axis.kernel >= 1, "the kernel " + name + " must be at least 1");
  require(axis.stride >= 1, "the stride must be at least 1");
  require(axis.dilation >= 1, "the dilation must be at least 1");
  require(axis.pad_before >= 0 && axis.pad_after >= 0, "padding must not be negative");
  require(positions(axis) >= 1, "the kernel is larger than the padded input in " + name);
}

void check_shape(const ConvShape& s) {
  require(s.batch >= 1, "the batch must be at least 1");
  require(s.groups >= 1, "groups must be at least 1");
  require(s.in_channels >= 1 && s.out_channels >= 1, "channels must be at least 1");
  require(s.in_channels % s.groups == 0, std::to_string(s.in_channels) +
                                             " input channels do not divide into " +
                                             std::to_string(s.groups) + " groups");
  require(s.out_channels % s.groups == 0, std::to_string(s.out_channels) +
                                              " output channels do not divide into " +
                                              std::to_string(s.groups) + " groups");
  check_axis(rows(s), "height");
  check_axis(columns(s), "width");
}

Rank plain(const Problem& problem, int dim) {
  return {{{dim, 1}}, 0, problem.size(dim)};
}

Rank window(const Axis& axis, int position, int tap) {
  return {{{position, axis.stride}, {tap, axis.dilation}}, -axis.pad_before, axis.in};
}

TensorShape tensor_of(const Problem& problem, const char* name, std::initializer_list<int> dims) {
  TensorShape tensor{.name = name};
  for (const int dim : dims) {
    tensor.ranks.push_back(plain(problem, dim));
  }
  return tensor;
}

void require_valid(const Problem& problem) {
  const std::string broken = validate(problem);
  require(broken.empty(), broken);
}

}  // namespace

std::int64_t out_h(const ConvShape& shape) {
  return positions(rows(shape));
}
std::int64_t out_w(const ConvShape& shape) {
  return positions(columns(shape));
}

Problem make_conv(const ConvShape& s) {
  try {
    check_shape(s);
  } catch (const OverflowError&) {
    throw std::invalid_argument("a size of the convolution exceeds 2^63-1");
  }
  const std::int64_t c = s.in_channels / s.groups;
  Problem problem{.name = s.name, .kind = c == 1 && s.groups > 1 ? "depthwise" : "conv"};
  enum : int { kN, kG, kK, kC, kP, kQ, kR, kS };
  problem.dims = {{"N", s.batch},    {"G", s.groups},  {"K", s.out_channels / s.groups},
                  {"C", c},          {"P", out_h(s)},  {"Q", out_w(s)},
                  {"R", s.kernel_h}, {"S", s.kernel_w}};
  problem.tensor(Role::kWeights) = tensor_of(problem, "weights", {kG, kK, kC, kR, kS});
  problem.tensor(Role::kInputs) = tensor_of(problem, "inputs", {kN, kG, kC});
  problem.tensor(Role::kInputs).ranks.push_back(window(rows(s), kP, kR));
  problem.tensor(Role::kInputs).ranks.push_back(window(columns(s), kQ, kS));
  problem.tensor(Role::kOutputs) = tensor_of(problem, "outputs", {kN, kG, kK, kP, kQ});
  require_valid(problem);
  return problem;
}

Problem make_gemm(const GemmShape& s) {
  const bool batched = s.weights == GemmShape::Weights::kBatched;
  Problem problem{.name = s.name, .kind = batched ? "matmul" : "gemm"};
  enum : int { kB, kM, kN, kK };
  problem.dims = {{"B", s.batch}, {"M", s.m}, {"N", s.n}, {"K", s.k}};
  problem.tensor(Role::kWeights) =
      batched ? tensor_of(problem, "weights", {kB, kK, kN}) : tensor_of(problem, "weights", {kK, kN});
  problem.tensor(Role::kInputs) = tensor_of(problem, "inputs", {kB, kM, kK});
  problem.tensor(Role::kOutputs) = tensor_of(problem, "outputs", {kB, kM, kN});
  require_valid(problem);
  return problem;
}

}  // namespace weft
