// See merge_count.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/merge_count.hpp"

#include <algorithm>
#include <array>
#include <list>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/matrix_rows.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

constexpr double kMostProducts = 1 << 28;

// Rows of the weights near the multipliers; the least recently used ones make room.
class RowBuffer {
 public:
  RowBuffer(const Rows& weights, double capacity)
      : weights_(weights), capacity_(capacity), places_(weights.size(), used_.end()) {}
  void use(Index row) {
    const double size = static_cast<double>(weights_[row].size());
    if (places_[row] != used_.end()) {
      used_.splice(used_.begin(), used_, places_[row]);
      return;
    }
    fetched_ += size;
    if (size > capacity_) {
      return;
    }
    for (; held_ + size > capacity_; used_.pop_back()) {
      held_ -= static_cast<double>(weights_[used_.back()].size());
      places_[used_.back()] = used_.end();
    }
    used_.push_front(row);
    places_[row] = used_.begin();
    held_ += size;
  }
  [[nodiscard]] double fetched() const { return fetched_; }

 private:
  const Rows& weights_;
  double capacity_, held_ = 0, fetched_ = 0;
  std::list<Index> used_;
  std::vector<std::list<Index>::iterator> places_;
};

// A partial matrix as what makes it, rows of the weights for rows of the result, or merged, by rows.
struct Partial {
  std::vector<std::pair<Index, Index>> made;                  // {row, row of the weights}
  std::vector<std::pair<Index, std::vector<Index>>> columns;  // {row, columns}
  double elements = 0;
};

class Product {
 public:
  Product(const Merge& merge, const Rows& inputs, const Rows& weights, std::int64_t columns, double buffer)
      : merge_(merge),
        inputs_(inputs),
        weights_(weights),
        seen_(static_cast<std::size_t>(columns), 0),
        buffer_(weights, buffer) {}

  MergeWork run() {
    std::vector<Partial> matrices = merge_.condensed ? condensed() : columns();
    if (matrices.size() == 1) {
      fetch(matrices.front());
    }
    MergeWork work = merge_rounds(
        merge_, std::move(matrices), [](const Partial& one) { return one.elements; },
        [this](std::vector<Partial> round) { return unite(std::move(round)); });
    work.fetched = merge_.condensed ? buffer_.fetched() : streamed_;
    return work;
  }

 private:
  void add(std::vector<Partial>& matrices, std::size_t number, Index row, Index of_weights) const {
    if (weights_[of_weights].empty()) {
      return;
    }
    if (matrices.size() <= number) {
      matrices.resize(number + 1);
    }
    matrices[number].made.emplace_back(row, of_weights);
    matrices[number].elements += static_cast<double>(weights_[of_weights].size());
  }

  std::vector<Partial> columns() {
    std::vector<Partial> matrices(weights_.size());
    for (std::size_t row = 0; row < inputs_.size(); ++row) {
      for (const Index k : inputs_[row]) {
        add(matrices, k, static_cast<Index>(row), k);
      }
    }
    for (std::size_t k = 0; k < matrices.size(); ++k) {
      streamed_ += matrices[k].made.empty() ? 0 : static_cast<double>(weights_[k].size());
    }
    std::erase_if(matrices, [](const Partial& one) { return one.made.empty(); });
    return matrices;
  }

  std::vector<Partial> condensed() const {
    std::vector<Partial> matrices;
    for (std::size_t row = 0; row < inputs_.size(); ++row) {
      for (std::size_t j = 0; j < inputs_[row].size(); ++j) {
        add(matrices, j, static_cast<Index>(row), inputs_[row][j]);
      }
    }
    std::erase_if(matrices, [](const Partial& one) { return one.made.empty(); });
    return matrices;
  }

  void fetch(const Partial& one) {
    for (const auto& [row, k] : one.made) {
      buffer_.use(k);
    }
  }

  // Row after row, as the tree sorts; a column that comes twice is one element.
  Partial unite(std::vector<Partial> round) {
    struct Source {
      Index row = 0;
      const std::vector<Index>* columns = nullptr;
      Index of_weights = 0;
      bool made = false;
    };
    std::vector<Source> sources;
    for (const Partial& one : round) {
      for (const auto& [row, k] : one.made) {
        sources.push_back({row, &weights_[k], k, true});
      }
      for (const auto& [row, columns] : one.columns) {
        sources.push_back({row, &columns, 0, false});
      }
    }
    std::stable_sort(sources.begin(), sources.end(),
                     [](const Source& a, const Source& b) { return a.row < b.row; });
    Partial result;
    for (std::size_t i = 0; i < sources.size();) {
      const Index row = sources[i].row;
      std::vector<Index> columns;
      ++stamp_;
      for (; i < sources.size() && sources[i].row == row; ++i) {
        if (sources[i].made && merge_.condensed) {
          buffer_.use(sources[i].of_weights);
        }
        for (const Index column : *sources[i].columns) {
          if (seen_[column] != stamp_) {
            seen_[column] = stamp_;
            columns.push_back(column);
          }
        }
      }
      result.elements += static_cast<double>(columns.size());
      result.columns.emplace_back(row, std::move(columns));
    }
    return result;
  }

  const Merge& merge_;
  const Rows& inputs_;
  const Rows& weights_;
  std::vector<std::uint64_t> seen_;
  std::uint64_t stamp_ = 0;
  RowBuffer buffer_;
  double streamed_ = 0;
};

double products_of(const Rows& inputs, const Rows& weights) {
  double sum = 0;
  for (const std::vector<Index>& row : inputs) {
    for (const Index k : row) {
      sum += static_cast<double>(weights[k].size());
    }
  }
  return sum;
}

}  // namespace

MergeWork counted_merge(const Merge& merge, const Problem& problem, const Bitmap& right_words,
                        const Bitmap& left_words) {
  const ProductSizes sizes = product_sizes(problem);
  const std::vector<Rows> inputs = matrix_rows(problem, Role::kInputs, left_words);
  const std::vector<Rows> weights = matrix_rows(problem, Role::kWeights, right_words);
  double products = 0;
  for (std::size_t b = 0; b < inputs.size(); ++b) {
    products += products_of(inputs[b], weights[b]);
  }
  if (products > kMostProducts) {
    throw ConfigError({}, "too-large",
                      fmt::format("layer '{}' has {:.3g} products of non-zeros to merge one by one",
                                  problem.name, products),
                      "the analytic model (weft estimate) expects them instead");
  }
  MergeWork work;
  for (std::size_t b = 0; b < inputs.size(); ++b) {
    work += Product(merge, inputs[b], weights[b], sizes.n, buffered_elements(merge, problem)).run();
  }
  return work;
}

}  // namespace weft
