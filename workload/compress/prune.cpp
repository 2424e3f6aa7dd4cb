// Magnitude pruning.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "workload/compress/common.hpp"

namespace weft {
namespace {

using Words = std::vector<float>;

// Clears all of `members` but the `keep` largest; of equal ones the first stay.
void keep_largest(Words& words, std::vector<std::size_t>& members, std::size_t keep) {
  if (keep >= members.size()) {
    return;
  }
  const auto larger = [&words](std::size_t a, std::size_t b) {
    const float x = std::fabs(words[a]), y = std::fabs(words[b]);
    return x > y || (x == y && a < b);
  };
  const auto middle = members.begin() + static_cast<std::ptrdiff_t>(keep);
  std::nth_element(members.begin(), middle, members.end(), larger);
  std::for_each(middle, members.end(), [&words](std::size_t i) { words[i] = 0; });
}

std::size_t kept_of(double density, std::size_t size) {
  const auto kept = static_cast<std::size_t>(std::llround(density * static_cast<double>(size)));
  return std::clamp<std::size_t>(kept, 1, size);
}

void prune_uniform(Words& words, double density) {
  std::vector<std::size_t> all(words.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  keep_largest(words, all, kept_of(density, words.size()));
}

// Groups of m along the rank that set_sparsity() puts them on.
void prune_groups(Words& words, const TensorShape& tensor) {
  std::size_t outer = 1, size = 1, inner = 1;
  const auto axis = static_cast<std::size_t>(std::max(0, tensor.model.axis));
  for (std::size_t k = 0; k < tensor.ranks.size(); ++k) {
    (k < axis ? outer : k == axis ? size : inner) *= static_cast<std::size_t>(tensor.ranks[k].extent);
  }
  const auto n = static_cast<std::size_t>(tensor.model.n), m = static_cast<std::size_t>(tensor.model.m);
  std::vector<std::size_t> group;
  for (std::size_t o = 0; o < outer; ++o) {
    for (std::size_t i = 0; i < inner; ++i) {
      for (std::size_t first = 0; first < size; first += m) {
        group.clear();
        for (std::size_t k = first; k < std::min(size, first + m); ++k) {
          group.push_back((o * size + k) * inner + i);
        }
        keep_largest(words, group, n);
      }
    }
  }
}

void prune_blocks(Words& words, std::size_t block, double density) {
  Words norms;
  for (std::size_t from = 0; from < words.size(); from += block) {
    const std::size_t to = std::min(words.size(), from + block);
    norms.push_back(static_cast<float>(std::inner_product(
        words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to),
        words.begin() + static_cast<std::ptrdiff_t>(from), 0.0)));
  }
  prune_uniform(norms, density);
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = norms[i / block] == 0 ? 0 : words[i];
  }
}

Words pruned(const Words& words, const TensorShape& wanted) {
  Words result = words;
  if (wanted.model.pattern == Pattern::kNofM) {
    prune_groups(result, wanted);
  } else if (wanted.model.pattern == Pattern::kBlock) {
    prune_blocks(result, static_cast<std::size_t>(wanted.model.block), wanted.density);
  } else {
    prune_uniform(result, wanted.density);
  }
  return result;
}

}  // namespace

std::vector<Compressed> prune(TrainedNetwork& trained, const Sparsity& target, const Selects& selects) {
  const Pattern pattern = target.model.pattern;
  if (pattern != Pattern::kUniform && pattern != Pattern::kNofM && pattern != Pattern::kBlock) {
    throw std::invalid_argument("pruning leaves a density, n of m or blocks, not '" + to_text(target) + "'");
  }
  std::vector<Compressed> done;
  for (std::size_t i = 0; i < trained.network.layers.size(); ++i) {
    Layer& layer = trained.network.layers[i];
    if (!compress::has_own_weights(layer) || !selects(layer)) {
      continue;
    }
    Problem& problem = *layer.problem;
    Compressed step{.layer = layer.name,
                    .step = "prune",
                    .what = to_text(target),
                    .words_before = compress::nonzeros(problem)};
    Problem wanted = problem;
    set_sparsity(wanted, Role::kWeights, target);
    Words& known = trained.weights[i];
    if (!known.empty()) {
      Words left = pruned(known, wanted.tensor(Role::kWeights));
      step.error = compress::relative_error(known, left);
      known = std::move(left);
      set_measured(problem, known);
    } else if (target.density < problem.tensor(Role::kWeights).density || pattern != Pattern::kUniform) {
      problem = std::move(wanted);
    }
    step.words_after = compress::nonzeros(problem);
    done.push_back(std::move(step));
  }
  return done;
}

}  // namespace weft
