// See bank_conflicts.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/bank_conflicts.hpp"

#include <algorithm>
#include <utility>

#include "arch/spec/conflicts.hpp"

namespace weft::sim {
namespace {

constexpr std::int64_t kMostCycles = 1024;  // of one channel

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

std::int64_t input_part(const Window& window, const Found& input) {
  std::int64_t at =
      window.position < 0 ? 0 : window.stride * input[static_cast<std::size_t>(window.position)];
  return at + (window.tap < 0 ? 0 : input[static_cast<std::size_t>(window.tap)]);
}

std::int64_t weight_part(const Window& window, const Found& weight) {
  return window.tap < 0 ? 0 : window.step * weight[static_cast<std::size_t>(window.tap)];
}

// Along the window's rank; may be negative at its border.
std::int64_t output_of(const Window& window, const Found& weight, const Found& input) {
  return floor_div(input_part(window, input) - weight_part(window, weight), window.stride);
}

// Places between the first and the last output that these weights and inputs make.
std::int64_t extent_of(const Window& window, const std::vector<Found>& weights,
                       const std::vector<Found>& inputs) {
  const auto range = [&](const std::vector<Found>& list, const auto& part) {
    const auto [low, high] = std::minmax_element(
        list.begin(), list.end(),
        [&](const Found& a, const Found& b) { return part(window, a) < part(window, b); });
    return std::pair(part(window, *low), part(window, *high));
  };
  const auto [first_in, last_in] = range(inputs, input_part);
  const auto [first_tap, last_tap] = range(weights, weight_part);
  return floor_div(last_in - first_tap, window.stride) - floor_div(first_in - last_tap, window.stride) + 1;
}

}  // namespace

std::vector<Found> list_nonzeros(const TensorShape& tensor, const Bitmap& positions,
                                 const std::vector<std::int64_t>& fixed, const std::vector<int>& dims,
                                 const std::vector<const UnitClasses::Class*>& own) {
  std::vector<Found> found;
  std::vector<std::int64_t> by_dim = fixed;
  std::vector<std::size_t> digit(own.size(), 0);
  Found indices(own.size());
  while (true) {
    for (std::size_t d = 0; d < own.size(); ++d) {
      indices[d] = own[d]->indices[digit[d]];
      by_dim[static_cast<std::size_t>(dims[d])] = indices[d];
    }
    std::int64_t word = 0;
    bool inside = true;
    for (const Rank& rank : tensor.ranks) {
      std::int64_t at = rank.offset;
      for (const Term& term : rank.terms) {
        at += term.coeff * std::max<std::int64_t>(0, by_dim[static_cast<std::size_t>(term.dim)]);
      }
      inside = inside && at >= 0 && at < rank.extent;
      word = word * rank.extent + at;
    }
    if (inside && positions.test(word)) {
      found.push_back(indices);
    }
    std::size_t d = own.size();
    while (d > 0 && ++digit[d - 1] == own[d - 1]->indices.size()) {
      digit[--d] = 0;
    }
    if (d == 0) {
      return found;
    }
  }
}

BankConflicts::BankConflicts(const Skip& skip, std::vector<Window> windows, std::size_t taps)
    : skip_(skip), windows_(std::move(windows)), taps_(taps) {}

// Sums lie one after the other: filters, then rows, then columns. Neighbours and words a power of two apart
// are spread alike: which bank has a word follows from a hash of its place.
std::int64_t BankConflicts::bank(const Found& weight, const Found& input) const {
  std::int64_t word = 0;
  for (std::size_t f = taps_; f < weight.size(); ++f) {
    word = word * extents_[windows_.size() + f - taps_] + weight[f];
  }
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    word = word * extents_[w] + output_of(windows_[w], weight, input);
  }
  // The finaliser of SplitMix64 (G. Steele et al., "Fast Splittable Pseudorandom Number Generators", OOPSLA
  // 2014).
  auto mixed = static_cast<std::uint64_t>(word) + 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  return static_cast<std::int64_t>((mixed ^ (mixed >> 31U)) % static_cast<std::uint64_t>(skip_.banks));
}

void BankConflicts::add(const std::vector<Found>& weights, const std::vector<Found>& inputs) {
  if (weights.empty() || inputs.empty()) {
    return;
  }
  extents_.clear();
  for (const Window& window : windows_) {
    extents_.push_back(extent_of(window, weights, inputs));
  }
  for (std::size_t f = taps_; f < weights.front().size(); ++f) {
    std::int64_t high = 0;
    for (const Found& weight : weights) {
      high = std::max(high, weight[f]);
    }
    extents_.push_back(high + 1);
  }
  BankQueues queues(skip_.banks, skip_.queue);
  std::vector<std::int64_t> hit;
  std::int64_t cycles = 0;
  const auto by_weights = static_cast<std::size_t>(skip_.vectors[0]);
  const auto by_inputs = static_cast<std::size_t>(skip_.vectors[1]);
  for (std::size_t i = 0; i < inputs.size(); i += by_inputs) {
    for (std::size_t w = 0; w < weights.size(); w += by_weights) {
      if (++cycles > kMostCycles) {
        return;
      }
      hit.clear();
      for (std::size_t a = i; a < std::min(inputs.size(), i + by_inputs); ++a) {
        for (std::size_t b = w; b < std::min(weights.size(), w + by_weights); ++b) {
          hit.push_back(bank(weights[b], inputs[a]));
        }
      }
      with_ += queues.enter(hit);
      ++without_;
    }
  }
}

}  // namespace weft::sim
