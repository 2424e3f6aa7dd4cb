// HAT Transformers: encoder layers over the whole sentence, decoder layers for one token and for all others.
// SPDX-License-Identifier: Apache-2.0
#include "workload/hat.hpp"

#include <algorithm>
#include <stdexcept>

#include "workload/presets/families.hpp"

namespace weft {

namespace {

using presets::Feature;
using presets::NetworkBuilder;

// Outputs of the encoder layers, the last one first; -1 as layer where they are another part's.
using Memory = std::vector<Feature>;

struct KeysValues {
  Feature keys, values;
};

bool attends(std::int64_t heads) {
  return heads >= 1 && HatTransformer::kAttention % heads == 0;
}

void check(const HatTransformer& config) {
  bool fits = config.encoder_embed >= 1 && config.decoder_embed >= 1 && config.decoder_layers >= 1 &&
              config.decoder_layers <= HatTransformer::kSlots && config.tokens >= 1 &&
              config.tokens <= 65536 && config.vocabulary >= 0;
  for (std::size_t i = 0; i < HatTransformer::kSlots; ++i) {
    fits = fits && config.encoder_ffn[i] >= 1 && attends(config.encoder_heads[i]);
    if (config.active(static_cast<int>(i))) {
      fits = fits && config.decoder_ffn[i] >= 1 && attends(config.decoder_heads[i]) &&
             attends(config.cross_heads[i]) && config.cross_layers[i] >= 1 &&
             config.cross_layers[i] <= HatTransformer::kSlots;
    }
  }
  if (!fits) {
    throw std::invalid_argument(
        "a HAT Transformer has widths of at least 1, heads that divide 512, 1 to 6 decoder layers "
        "and 1 to 65536 tokens");
  }
}

// softmax(Q K^T) V for every head, and its projection to the width of `queries`' layer.
Feature attend(NetworkBuilder& net, const std::string& name, const Feature& queries, const KeysValues& kv,
               std::int64_t heads, std::int64_t width) {
  const std::int64_t per_head = HatTransformer::kAttention / heads;
  Feature scores = net.matmul(name + "_scores", {queries, kv.keys},
                              {.heads = heads, .m = queries.h, .n = kv.keys.h, .k = per_head});
  net.softmax(scores, scores.elements());
  const Feature mixed = net.matmul(name + "_mix", {scores, kv.values},
                                   {.heads = heads, .m = queries.h, .n = per_head, .k = kv.values.h});
  return net.linear(name + "_project", mixed, width);
}

Feature add_and_norm(NetworkBuilder& net, const Feature& y, const Feature& x) {
  return net.layer_norm(net.add(y, x));
}

Feature feed_forward(NetworkBuilder& net, const std::string& name, const Feature& x, std::int64_t hidden) {
  const Feature up = net.relu(net.linear(name + "_up", x, hidden));
  return add_and_norm(net, net.linear(name + "_down", up, x.channels), x);
}

// Over `context` keys: of this sentence, or (one token at a time) those kept of the tokens before as well.
Feature self_attention(NetworkBuilder& net, const std::string& name, const Feature& x, std::int64_t heads,
                       std::int64_t context) {
  const Feature queries = net.linear(name + "_q", x, HatTransformer::kAttention);
  KeysValues kv{net.linear(name + "_k", x, HatTransformer::kAttention),
                net.linear(name + "_v", x, HatTransformer::kAttention)};
  kv.keys.h = kv.values.h = context;
  return add_and_norm(net, attend(net, name + "_self", queries, kv, heads, x.channels), x);
}

Feature encoder_layer(NetworkBuilder& net, const HatTransformer& config, int slot, const Feature& x) {
  const auto at = static_cast<std::size_t>(slot);
  const std::string name = "encoder" + std::to_string(slot + 1);
  const Feature y = self_attention(net, name, x, config.encoder_heads[at], x.h);
  return feed_forward(net, name, y, config.encoder_ffn[at]);
}

// Keys and values of the encoder layers attended to, once for the sentence.
KeysValues cross_keys_values(NetworkBuilder& net, const HatTransformer& config, int slot,
                             const Memory& memory) {
  const auto layers = static_cast<std::size_t>(config.cross_layers[static_cast<std::size_t>(slot)]);
  const std::string name = "decoder" + std::to_string(slot + 1) + "_cross";
  Feature all = memory.front();
  if (layers > 1) {
    // One after the other as further tokens.
    all = net.concat(name + "_memory",
                     Memory(memory.begin(), memory.begin() + static_cast<std::ptrdiff_t>(layers)));
    all.channels = memory.front().channels;
    all.h = memory.front().h * static_cast<std::int64_t>(layers);
  }
  return {net.linear(name + "_k", all, HatTransformer::kAttention),
          net.linear(name + "_v", all, HatTransformer::kAttention)};
}

Feature decoder_layer(NetworkBuilder& net, const HatTransformer& config, const std::string& prefix, int slot,
                      const Feature& x, const KeysValues& memory) {
  const auto at = static_cast<std::size_t>(slot);
  const std::string name = prefix + "decoder" + std::to_string(slot + 1);
  const Feature y = self_attention(net, name, x, config.decoder_heads[at], config.tokens);
  const Feature queries = net.linear(name + "_cross_q", y, HatTransformer::kAttention);
  const Feature z =
      add_and_norm(net, attend(net, name + "_cross", queries, memory, config.cross_heads[at], x.channels), y);
  return feed_forward(net, name, z, config.decoder_ffn[at]);
}

Feature embed_source(NetworkBuilder& net, const HatTransformer& config) {
  const Feature x = net.input(config.encoder_embed, config.tokens, 1);
  // One table for both languages, as wide as the wider side reads.
  return config.vocabulary == 0
             ? x
             : net.lookup("embed", x,
                          config.vocabulary * std::max(config.encoder_embed, config.decoder_embed));
}

Feature embed_token(NetworkBuilder& net, const HatTransformer& config, const std::string& prefix, int after) {
  const Feature x{after, config.decoder_embed, 1, 1};
  return config.vocabulary == 0 ? x : net.lookup(prefix + "token", x, 0);
}

Feature pick_word(NetworkBuilder& net, const HatTransformer& config, const std::string& prefix,
                  const Feature& x) {
  return config.vocabulary == 0 ? x : net.tied_linear(prefix + "words", x, config.vocabulary);
}

// Layers from `first` on work for every token but the first.
void repeat_from(Network& network, std::size_t first, std::int64_t copies) {
  for (std::size_t i = first; i < network.layers.size(); ++i) {
    network.layers[i].repeat = copies;
    network.layers[i].parameters = 0;
  }
}

class Part {
 public:
  explicit Part(const HatTransformer& config) : config_(config), net_("part", 1) {}

  Network encoder(int slot) {
    (void)encoder_layer(net_, config_, slot, net_.input(config_.encoder_embed, config_.tokens, 1));
    return net_.take();
  }
  Network decoder(int slot) {
    const Memory memory(HatTransformer::kSlots, net_.input(config_.encoder_embed, config_.tokens, 1));
    const KeysValues kv = cross_keys_values(net_, config_, slot, memory);
    return twice(
        [&](const std::string& prefix) { return decoder_layer(net_, config_, prefix, slot, token(), kv); });
  }
  Network ends() {
    if (config_.vocabulary == 0) {
      return {.name = "part"};
    }
    (void)embed_source(net_, config_);
    return twice([&](const std::string& prefix) {
      return pick_word(net_, config_, prefix, embed_token(net_, config_, prefix, -1));
    });
  }

 private:
  [[nodiscard]] Feature token() const { return net_.input(config_.decoder_embed, 1, 1); }

  template <class Build>
  Network twice(const Build& build) {
    const int last = build("").layer;
    if (config_.tokens > 1) {
      (void)build("next_");
    }
    Network network = net_.take();
    repeat_from(network, static_cast<std::size_t>(last) + 1, config_.tokens - 1);
    return network;
  }

  const HatTransformer& config_;
  NetworkBuilder net_;
};

}  // namespace

Network hat_transformer(const HatTransformer& config) {
  check(config);
  NetworkBuilder net("hat_transformer", 1);
  Memory memory = {embed_source(net, config)};
  for (int slot = 0; slot < HatTransformer::kSlots; ++slot) {
    memory.insert(memory.begin(), encoder_layer(net, config, slot, memory.front()));
  }
  std::vector<KeysValues> kept;
  for (int slot = 0; slot < config.decoder_layers; ++slot) {
    kept.push_back(cross_keys_values(net, config, slot, memory));
  }
  int last = kept.back().values.layer;
  const auto pass = [&](const std::string& prefix) {
    Feature x = embed_token(net, config, prefix, last);
    for (int slot = 0; slot < config.decoder_layers; ++slot) {
      x = decoder_layer(net, config, prefix, slot, x, kept[static_cast<std::size_t>(slot)]);
    }
    last = pick_word(net, config, prefix, x).layer;
  };
  pass("");
  const auto first_pass_end = static_cast<std::size_t>(last) + 1;
  if (config.tokens > 1) {
    pass("next_");
  }
  Network network = net.take();
  repeat_from(network, first_pass_end, config.tokens - 1);
  return network;
}

Network hat_part(const HatTransformer& config, int part) {
  check(config);
  if (part < HatTransformer::kEncoderParts) {
    return Part(config).encoder(part);
  }
  if (part == HatTransformer::kEnds) {
    return Part(config).ends();
  }
  const int slot = part - HatTransformer::kEncoderParts;
  return config.active(slot) ? Part(config).decoder(slot) : Network{.name = "part"};
}

}  // namespace weft
