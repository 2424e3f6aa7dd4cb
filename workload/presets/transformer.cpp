// Transformers: BERT-base (Devlin et al. 2019), GPT-2 small (Radford et al. 2019) reading a prompt and
// writing one token, and ViT-B/16 (Dosovitskiy et al. 2021). Attention is counted in full: no saving from
// the causal mask. Block names: block<i>_<part>.
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "workload/presets/families.hpp"

namespace weft::presets {
namespace {

constexpr std::int64_t kWidth = 768, kHeads = 12, kHeadWidth = 64, kBlocks = 12;
constexpr double kGeluOps = 8;  // erf as four operations, and x * (1 + erf(x / sqrt 2)) / 2

std::int64_t tokens_or(const PresetOptions& options, std::int64_t own, std::int64_t longest) {
  const std::int64_t tokens = resolution_or(options, own);
  if (tokens < 1 || tokens > longest) {
    throw std::invalid_argument("the sequence length must be 1 to " + std::to_string(longest));
  }
  return tokens;
}

// softmax(Q K^T) V for every head, over `context` keys.
Feature attention(NetworkBuilder& net, const std::string& name, const std::vector<Feature>& qkv,
                  std::int64_t context) {
  const std::int64_t tokens = qkv.front().h;
  Feature scores =
      net.matmul(name + "_scores", qkv, {.heads = kHeads, .m = tokens, .n = context, .k = kHeadWidth});
  net.softmax(scores, scores.elements());
  Feature values = net.matmul(name + "_values", {scores, qkv.back()},
                              {.heads = kHeads, .m = tokens, .n = kHeadWidth, .k = context});
  return values;
}

Feature mlp(NetworkBuilder& net, const std::string& name, const Feature& in) {
  const Feature hidden = net.activation(net.linear(name + "_mlp_up", in, 4 * kWidth), "gelu", kGeluOps);
  return net.linear(name + "_mlp_down", hidden, kWidth);
}

// Norm before each half, as GPT-2 and ViT do; `x` carries the first norm already. The norm that follows
// (the next block's, or the last one) belongs to this block's end.
Feature pre_norm_block(NetworkBuilder& net, const std::string& name, const Feature& x, std::int64_t context) {
  const Feature qkv = net.linear(name + "_qkv", x, 3 * kWidth);
  Feature y = net.linear(name + "_project", attention(net, name, {qkv}, context), kWidth);
  y = net.layer_norm(net.add(y, x));
  return net.layer_norm(net.add(mlp(net, name, y), y));
}

Network gpt2(const std::string& name, std::int64_t batch, std::int64_t tokens, std::int64_t context) {
  constexpr std::int64_t kVocabulary = 50257, kContext = 1024;
  NetworkBuilder net(name, batch);
  Feature x = net.lookup("embed", net.input(kWidth, tokens, 1), (kVocabulary + kContext) * kWidth);
  net.layer_norm(x);
  for (std::int64_t b = 1; b <= kBlocks; ++b) {
    x = pre_norm_block(net, "block" + std::to_string(b), x, context);
  }
  x.h = 1;  // only the last token's logits are needed
  net.tied_linear("lm_head", x, kVocabulary);
  return net.take();
}

}  // namespace

Network bert_base(const PresetOptions& options) {
  constexpr std::int64_t kTables = (30522 + 512 + 2) * kWidth;  // words, positions, segments
  NetworkBuilder net("bert_base", options.batch);
  const std::int64_t tokens = tokens_or(options, 128, 512);
  Feature x = net.layer_norm(net.lookup("embed", net.input(kWidth, tokens, 1), kTables));
  for (std::int64_t b = 1; b <= kBlocks; ++b) {
    const std::string name = "block" + std::to_string(b);
    std::vector<Feature> qkv;
    for (const char* part : {"_q", "_k", "_v"}) {
      qkv.push_back(net.linear(name + part, x, kWidth));
    }
    Feature y = net.linear(name + "_project", attention(net, name, qkv, tokens), kWidth);
    y = net.layer_norm(net.add(y, x));
    x = net.layer_norm(net.add(mlp(net, name, y), y));
  }
  x.h = 1;  // the pooler reads the first token
  net.activation(net.linear("pooler", x, kWidth), "tanh", 4);
  return net.take();
}

Network gpt2_prefill(const PresetOptions& options) {
  const std::int64_t tokens = tokens_or(options, 1024, 1024);
  return gpt2("gpt2_prefill", options.batch, tokens, tokens);
}

Network gpt2_decode(const PresetOptions& options) {
  return gpt2("gpt2_decode", options.batch, 1, tokens_or(options, 1024, 1024));
}

Network vit_b_16(const PresetOptions& options) {
  constexpr std::int64_t kPatch = 16;
  const std::int64_t size = resolution_or(options, 224);
  if (size % kPatch != 0) {
    throw std::invalid_argument("ViT-B/16 needs a resolution that 16 divides");
  }
  NetworkBuilder net("vit_b_16", options.batch);
  Feature x = net.conv("patches", net.input(3, size, size),
                       {.out = kWidth, .kernel = kPatch, .stride = kPatch, .finish = Finish::kBias});
  const std::int64_t tokens = x.h * x.w + 1;
  // The class token joins the patches, then each token gets its position's vector.
  x = net.lookup("embed", {x.layer, kWidth, tokens, 1}, (1 + tokens) * kWidth);
  net.layer_norm(x);
  for (std::int64_t b = 1; b <= kBlocks; ++b) {
    x = pre_norm_block(net, "block" + std::to_string(b), x, tokens);
  }
  x.h = 1;  // the class token
  net.linear("head", x, 1000);
  return net.take();
}

}  // namespace weft::presets
