// A forest of regression trees over genomes (Breiman, Machine Learning 2001): what a model-based optimiser
// predicts with, and what tells which choice matters. A tree cuts the space into boxes, so that shares of its
// variance are exact sums over boxes (Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing
// hyperparameter importance", ICML 2014). SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dse/network_space.hpp"

namespace weft {

struct ForestSetup {
  std::vector<int> choices{};  // per gene
  int trees = 32;
  std::size_t smallest = 3;  // a box of fewer observations is not cut
  double genes_share = 0.8;  // of the genes that may be cut, tried at each cut
  std::uint64_t seed = 1;
};

class Forest {
 public:
  // Each tree learns from as many observations, drawn with replacement. Precondition: at least one, and one
  // value for each genome.
  Forest(ForestSetup setup, const std::vector<Genome>& genomes, const std::vector<double>& values);

  struct Prediction {
    double mean = 0, variance = 0;  // of the trees' answers
  };
  [[nodiscard]] Prediction predict(const Genome& genome) const;

  // Per gene: the share of the prediction's variance, over the whole space with all options equally likely,
  // that the gene explains alone; mean of the trees. What is missing to 1 acts jointly. All 0: nothing
  // varies.
  [[nodiscard]] std::vector<double> main_effects() const;

 private:
  struct Node {
    std::size_t gene = 0;
    int last = 0;               // options up to this one go left
    int left = -1, right = -1;  // -1: a leaf
    double value = 0;
  };
  using Tree = std::vector<Node>;
  friend class TreeGrower;
  [[nodiscard]] std::vector<double> effects_of(const Tree& tree) const;

  ForestSetup setup_;
  std::vector<Tree> trees_;
};

}  // namespace weft
