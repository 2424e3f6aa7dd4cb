// Finds the convolution in a problem with names of its own.
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "workload/import.hpp"

namespace weft {
namespace {

enum Letter { kN, kG, kK, kC, kP, kQ, kR, kS, kLetters };

struct Window {
  int position = -1, tap = -1;
  std::int64_t stride = 1, dilation = 1;
};

// Which dim of the problem is which letter; -1: none. Nothing when two dims want to be the same.
class Letters {
 public:
  Letters() { dims_.fill(-1); }
  [[nodiscard]] bool set(Letter letter, int dim) {
    if (dims_[letter] >= 0) {
      return false;
    }
    dims_[letter] = dim;
    return true;
  }
  [[nodiscard]] std::int64_t size(const Problem& problem, Letter letter) const {
    return dims_[letter] < 0 ? 1 : problem.size(dims_[letter]);
  }
  [[nodiscard]] int dim(Letter letter) const { return dims_[letter]; }

 private:
  std::array<int, kLetters> dims_{};
};

// The windows of the inputs; nothing when a rank is neither one dim nor a position and a tap.
std::optional<std::vector<Window>> windows_of(const Problem& problem) {
  std::vector<Window> windows;
  for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
    if (rank.terms.size() == 1 && rank.terms[0].coeff == 1) {
      continue;
    }
    if (rank.terms.size() != 2 || rank.offset != 0) {
      return std::nullopt;
    }
    Window window;
    for (const Term& term : rank.terms) {
      const bool position = class_of(problem, term.dim) == DimClass::kPositions;
      (position ? window.position : window.tap) = term.dim;
      (position ? window.stride : window.dilation) = term.coeff;
    }
    if (window.position < 0 || window.tap < 0 || class_of(problem, window.tap) != DimClass::kReduction) {
      return std::nullopt;
    }
    windows.push_back(window);
  }
  return windows;
}

bool set_windows(Letters& letters, const std::vector<Window>& windows) {
  constexpr std::array kPositions = {kP, kQ};
  constexpr std::array kTaps = {kR, kS};
  if (windows.empty() || windows.size() > 2) {
    return false;
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (!letters.set(kPositions[i], windows[i].position) || !letters.set(kTaps[i], windows[i].tap)) {
      return false;
    }
  }
  return true;
}

bool set_plain(Letters& letters, const Problem& problem, const std::vector<Window>& windows) {
  for (int dim = 0; dim < problem.rank(); ++dim) {
    bool windowed = false;
    for (const Window& window : windows) {
      windowed = windowed || window.position == dim || window.tap == dim;
    }
    const DimClass kind = class_of(problem, dim);
    const Letter letter = kind == DimClass::kFilters     ? kK
                          : kind == DimClass::kReduction ? kC
                          : kind == DimClass::kPositions ? kN
                                                         : kG;
    if (!windowed && (kind == DimClass::kOther || !letters.set(letter, dim))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<RenamedProblem> as_convolution(const Problem& problem) {
  const auto windows = windows_of(problem);
  Letters letters;
  if (!windows || !set_windows(letters, *windows) || !set_plain(letters, problem, *windows)) {
    return std::nullopt;
  }
  const auto size = [&](Letter letter) { return letters.size(problem, letter); };
  ConvShape shape{.name = problem.name,
                  .batch = size(kN),
                  .in_channels = size(kC) * size(kG),
                  .out_channels = size(kK) * size(kG),
                  .kernel_h = size(kR),
                  .kernel_w = size(kS),
                  .stride_h = windows->at(0).stride,
                  .dilation_h = windows->at(0).dilation,
                  .groups = size(kG)};
  if (windows->size() == 2) {
    shape.stride_w = windows->at(1).stride;
    shape.dilation_w = windows->at(1).dilation;
  }
  shape.in_h = (size(kP) - 1) * shape.stride_h + (size(kR) - 1) * shape.dilation_h + 1;
  shape.in_w = (size(kQ) - 1) * shape.stride_w + (size(kS) - 1) * shape.dilation_w + 1;
  RenamedProblem result{.problem = make_conv(shape)};
  for (const Role role : kAllRoles) {
    result.problem.tensor(role).bits = problem.tensor(role).bits;
    result.problem.tensor(role).density = problem.tensor(role).density;
  }
  result.dims.assign(problem.dims.size(), -1);
  for (int letter = 0; letter < kLetters; ++letter) {
    if (const int dim = letters.dim(static_cast<Letter>(letter)); dim >= 0) {
      result.dims[static_cast<std::size_t>(dim)] = letter;
    }
  }
  return result;
}

}  // namespace weft
