// Weight sharing by k-means in one dimension.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "workload/compress/common.hpp"

namespace weft {
namespace {

using Words = std::vector<float>;

constexpr int kRounds = 100;  // Lloyd's iteration; layers of networks settle in a few tens

// Index of the word from which on the next centre is nearer, for each pair of neighbours.
std::vector<std::size_t> borders(const Words& sorted, const std::vector<double>& centres) {
  std::vector<std::size_t> result;
  for (std::size_t c = 0; c + 1 < centres.size(); ++c) {
    const double middle = (centres[c] + centres[c + 1]) / 2;
    result.push_back(
        static_cast<std::size_t>(std::upper_bound(sorted.begin(), sorted.end(), middle) - sorted.begin()));
  }
  result.push_back(sorted.size());
  return result;
}

// Centres in increasing order, spread evenly over the range to begin with.
std::vector<double> centres_of(Words sorted, int count) {
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> sums(1, 0.0);
  for (const float word : sorted) {
    sums.push_back(sums.back() + word);
  }
  std::vector<double> centres;
  const double low = sorted.front(), high = sorted.back();
  for (int c = 0; c < count; ++c) {
    centres.push_back(count == 1 ? (low + high) / 2 : low + (high - low) * c / (count - 1));
  }
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<std::size_t> ends = borders(sorted, centres);
    bool moved = false;
    for (std::size_t c = 0, from = 0; c < centres.size(); from = ends[c], ++c) {
      if (ends[c] > from) {
        const double mean = (sums[ends[c]] - sums[from]) / static_cast<double>(ends[c] - from);
        moved = moved || mean != centres[c];
        centres[c] = mean;
      }
    }
    if (!moved) {
      break;
    }
  }
  return centres;
}

Words shared(const Words& words, int values) {
  Words nonzero;
  std::copy_if(words.begin(), words.end(), std::back_inserter(nonzero), [](float w) { return w != 0; });
  const bool zeros = nonzero.size() < words.size();
  if (nonzero.empty()) {
    return words;
  }
  const std::vector<double> centres = centres_of(nonzero, zeros ? std::max(1, values - 1) : values);
  Words result = words;
  for (float& word : result) {
    if (word == 0) {
      continue;
    }
    const auto above = std::lower_bound(centres.begin(), centres.end(), static_cast<double>(word));
    const bool last = above == centres.end();
    const bool lower = above != centres.begin() && (last || word - *(above - 1) <= *above - word);
    word = static_cast<float>(lower ? *(above - 1) : *above);
  }
  return result;
}

}  // namespace

std::vector<Compressed> share_weights(TrainedNetwork& trained, int values, const Selects& selects) {
  if (values < 2 || values > 65536) {
    throw std::invalid_argument("weights share 2 to 65536 values, not " + std::to_string(values));
  }
  const int bits = std::bit_width(static_cast<unsigned>(values) - 1);
  std::vector<Compressed> done;
  for (std::size_t i = 0; i < trained.network.layers.size(); ++i) {
    Layer& layer = trained.network.layers[i];
    if (!compress::has_own_weights(layer) || !selects(layer)) {
      continue;
    }
    TensorShape& tensor = layer.problem->tensor(Role::kWeights);
    Compressed step{.layer = layer.name,
                    .step = "share",
                    .what = std::to_string(values) + " values",
                    .words_before = compress::nonzeros(*layer.problem)};
    Words& known = trained.weights[i];
    if (!known.empty()) {
      Words left = shared(known, values);
      step.error = compress::relative_error(known, left);
      known = std::move(left);
      set_measured(*layer.problem, known);
    }
    tensor.bits = std::min(tensor.bits, bits);
    step.words_after = compress::nonzeros(*layer.problem);
    done.push_back(std::move(step));
  }
  return done;
}

}  // namespace weft
