// Cascade pruning of tokens and heads, local pruning of values, keys in two parts.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "workload/compress.hpp"
#include "workload/compress/attention.hpp"

namespace weft {
namespace {

using compress::Attention;

constexpr int kB = 0, kM = 1, kN = 2, kK = 3;

std::int64_t kept(std::int64_t all, double share) {
  return std::clamp<std::int64_t>(std::llround(static_cast<double>(all) * share), 1, all);
}

std::int64_t scaled(std::int64_t count, std::int64_t now, std::int64_t before) {
  return now == before ? count
                       : std::llround(static_cast<double>(count) / static_cast<double>(before) *
                                      static_cast<double>(now));
}

// What one attention is left with.
struct Sizes {
  std::int64_t tokens = 1, context = 1, heads = 1, values = 1;
};

Sizes sizes_of(const Attention& attention, const AttentionShares& shares) {
  Sizes sizes{.tokens = kept(attention.tokens, shares.tokens),
              .context = kept(attention.context, shares.tokens),
              .heads = kept(attention.heads, shares.heads)};
  sizes.values = kept(sizes.context, shares.values);
  return sizes;
}

class Pruner {
 public:
  Pruner(TrainedNetwork& trained, const std::vector<AttentionShares>& shares)
      : trained_(trained), all_(compress::attentions(trained.network)) {
    if (shares.size() != all_.size()) {
      throw std::invalid_argument(fmt::format("{} attentions, shares for {}", all_.size(), shares.size()));
    }
    for (std::size_t a = 0; a < all_.size(); ++a) {
      if (a > 0 && (shares[a].tokens > shares[a - 1].tokens || shares[a].heads > shares[a - 1].heads)) {
        throw std::invalid_argument("tokens and heads that are gone do not come back");
      }
      sizes_.push_back(sizes_of(all_[a], shares[a]));
    }
  }

  std::vector<Compressed> run() {
    int from = 0;
    for (std::size_t a = 0; a < all_.size(); ++a) {
      // Whoever comes after the ranking that the attention before ended with sees what is left of the tokens.
      for (int i = from; i < all_[a].scores; ++i) {
        shrink_rows(i, a);
      }
      shrink_heads(a);
      shrink_products(a);
      from = all_[a].values + 1;
    }
    for (int i = from; !all_.empty() && i < static_cast<int>(trained_.network.layers.size()); ++i) {
      shrink_rows(i, all_.size() - 1);
    }
    for (std::size_t a = 0; a < all_.size(); ++a) {
      shrink_readers(a);
      rank(a);
    }
    return std::move(done_);
  }

 private:
  Layer& layer(int index) { return trained_.network.layers[static_cast<std::size_t>(index)]; }

  // New sizes of a layer's product; its vector work and what it reads besides follow the results.
  void resize(int index, std::int64_t b, std::int64_t m, std::int64_t n, std::int64_t k) {
    Layer& one = layer(index);
    Problem& problem = *one.problem;
    if (problem.size(kB) == b && problem.size(kM) == m && problem.size(kN) == n && problem.size(kK) == k) {
      return;
    }
    const std::int64_t before = words(problem.tensor(Role::kOutputs));
    const std::int64_t columns = problem.size(kN);
    if (problem.size(kN) != n || problem.size(kK) != k) {
      trained_.weights[static_cast<std::size_t>(index)].clear();  // which of them stay is found at run time
    }
    compress::resize_product(problem, b, m, n, k);
    const std::int64_t now = words(problem.tensor(Role::kOutputs));
    for (VectorOp& op : one.post_ops) {
      const bool per_column = op.kind == VectorKind::kBias || op.kind == VectorKind::kNormalisation;
      op.elements = scaled(op.elements, now, before);
      op.output_words = scaled(op.output_words, now, before);
      op.extra_input_words =
          per_column ? scaled(op.extra_input_words, n, columns) : scaled(op.extra_input_words, now, before);
    }
  }

  void shrink_rows(int index, std::size_t a) {
    const Layer& one = layer(index);
    const std::int64_t all = all_[a].images * all_[a].tokens;
    if (all_[a].tokens > 1 && compress::is_product(one) && one.problem->kind != "matmul" &&
        one.problem->size(kM) == all) {
      const Problem& p = *one.problem;
      resize(index, p.size(kB), all_[a].images * sizes_[a].tokens, p.size(kN), p.size(kK));
    }
  }

  // Queries, keys and values of heads that are gone are not made.
  void shrink_heads(std::size_t a) {
    for (const int index : all_[a].projections) {
      const Problem& p = *layer(index).problem;
      if (p.size(kN) % all_[a].heads == 0) {
        resize(index, p.size(kB), p.size(kM), p.size(kN) / all_[a].heads * sizes_[a].heads, p.size(kK));
      }
    }
  }

  void shrink_products(std::size_t a) {
    const Attention& one = all_[a];
    const Sizes& to = sizes_[a];
    const std::int64_t heads = one.images * to.heads;
    for (const int index : {one.scores, one.values}) {
      Compressed step{.layer = layer(index).name, .step = "attention"};
      step.words_before = words(layer(index).problem->tensor(Role::kWeights));
      const Problem& p = *layer(index).problem;
      if (index == one.scores) {
        resize(index, heads, to.tokens, to.context, p.size(kK));
      } else {
        resize(index, heads, to.tokens, p.size(kN), to.values);
      }
      step.words_after = words(layer(index).problem->tensor(Role::kWeights));
      step.what = fmt::format("{} of {} heads, {} of {} {}", to.heads, one.heads,
                              index == one.scores ? to.context : to.values, one.context,
                              index == one.scores ? "keys" : "values");
      done_.push_back(std::move(step));
    }
  }

  // Who takes all heads together has fewer input channels.
  void shrink_readers(std::size_t a) {
    for (int i = all_[a].values + 1; i < static_cast<int>(trained_.network.layers.size()); ++i) {
      const Layer& one = layer(i);
      const bool takes = std::find(one.inputs.begin(), one.inputs.end(), all_[a].values) != one.inputs.end();
      if (takes && compress::is_product(one) && one.problem->kind != "matmul" &&
          one.problem->size(kK) % all_[a].heads == 0) {
        const Problem& p = *one.problem;
        resize(i, p.size(kB), p.size(kM), p.size(kN), p.size(kK) / all_[a].heads * sizes_[a].heads);
      }
    }
  }

  // Importance is summed up where the scores pass; ranked is what the next attention, or this one's values,
  // have less of.
  void rank(std::size_t a) {
    const Attention& one = all_[a];
    const Sizes& here = sizes_[a];
    const Sizes& next = sizes_[std::min(a + 1, sizes_.size() - 1)];
    const std::int64_t scores = words(layer(one.scores).problem->tensor(Role::kOutputs));
    const std::int64_t rows = scores / here.context;
    if (here.values < here.context) {
      add_top_k(one.scores, "top_k_values", rows, here.context, here.values, false);
    }
    if (sizes_.back().context < here.context) {
      add_sum(one.scores, "token_importance", scores);
    }
    if (next.context < here.context) {
      add_top_k(one.scores, "top_k_tokens", one.images, here.context, next.context, true);
    }
    if (sizes_.back().heads < here.heads) {
      add_sum(one.values, "head_importance", words(layer(one.values).problem->tensor(Role::kOutputs)));
    }
    if (next.heads < here.heads) {
      add_top_k(one.values, "top_k_heads", one.images, here.heads, next.heads, true);
    }
  }

  void add_sum(int index, const char* name, std::int64_t elements) {
    layer(index).post_ops.push_back({.name = name, .elements = elements, .bits = 16});
  }

  void add_top_k(int index, const char* name, std::int64_t rows, std::int64_t among, std::int64_t keep,
                 bool standalone) {
    layer(index).post_ops.push_back({.name = name,
                                     .kind = VectorKind::kTopK,
                                     .elements = checked_mul(rows, among),
                                     .standalone = standalone,
                                     .bits = 16,
                                     .rows = rows,
                                     .keep = keep});
  }

  TrainedNetwork& trained_;
  std::vector<Attention> all_;
  std::vector<Sizes> sizes_;
  std::vector<Compressed> done_;
};

bool is_share(double share) {
  return share > 0 && share <= 1;
}

// A copy of the product for the heads whose keys are fetched again, behind it; numbers of later layers move.
void insert_again(TrainedNetwork& trained, int scores, std::int64_t heads, int bits) {
  Network& network = trained.network;
  const auto at = static_cast<std::size_t>(scores);
  Layer again = network.layers[at];
  again.name += "_again";
  const Problem& p = *again.problem;
  compress::resize_product(*again.problem, heads, p.size(kM), p.size(kN), p.size(kK));
  again.problem->name = again.name;
  again.problem->tensor(Role::kWeights).bits = bits;
  again.inputs = {scores};
  again.post_ops.clear();
  for (std::size_t i = at + 1; i < network.layers.size(); ++i) {
    bool takes = false;
    for (int& input : network.layers[i].inputs) {
      takes = takes || input == scores;
      input += input > scores ? 1 : 0;
    }
    if (takes) {
      network.layers[i].inputs.push_back(scores + 1);
    }
  }
  const auto place = static_cast<std::ptrdiff_t>(at + 1);
  network.layers.insert(network.layers.begin() + place, std::move(again));
  trained.weights.insert(trained.weights.begin() + place, std::vector<float>{});
}

}  // namespace

std::vector<AttentionShares> cascade(const Network& network, const Cascade& cascade) {
  if (!is_share(cascade.tokens) || !is_share(cascade.heads) || !is_share(cascade.values)) {
    throw std::invalid_argument("shares that stay are above 0 and at most 1");
  }
  if (!(cascade.tokens_from >= 0 && cascade.tokens_from <= 1 && cascade.heads_from >= 0 &&
        cascade.heads_from <= 1)) {
    throw std::invalid_argument("shares of the network are 0 to 1");
  }
  const std::size_t count = compress::attentions(network).size();
  const auto all = static_cast<double>(count);
  std::vector<AttentionShares> shares(count);
  for (std::size_t a = 0; a < count; ++a) {
    // In equal steps from all to what is wanted, the last attention has it.
    const auto left = [&](double wanted, double from) {
      const double whole = std::ceil(from * all);
      const double step = (static_cast<double>(a) + 1 - whole) / std::max(1.0, all - whole);
      return 1 - (1 - wanted) * std::clamp(step, 0.0, 1.0);
    };
    shares[a] = {left(cascade.tokens, cascade.tokens_from), left(cascade.heads, cascade.heads_from),
                 cascade.values};
  }
  return shares;
}

std::vector<Compressed> prune_attention(TrainedNetwork& trained, const std::vector<AttentionShares>& shares) {
  trained.weights.resize(trained.network.layers.size());
  return Pruner(trained, shares).run();
}

std::vector<Compressed> fetch_in_parts(TrainedNetwork& trained, const KeyParts& parts) {
  if (parts.first < 1 || parts.rest < 1 || parts.first + parts.rest > 64) {
    throw std::invalid_argument("both parts of a key have bits, 64 together at most");
  }
  if (!(parts.again >= 0 && parts.again <= 1)) {
    throw std::invalid_argument("the share that is fetched again is 0 to 1");
  }
  trained.weights.resize(trained.network.layers.size());
  std::vector<Compressed> done;
  std::vector<Attention> all = compress::attentions(trained.network);
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    Layer& scores = trained.network.layers[static_cast<std::size_t>(one->scores)];
    TensorShape& keys = scores.problem->tensor(Role::kWeights);
    keys.bits = parts.first;
    const std::int64_t heads = std::llround(parts.again * static_cast<double>(scores.problem->size(kB)));
    done.push_back({.layer = scores.name,
                    .step = "key parts",
                    .what = fmt::format("{} bits, {} more of {} of {} heads", parts.first, parts.rest, heads,
                                        scores.problem->size(kB)),
                    .words_before = words(keys),
                    .words_after = words(keys)});
    if (heads > 0) {
      insert_again(trained, one->scores, heads, parts.rest);
    }
  }
  std::reverse(done.begin(), done.end());
  return done;
}

}  // namespace weft
