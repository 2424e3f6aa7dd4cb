// See merge.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/merge.hpp"

#include <cmath>

#include "base/checked.hpp"

namespace weft {
namespace {

// Of all rows that have any, the longest: rows are binomial, which hypergeometric ones of a large matrix are.
// P(more than j non-zeros), j = 0, 1 ... until hardly any of `rows` has them.
std::vector<double> tails(std::int64_t length, double density, std::int64_t rows) {
  std::vector<double> result;
  const auto n = static_cast<double>(length), m = static_cast<double>(rows);
  if (density >= 1) {
    return std::vector<double>(static_cast<std::size_t>(length), 1.0);
  }
  double log_term = n * std::log1p(-density);  // of exactly j
  double below = 0;
  for (std::int64_t j = 0; j < length; ++j) {
    below += std::exp(log_term);
    const double tail = std::max(0.0, 1 - below);
    if (m * tail < 0.5) {
      break;
    }
    result.push_back(tail);
    const auto at = static_cast<double>(j);
    log_term += std::log((n - at) / (at + 1)) + std::log(density) - std::log1p(-density);
  }
  return result;
}

// Rows of the weights that come, of `rows` equally likely ones and so many uses. Until the buffer is full
// every row comes once; then the least recently used of them is there with the share of all rows that fits.
double fetched_rows(double uses, double rows, double share_that_fits) {
  const double filling = share_that_fits < 1 ? -rows * std::log1p(-share_that_fits) : uses;
  if (uses <= filling) {
    return rows * (1 - std::exp(-uses / rows));
  }
  return rows * share_that_fits + (uses - filling) * (1 - share_that_fits);
}

MergeWork of_one(const Merge& merge, const ProductSizes& sizes, double inputs, double weights,
                 double buffer) {
  const auto m = static_cast<double>(sizes.m), n = static_cast<double>(sizes.n),
             k = static_cast<double>(sizes.k);
  // A partial matrix is what share of the result's coordinates it has; coordinates meet by chance.
  std::vector<double> matrices;
  if (merge.condensed) {
    for (const double tail : tails(sizes.k, inputs, sizes.m)) {
      matrices.push_back(tail * weights);
    }
  } else {
    const double any = (1 - std::pow(1 - inputs, m)) * (1 - std::pow(1 - weights, n));
    const auto count = std::max<std::int64_t>(1, std::llround(k * any));
    matrices.assign(static_cast<std::size_t>(count),
                    std::min(1.0, inputs * weights * k / static_cast<double>(count)));
  }
  MergeWork work = merge_rounds(
      merge, std::move(matrices), [&](double share) { return share * m * n; },
      [](const std::vector<double>& round) {
        double none = 1;
        for (const double share : round) {
          none *= 1 - share;
        }
        return 1 - none;
      });
  const double row = n * weights;
  work.fetched = row * (merge.condensed ? fetched_rows(m * k * inputs, k, buffer / std::max(1.0, k * row))
                                        : k * (1 - std::pow(1 - inputs, m)));
  return work;
}

}  // namespace

DimClass product_class(const Problem& problem, int dim) {
  const DimClass of = class_of(problem, dim);
  if (of != DimClass::kOther) {
    return of;
  }
  return relevant(problem.tensor(Role::kOutputs), dim) ? DimClass::kPositions : DimClass::kReduction;
}

ProductSizes product_sizes(const Problem& problem) {
  ProductSizes sizes;
  for (int d = 0; d < problem.rank(); ++d) {
    const DimClass of = product_class(problem, d);
    std::int64_t& size = of == DimClass::kGroups      ? sizes.b
                         : of == DimClass::kFilters   ? sizes.n
                         : of == DimClass::kReduction ? sizes.k
                                                      : sizes.m;
    size = checked_mul(size, problem.size(d));
  }
  return sizes;
}

bool unfolds_to_itself(const Problem& problem) {
  const std::vector<Rank>& ranks = problem.tensor(Role::kInputs).ranks;
  return std::all_of(ranks.begin(), ranks.end(), [&](const Rank& rank) {
    const auto moves = [&](const Term& term) { return problem.size(term.dim) > 1; };
    const auto moving = std::find_if(rank.terms.begin(), rank.terms.end(), moves);
    return rank.offset == 0 && std::count_if(rank.terms.begin(), rank.terms.end(), moves) <= 1 &&
           (moving == rank.terms.end() ? rank.extent == 1
                                       : moving->coeff == 1 && rank.extent == problem.size(moving->dim));
  });
}

MergeWork& MergeWork::operator+=(const MergeWork& other) {
  products += other.products;
  matrices += other.matrices;
  rounds += other.rounds;
  merged += other.merged;
  results += other.results;
  spilled += other.spilled;
  fetched += other.fetched;
  return *this;
}

double buffered_elements(const Merge& merge, const Problem& problem) {
  if (!merge.buffer) {
    return 0;
  }
  const std::int64_t columns = product_sizes(problem).n;
  int coordinate = 1;
  while ((std::int64_t{1} << coordinate) < columns) {
    ++coordinate;
  }
  return static_cast<double>(merge.buffer->count()) / (problem.tensor(Role::kWeights).bits + coordinate);
}

MergeWork expected_merge(const Merge& merge, const Problem& problem) {
  const ProductSizes sizes = product_sizes(problem);
  const MergeWork one = of_one(merge, sizes, problem.tensor(Role::kInputs).density,
                               problem.tensor(Role::kWeights).density, buffered_elements(merge, problem));
  // Products of a batch follow each other.
  const auto b = static_cast<double>(sizes.b);
  return {.products = b * one.products,
          .matrices = b * one.matrices,
          .rounds = b * one.rounds,
          .merged = b * one.merged,
          .results = b * one.results,
          .spilled = b * one.spilled,
          .fetched = b * one.fetched};
}

}  // namespace weft
