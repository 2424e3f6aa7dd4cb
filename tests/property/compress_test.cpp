// Does compression leave what its steps promise, for random words and sizes?
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.hpp"
#include "workload/compress/low_rank.hpp"
#include "workload/presets.hpp"

namespace weft {
namespace {

using Words = std::vector<float>;

Words random_words(Rng& rng, std::int64_t count) {
  Words words(static_cast<std::size_t>(count));
  for (float& word : words) {
    word = static_cast<float>(2 * rng.unit() - 1);
  }
  return words;
}

bool all(const Layer& /*layer*/) {
  return true;
}

// conv 3x3 -> depthwise -> conv 1x1 -> linear over the flattened map, with words for each.
TrainedNetwork chain(Rng& rng) {
  TrainedNetwork n{.network = {.name = "chain"}};
  n.network.layers = {{.name = "a",
                       .problem = make_conv({.in_channels = 3,
                                             .out_channels = 8,
                                             .in_h = 6,
                                             .in_w = 6,
                                             .kernel_h = 3,
                                             .kernel_w = 3,
                                             .pad_top = 1,
                                             .pad_left = 1,
                                             .pad_bottom = 1,
                                             .pad_right = 1})},
                      {.name = "d",
                       .problem = make_conv({.in_channels = 8,
                                             .out_channels = 8,
                                             .in_h = 6,
                                             .in_w = 6,
                                             .kernel_h = 3,
                                             .kernel_w = 3,
                                             .groups = 8}),
                       .inputs = {0}},
                      {.name = "b",
                       .problem = make_conv({.in_channels = 8, .out_channels = 12, .in_h = 4, .in_w = 4}),
                       .inputs = {1}},
                      {.name = "fc", .problem = make_gemm({.m = 1, .n = 10, .k = 12 * 16}), .inputs = {2}}};
  for (Layer& layer : n.network.layers) {
    layer.parameters = words(layer.problem->tensor(Role::kWeights));
    n.weights.push_back(random_words(rng, layer.parameters));
  }
  return n;
}

TEST(LowRank, ErrorFallsWithTheRankToNothing) {
  Rng rng(7);
  for (int round = 0; round < 20; ++round) {
    const std::int64_t rows = rng.uniform(1, 12), columns = rng.uniform(1, 12);
    const Words a = random_words(rng, rows * columns);
    double last = 1.0 + 1e-12;
    for (std::int64_t rank = 1; rank <= std::min(rows, columns); ++rank) {
      const compress::LowRank f = compress::low_rank(a, rows, columns, rank);
      EXPECT_LE(f.error, last + 1e-9) << "round " << round << " rank " << rank;
      last = f.error;
      // The factors are what the error says: multiply them.
      double difference = 0, whole = 0;
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < columns; ++j) {
          double sum = 0;
          for (std::int64_t r = 0; r < rank; ++r) {
            sum += static_cast<double>(f.first[static_cast<std::size_t>(i * rank + r)]) *
                   f.second[static_cast<std::size_t>(r * columns + j)];
          }
          const double word = a[static_cast<std::size_t>(i * columns + j)];
          difference += (word - sum) * (word - sum);
          whole += word * word;
        }
      }
      EXPECT_NEAR(std::sqrt(difference / whole), f.error, 1e-5);
    }
    EXPECT_LT(last, 1e-6) << "full rank, round " << round;
  }
}

TEST(LowRank, TuckerIsMonotoneInBothRanksAndExactAtFull) {
  Rng rng(11);
  const compress::KernelSize size{.out = 7, .in = 5, .taps = 9};
  const Words w = random_words(rng, size.out * size.in * size.taps);
  for (std::int64_t out = 1; out <= size.out; ++out) {
    for (std::int64_t in = 1; in <= size.in; ++in) {
      const double error = compress::tucker2(w, size, in, out).error;
      if (in > 1) {
        EXPECT_LE(error, compress::tucker2(w, size, in - 1, out).error + 1e-9);
      }
      if (out > 1) {
        EXPECT_LE(error, compress::tucker2(w, size, in, out - 1).error + 1e-9);
      }
    }
  }
  const compress::Tucker2 full = compress::tucker2(w, size, size.in, size.out);
  EXPECT_LT(full.error, 1e-6);
  // Word (k, c, t) = sum over a, b of out[k][a] core[a][b][t] in[b][c].
  double sum = 0;
  for (std::int64_t a = 0; a < size.out; ++a) {
    for (std::int64_t b = 0; b < size.in; ++b) {
      sum += static_cast<double>(full.out[static_cast<std::size_t>(3 * size.out + a)]) *
             full.core[static_cast<std::size_t>((a * size.in + b) * 9 + 4)] *
             full.in[static_cast<std::size_t>(b * size.in + 2)];
    }
  }
  EXPECT_NEAR(sum, w[(3 * 5 + 2) * 9 + 4], 1e-5);
}

TEST(Factorise, MacsAreThoseOfTheFormula) {
  Rng rng(3);
  TrainedNetwork n = chain(rng);
  const std::vector<Compressed> steps = factorise(n, 0.25, all);
  EXPECT_EQ(validate(n.network), "");
  // fc: rank round(0.25 * 10) = 3 (half away from zero): 192 * 3 + 3 * 10. b: rank 2: 16 positions *
  // (8 * 2 + 2 * 12). a: ranks 1 of 3 and 2 of 8: 36 * (3 * 1 + 1 * 2 * 9 + 2 * 8). d has groups and stays.
  std::int64_t sum = 192 * 3 + 3 * 10 + 16 * (8 * 2 + 2 * 12) + 36 * (3 + 18 + 16);
  sum += macs(*chain(rng).network.layers[1].problem);
  EXPECT_EQ(macs(n.network), sum);
  ASSERT_EQ(n.network.layers.size(), 8U);
  EXPECT_EQ(steps.size(), 3U);
  EXPECT_EQ(n.network.layers[0].name, "a.1");
  EXPECT_EQ(n.network.layers[3].inputs, std::vector<int>{2});  // d reads the last part of a
  for (std::size_t i = 0; i < n.network.layers.size(); ++i) {
    EXPECT_EQ(static_cast<std::int64_t>(n.weights[i].size()),
              words(n.network.layers[i].problem->tensor(Role::kWeights)));
  }
}

TEST(Factorise, LayersThatWouldGrowStay) {
  Rng rng(3);
  TrainedNetwork n = chain(rng);
  EXPECT_TRUE(factorise(n, 1, all).empty());
  EXPECT_EQ(n.network.layers.size(), 4U);
  EXPECT_FALSE(n.weights[0].empty());
}

TEST(Prune, KeepsTheLargestWords) {
  Rng rng(5);
  for (const double density : {0.1, 0.37, 0.5, 0.9}) {
    TrainedNetwork n = chain(rng);
    const std::vector<Words> before = n.weights;
    for (const Compressed& step : prune(n, {.density = density}, all)) {
      ASSERT_TRUE(step.error.has_value());
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
      float least_kept = 2, largest_cut = 0;
      for (std::size_t k = 0; k < before[i].size(); ++k) {
        const float size = std::fabs(before[i][k]);
        (n.weights[i][k] == 0 ? largest_cut : least_kept) =
            n.weights[i][k] == 0 ? std::max(largest_cut, size) : std::min(least_kept, size);
      }
      EXPECT_GE(least_kept, largest_cut);
      const TensorShape& tensor = n.network.layers[i].problem->tensor(Role::kWeights);
      EXPECT_NEAR(tensor.density, density, 0.5 / static_cast<double>(before[i].size()) + 1e-12);
      EXPECT_EQ(tensor.model.positions->count(),
                std::count_if(n.weights[i].begin(), n.weights[i].end(), [](float w) { return w != 0; }));
    }
  }
}

TEST(Prune, NofMIsNofEveryM) {
  Rng rng(9);
  for (const auto& [text, kept, group] : {std::tuple{"2:4", 2, 4}, {"1:3", 1, 3}, {"3:8", 3, 8}}) {
    TrainedNetwork n{.network = {.name = "one"}};
    n.network.layers = {{.name = "fc", .problem = make_gemm({.m = 1, .n = 5, .k = 24}), .parameters = 120}};
    n.weights = {random_words(rng, 120)};
    const Words before = n.weights[0];
    ASSERT_EQ(prune(n, parse_sparsity(text), all).size(), 1U);
    for (int column = 0; column < 5; ++column) {  // groups lie along the reduction: [K][N]
      for (int first = 0; first < 24; first += group) {
        int left = 0;
        double largest_cut = 0, least_kept = 2;
        for (int k = first; k < first + group; ++k) {
          const auto at = static_cast<std::size_t>(k * 5 + column);
          const bool stays = n.weights[0][at] != 0;
          left += stays ? 1 : 0;
          (stays ? least_kept : largest_cut) = stays ? std::min<double>(least_kept, std::fabs(before[at]))
                                                     : std::max<double>(largest_cut, std::fabs(before[at]));
        }
        EXPECT_EQ(left, kept) << text;
        EXPECT_GE(least_kept, largest_cut) << text;
      }
    }
  }
}

TEST(Prune, WithoutWordsTheDensityIsStated) {
  TrainedNetwork n{.network = network_presets().at("alexnet")({})};
  n.weights.resize(n.network.layers.size());
  for (const Compressed& step : prune(n, parse_sparsity("0.3"), all)) {
    EXPECT_FALSE(step.error.has_value());
    EXPECT_NEAR(static_cast<double>(step.words_after) / static_cast<double>(step.words_before), 0.3, 1e-3);
  }
}

TEST(Channels, ConsumersLoseTheInputsOfWhatIsGone) {
  Rng rng(13);
  TrainedNetwork n = chain(rng);
  const TrainedNetwork before = n;
  ASSERT_EQ(prune_channels(n, 0.5, all).size(), 4U);
  EXPECT_EQ(validate(n.network), "");
  const auto size = [&n](int layer, const char* dim) {
    const Problem& p = *n.network.layers[static_cast<std::size_t>(layer)].problem;
    return p.size(p.dim(dim));
  };
  EXPECT_EQ(size(0, "K"), 4);
  EXPECT_EQ(size(0, "C"), 3);  // the network's input stays
  EXPECT_EQ(size(1, "G"), 4);  // depthwise follows
  EXPECT_EQ(size(2, "C"), 4);
  EXPECT_EQ(size(2, "K"), 6);
  EXPECT_EQ(size(3, "K"), 96);  // 16 positions per channel
  EXPECT_EQ(size(3, "N"), 10);  // and so does its result
  // Kept filters of a are those of largest norm, in their order.
  std::vector<std::pair<double, int>> norms;
  for (int k = 0; k < 8; ++k) {
    double norm = 0;
    for (int i = 0; i < 27; ++i) {
      const double w = before.weights[0][static_cast<std::size_t>(27 * k + i)];
      norm += w * w;
    }
    norms.emplace_back(-norm, k);
  }
  std::sort(norms.begin(), norms.end());
  std::set<int> kept;
  for (int i = 0; i < 4; ++i) {
    kept.insert(norms[static_cast<std::size_t>(i)].second);
  }
  int at = 0;
  for (const int k : kept) {
    EXPECT_TRUE(std::equal(before.weights[0].begin() + 27 * k, before.weights[0].begin() + 27 * (k + 1),
                           n.weights[0].begin() + 27 * at));
    EXPECT_TRUE(std::equal(before.weights[1].begin() + 9 * k, before.weights[1].begin() + 9 * (k + 1),
                           n.weights[1].begin() + 9 * at++));
  }
}

TEST(Channels, PresetsStayWholeNetworks) {
  for (const char* name : {"resnet18", "mobilenet_v2", "squeezenet", "googlenet", "vgg16", "bert_base"}) {
    const NetworkPreset* preset = network_presets().find(name);
    if (preset == nullptr) {
      continue;
    }
    TrainedNetwork n{.network = (*preset)({})};
    n.weights.resize(n.network.layers.size());
    const std::int64_t before = macs(n.network);
    EXPECT_FALSE(prune_channels(n, 0.5, all).empty()) << name;
    EXPECT_EQ(validate(n.network), "") << name;
    EXPECT_LT(macs(n.network), before) << name;
    // Every layer still reads as many channels as its producer makes.
    for (const Layer& layer : n.network.layers) {
      if (!layer.problem || layer.inputs.size() != 1 || layer.problem->dim("C") < 0) {
        continue;
      }
      const Layer& from = n.network.layers[static_cast<std::size_t>(layer.inputs[0])];
      if (from.problem && from.problem->dim("C") >= 0) {
        const Problem& p = *layer.problem;
        const Problem& q = *from.problem;
        EXPECT_EQ(p.size(p.dim("C")) * p.size(p.dim("G")), q.size(q.dim("K")) * q.size(q.dim("G")))
            << name << ' ' << layer.name;
      }
    }
  }
}

TEST(Share, FewValuesAndLessErrorWithMore) {
  Rng rng(17);
  double last = 2;
  for (const int values : {2, 4, 16, 64}) {
    Rng same(17);
    TrainedNetwork n = chain(same);
    EXPECT_EQ(prune(n, {.density = 0.5}, all).size(), 4U);
    const std::vector<Compressed> steps = share_weights(n, values, all);
    const Words& words = n.weights[3];
    EXPECT_LE(static_cast<int>(std::set<float>(words.begin(), words.end()).size()), values);
    EXPECT_EQ(n.network.layers[3].problem->tensor(Role::kWeights).bits, values == 2    ? 1
                                                                        : values == 4  ? 2
                                                                        : values == 16 ? 4
                                                                                       : 6);
    EXPECT_LT(*steps[3].error, last);
    last = *steps[3].error;
  }
}

}  // namespace
}  // namespace weft
