// See matrix_rows.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/matrix_rows.hpp"

#include <algorithm>
#include <array>

#include "arch/spec/merge.hpp"

namespace weft {
namespace {

// Which row and column of a matrix a word of the tensor is, and of which matrix of the batch.
class Places {
 public:
  Places(const Problem& problem, Role role, DimClass row, DimClass column) : tensor_(problem.tensor(role)) {
    std::array<std::int64_t, 3> size = {1, 1, 1};
    const std::array<DimClass, 3> classes = {DimClass::kGroups, row, column};
    for (std::size_t c = 0; c < classes.size(); ++c) {
      for (int d = problem.rank(); d-- > 0;) {
        if (problem.size(d) > 1 && product_class(problem, d) == classes[c]) {
          weights_.push_back({d, static_cast<int>(c), size[c]});
          size[c] *= problem.size(d);
        }
      }
    }
    for (const Rank& rank : tensor_.ranks) {
      Step step{rank.extent, -1, 0};
      for (const Term& term : rank.terms) {
        for (const Digit& digit : weights_) {
          step = digit.dim == term.dim ? Step{rank.extent, digit.of, digit.stride} : step;
        }
      }
      steps_.push_back(step);
    }
  }

  // {batch, row, column}.
  [[nodiscard]] std::array<std::int64_t, 3> of(const std::vector<std::int64_t>& index) const {
    std::array<std::int64_t, 3> result{};
    for (const Digit& digit : weights_) {
      result[static_cast<std::size_t>(digit.of)] += index[static_cast<std::size_t>(digit.dim)] * digit.stride;
    }
    return result;
  }
  [[nodiscard]] std::array<std::int64_t, 3> at(std::int64_t word) const {
    std::array<std::int64_t, 3> result{};
    for (std::size_t k = steps_.size(); k-- > 0;) {
      const Step& step = steps_[k];
      if (step.of >= 0) {
        result[static_cast<std::size_t>(step.of)] += word % step.extent * step.stride;
      }
      word /= step.extent;
    }
    return result;
  }

 private:
  struct Digit {
    int dim = 0, of = 0;
    std::int64_t stride = 1;
  };
  struct Step {
    std::int64_t extent = 1;
    int of = -1;
    std::int64_t stride = 0;
  };
  const TensorShape& tensor_;
  std::vector<Digit> weights_;
  std::vector<Step> steps_;
};

// The same, asked the other way round, where a word has several places: every row and column in turn.
template <class Found>
void each_place(const Problem& problem, const Bitmap& positions, const Found& found) {
  const TensorShape& tensor = problem.tensor(Role::kInputs);
  std::vector<int> dims;
  for (int d = 0; d < problem.rank(); ++d) {
    if (relevant(tensor, d)) {
      dims.push_back(d);
    }
  }
  std::vector<std::int64_t> index(static_cast<std::size_t>(problem.rank()), 0);
  while (true) {
    std::int64_t word = 0;
    bool inside = true;
    for (const Rank& rank : tensor.ranks) {
      std::int64_t at = rank.offset;
      for (const Term& term : rank.terms) {
        at += term.coeff * index[static_cast<std::size_t>(term.dim)];
      }
      inside = inside && at >= 0 && at < rank.extent;
      word = word * rank.extent + at;
    }
    if (inside && positions.test(word)) {
      found(index);
    }
    std::size_t d = dims.size();
    while (d > 0 && ++index[static_cast<std::size_t>(dims[d - 1])] == problem.size(dims[d - 1])) {
      index[static_cast<std::size_t>(dims[--d])] = 0;
    }
    if (d == 0) {
      return;
    }
  }
}

}  // namespace

std::vector<Rows> matrix_rows(const Problem& problem, Role role, const Bitmap& positions) {
  const ProductSizes sizes = product_sizes(problem);
  const bool left = role == Role::kInputs;
  const Places places(problem, role, left ? DimClass::kPositions : DimClass::kReduction,
                      left ? DimClass::kReduction : DimClass::kFilters);
  std::vector<Rows> result(static_cast<std::size_t>(sizes.b),
                           Rows(static_cast<std::size_t>(left ? sizes.m : sizes.k)));
  const auto add = [&](const std::array<std::int64_t, 3>& place) {
    const auto [b, row, column] = place;
    result[static_cast<std::size_t>(b)][static_cast<std::size_t>(row)].push_back(static_cast<Index>(column));
  };
  if (role == Role::kInputs && !unfolds_to_itself(problem)) {
    each_place(problem, positions, [&](const std::vector<std::int64_t>& index) { add(places.of(index)); });
  } else {
    const std::int64_t size = words(problem.tensor(role));
    for (std::int64_t word = positions.next(0); word < size; word = positions.next(word + 1)) {
      add(places.at(word));
    }
  }
  for (Rows& matrix : result) {
    for (std::vector<Index>& row : matrix) {
      std::sort(row.begin(), row.end());
    }
  }
  return result;
}

}  // namespace weft
