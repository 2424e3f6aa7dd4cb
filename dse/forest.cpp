// Grows trees, and takes their variance apart.
// SPDX-License-Identifier: Apache-2.0
#include "dse/forest.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/rng.hpp"

namespace weft {

// Grows one tree, by the cut that leaves the least squared error in both halves.
class TreeGrower {
 public:
  TreeGrower(const ForestSetup& setup, const std::vector<Genome>& genomes, const std::vector<double>& values,
             Rng& rng)
      : setup_(setup), genomes_(genomes), values_(values), rng_(rng) {}

  Forest::Tree grow() {
    std::vector<std::size_t> rows(genomes_.size());
    for (std::size_t& row : rows) {
      row = static_cast<std::size_t>(rng_.uniform(0, std::ssize(genomes_) - 1));
    }
    (void)node(rows);
    return std::move(tree_);
  }

 private:
  struct Cut {
    std::size_t gene = 0;
    int last = -1;  // none
    double gain = 0;
  };
  struct Sum {
    double sum = 0, count = 0;
    [[nodiscard]] double square() const { return count > 0 ? sum * sum / count : 0; }
  };

  int node(const std::vector<std::size_t>& rows) {
    const int index = static_cast<int>(tree_.size());
    Sum all;
    for (const std::size_t row : rows) {
      all.sum += values_[row];
      all.count += 1;
    }
    tree_.push_back({.value = all.sum / all.count});
    Cut cut;
    if (rows.size() >= setup_.smallest) {
      cut = best_cut(rows, all, setup_.genes_share);
      cut = cut.last < 0 ? best_cut(rows, all, 1) : cut;  // none of those drawn helps
    }
    if (cut.last < 0) {
      return index;
    }
    std::vector<std::size_t> low, high;
    for (const std::size_t row : rows) {
      (genomes_[row][cut.gene] <= cut.last ? low : high).push_back(row);
    }
    const int left = node(low);
    const int right = node(high);
    Forest::Node& made = tree_[static_cast<std::size_t>(index)];
    made.gene = cut.gene;
    made.last = cut.last;
    made.left = left;
    made.right = right;
    return index;
  }

  Cut best_cut(const std::vector<std::size_t>& rows, const Sum& all, double share) {
    constexpr double kLeast = 1e-12;  // of the sum of squares: smaller gains are rounding
    Cut best;
    for (std::size_t gene = 0; gene < setup_.choices.size(); ++gene) {
      if (setup_.choices[gene] < 2 || !rng_.chance(share)) {
        continue;
      }
      options_.assign(static_cast<std::size_t>(setup_.choices[gene]), {});
      for (const std::size_t row : rows) {
        Sum& option = options_[static_cast<std::size_t>(genomes_[row][gene])];
        option.sum += values_[row];
        option.count += 1;
      }
      Sum low;
      for (int last = 0; last + 1 < setup_.choices[gene]; ++last) {
        low.sum += options_[static_cast<std::size_t>(last)].sum;
        low.count += options_[static_cast<std::size_t>(last)].count;
        const Sum high{all.sum - low.sum, all.count - low.count};
        const double gain = low.square() + high.square() - all.square();
        if (low.count > 0 && high.count > 0 && gain > best.gain && gain > kLeast * all.square()) {
          best = {gene, last, gain};
        }
      }
    }
    return best;
  }

  const ForestSetup& setup_;
  const std::vector<Genome>& genomes_;
  const std::vector<double>& values_;
  Rng& rng_;
  Forest::Tree tree_;
  std::vector<Sum> options_;
};

Forest::Forest(ForestSetup setup, const std::vector<Genome>& genomes, const std::vector<double>& values)
    : setup_(std::move(setup)) {
  WEFT_ENSURE(!genomes.empty() && genomes.size() == values.size(), "a value for each genome");
  Rng rng(setup_.seed);
  for (int i = 0; i < setup_.trees; ++i) {
    trees_.push_back(TreeGrower(setup_, genomes, values, rng).grow());
  }
}

Forest::Prediction Forest::predict(const Genome& genome) const {
  double sum = 0, squares = 0;
  for (const Tree& tree : trees_) {
    const Node* node = &tree.front();
    while (node->left >= 0) {
      node = &tree[static_cast<std::size_t>(genome[node->gene] <= node->last ? node->left : node->right)];
    }
    sum += node->value;
    squares += node->value * node->value;
  }
  const auto count = static_cast<double>(trees_.size());
  const double mean = sum / count;
  return {mean, std::max(0.0, squares / count - mean * mean)};
}

namespace {

// A leaf of a tree: options first..last of every gene, and what is predicted there.
struct Box {
  std::vector<int> first, last;
  double value = 0;
  double volume = 1;  // share of the space
};

}  // namespace

std::vector<double> Forest::effects_of(const Tree& tree) const {
  std::vector<Box> leaves;
  std::vector<std::pair<int, Box>> open;
  Box whole{std::vector<int>(setup_.choices.size(), 0), setup_.choices};
  std::for_each(whole.last.begin(), whole.last.end(), [](int& last) { --last; });
  open.emplace_back(0, std::move(whole));
  double mean = 0, total = 0;
  while (!open.empty()) {
    auto [index, box] = std::move(open.back());
    open.pop_back();
    const Node& node = tree[static_cast<std::size_t>(index)];
    if (node.left < 0) {
      for (std::size_t gene = 0; gene < setup_.choices.size(); ++gene) {
        box.volume *= static_cast<double>(box.last[gene] - box.first[gene] + 1) / setup_.choices[gene];
      }
      box.value = node.value;
      mean += box.volume * box.value;
      leaves.push_back(std::move(box));
      continue;
    }
    Box high = box;
    high.first[node.gene] = node.last + 1;
    box.last[node.gene] = node.last;
    open.emplace_back(node.left, std::move(box));
    open.emplace_back(node.right, std::move(high));
  }
  std::vector<std::vector<double>> marginals;  // per gene and option: mean of the rest of the space
  for (const int choices : setup_.choices) {
    marginals.emplace_back(static_cast<std::size_t>(choices), -mean);
  }
  for (const Box& box : leaves) {
    total += box.volume * (box.value - mean) * (box.value - mean);
    for (std::size_t gene = 0; gene < marginals.size(); ++gene) {
      const double options = box.last[gene] - box.first[gene] + 1;
      for (int option = box.first[gene]; option <= box.last[gene]; ++option) {
        marginals[gene][static_cast<std::size_t>(option)] +=
            box.value * box.volume * setup_.choices[gene] / options;
      }
    }
  }
  std::vector<double> effects;
  for (const std::vector<double>& marginal : marginals) {
    double sum = 0;
    for (const double deviation : marginal) {
      sum += deviation * deviation;
    }
    effects.push_back(total > 0 ? sum / static_cast<double>(marginal.size()) / total : 0);
  }
  return effects;
}

std::vector<double> Forest::main_effects() const {
  std::vector<double> sums(setup_.choices.size(), 0);
  for (const Tree& tree : trees_) {
    const std::vector<double> effects = effects_of(tree);
    for (std::size_t gene = 0; gene < sums.size(); ++gene) {
      sums[gene] += effects[gene] / static_cast<double>(trees_.size());
    }
  }
  return sums;
}

}  // namespace weft
