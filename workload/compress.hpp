// Compression of networks, as transformations: what they leave of a network is a network again. Where the
// trained words are known they are transformed, and the error is measured; elsewhere shapes, densities and
// widths are what they would be. Nothing is trained afterwards.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "workload/density.hpp"
#include "workload/trained.hpp"

namespace weft {

// What a step did to one layer.
struct Compressed {
  std::string layer{};                             // its name before the step
  std::string step{};                              // "prune", "channels", "low-rank", "share"
  std::string what{};                              // "2:4", "rank 16 of 64", ...
  std::int64_t words_before = 0, words_after = 0;  // non-zero weights
  std::optional<double> error{};  // |before - after| / |before|, Frobenius; none: words not known
};
using Selects = std::function<bool(const Layer&)>;

// Steps apply to layers with trained weights of their own that `selects` takes, and report them in order.
// They throw std::invalid_argument for targets outside what they say.

// Magnitude pruning. Uniform target: the largest words of the layer stay, as many as the density says (Han et
// al., Learning both Weights and Connections, NIPS 2015, without the retraining). N:M: the n largest of every
// m along the reduction. Block: the blocks of largest norm. Other targets are refused. A layer that has fewer
// non-zeros already keeps them.
[[nodiscard]] std::vector<Compressed> prune(TrainedNetwork& trained, const Sparsity& target,
                                            const Selects& selects);

// Every layer keeps that share of its filters, those of largest norm, at least one, and whoever reads them
// loses the input channels (Li et al., Pruning Filters for Efficient ConvNets, ICLR 2017). Layers whose
// results are added or multiplied keep the same channels. What the network returns, and what grouped
// convolutions, products of activations or layers of unclear channels read, stays whole. 0 < keep <= 1.
[[nodiscard]] std::vector<Compressed> prune_channels(TrainedNetwork& trained, double keep,
                                                     const Selects& selects);

// Products and 1x1 convolutions become two of rank share * min(in, out) (truncated SVD), other convolutions
// three, 1x1, kernel, 1x1, of ranks share * in and share * out (Tucker-2 by HOSVD: Kim et al., Compression of
// Deep CNNs, ICLR 2016). Layers for which that would not save multiplications stay. 0 < share <= 1.
[[nodiscard]] std::vector<Compressed> factorise(TrainedNetwork& trained, double share,
                                                const Selects& selects);

// At most `values` different weights per layer, by k-means on the non-zeros (linear start; zero keeps a value
// of its own where there is one): Han et al., Deep Compression, ICLR 2016. The weights get ceil(log2(values))
// bits. 2 <= values <= 65536.
[[nodiscard]] std::vector<Compressed> share_weights(TrainedNetwork& trained, int values,
                                                    const Selects& selects);

// What one attention works on, as shares of what the network has: tokens (rows of queries, and keys and
// values), heads, and of the values that are left those whose probability is among the largest of their row.
struct AttentionShares {
  double tokens = 1, heads = 1, values = 1;
};
// What tokens and heads the last attention has; the first `from` of the attentions have all, behind them less
// in equal steps.
struct Cascade {
  double tokens = 1, heads = 1, values = 1;
  double tokens_from = 0, heads_from = 0;
};
// By attention, in the network's order. Throws std::invalid_argument: shares outside (0, 1] (from: [0, 1]).
[[nodiscard]] std::vector<AttentionShares> cascade(const Network& network, const Cascade& cascade);

// Cascade pruning of tokens and heads, local pruning of values (H. Wang et al., SpAtten, HPCA 2021, section
// III). Which ones go is decided while the network runs; here shapes become what is left, layers behind an
// attention work on the rows that the next one has, and each attention gets the sums and the top-k that
// decide. A single query (a token that is written) stays; its keys and values shrink. One entry per
// attention, of shares that do not grow; throws std::invalid_argument for another number.
[[nodiscard]] std::vector<Compressed> prune_attention(TrainedNetwork& trained,
                                                      const std::vector<AttentionShares>& shares);

// Progressive quantisation: keys come with their first bits, and for some heads, whose probabilities are too
// even to trust, the rest of the bits comes too and the product is taken again: a layer of its own behind it
// (SpAtten, section III-D). 0 <= again <= 1.
struct KeyParts {
  int first = 8, rest = 4;  // bits
  double again = 0;         // share of heads
};
[[nodiscard]] std::vector<Compressed> fetch_in_parts(TrainedNetwork& trained, const KeyParts& parts);

}  // namespace weft
