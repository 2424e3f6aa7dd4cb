// Encoder-decoder Transformers of the HAT space (Wang et al., ACL 2020), as its authors' code defines them
// (github.com/mit-han-lab/hardware-aware-transformers, space0 of WMT'14): every layer has its own width and
// heads, and a decoder layer attends to the last one, two or three encoder layers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "workload/network.hpp"

namespace weft {

// Slots beyond decoder_layers have no effect.
struct HatTransformer {
  static constexpr int kSlots = 6;              // encoder layers, and most decoder layers
  static constexpr int kEncoderParts = kSlots;  // parts 0..5
  static constexpr int kDecoderParts = kSlots;  // parts 6..11
  static constexpr int kEnds = 12;              // embeddings and the layer that picks words
  static constexpr int kParts = kEnds + 1;
  static constexpr std::int64_t kAttention = 512;  // width of queries, keys and values, all heads together

  std::int64_t encoder_embed = 512, decoder_embed = 512;
  int decoder_layers = kSlots;
  std::array<std::int64_t, kSlots> encoder_ffn{}, decoder_ffn{};
  std::array<std::int64_t, kSlots> encoder_heads{}, decoder_heads{}, cross_heads{};
  std::array<std::int64_t, kSlots> cross_layers{};  // encoder layers attended to: the last 1, 2 or 3

  // A sentence of so many tokens is read at once; its translation of as many is written token by token, keys
  // and values kept. The authors count operations for 30 tokens.
  std::int64_t tokens = 30;
  std::int64_t vocabulary =
      32768;  // words of both languages together; 0: neither embeddings nor the output layer

  [[nodiscard]] bool active(int decoder_slot) const { return decoder_slot < decoder_layers; }
};

// Self-attention of the decoder is counted over all `tokens` keys for every token: no saving from the causal
// mask. Layers that work token by token stand twice: for the first token, and (next_...) repeated for the
// others, without parameters. Throws std::invalid_argument when the numbers make no network.
[[nodiscard]] Network hat_transformer(const HatTransformer& config);
// One part alone, with the part's inputs as its own: the parts' layers together are the network's but for
// names, order and edges. A decoder slot that is not active gives a network without layers.
[[nodiscard]] Network hat_part(const HatTransformer& config, int part);

}  // namespace weft
