// Builds a network layer by layer, the way its paper's table reads: each call takes the feature maps it
// consumes and returns the one it produces.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workload/network.hpp"

namespace weft::presets {

// A feature map of one image: channels x height x width. A sequence is `h` tokens of `channels`, w = 1.
struct Feature {
  int layer = -1;  // producing layer; -1: the network's input
  std::int64_t channels = 1, h = 1, w = 1;

  [[nodiscard]] std::int64_t elements() const { return channels * h * w; }
};

enum class Finish : std::uint8_t {
  kNothing,  // no bias
  kBias,     // one trained word per output channel
  kNorm,     // batch norm, folded at inference: scale and shift per channel
};

struct ConvSpec {
  std::int64_t out = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t pad = 0;
  std::int64_t groups = 1;
  Finish finish = Finish::kNorm;
};

struct PoolSpec {
  std::int64_t kernel = 2;
  std::int64_t stride = 2;
  std::int64_t pad = 0;
  enum class Rounding : std::uint8_t { kDown, kUp } rounding = Rounding::kDown;
};

class NetworkBuilder {
 public:
  NetworkBuilder(std::string name, std::int64_t batch);

  [[nodiscard]] Feature input(std::int64_t channels, std::int64_t h, std::int64_t w) const;
  Feature conv(const std::string& name, const Feature& in, const ConvSpec& spec);
  // A transposed convolution whose kernel equals its stride: each position makes size x size outputs of its
  // own, so it is a 1x1 convolution to size^2 times the channels, with bias.
  Feature upconv(const std::string& name, const Feature& in, std::int64_t out_channels, std::int64_t size);
  // Every position of `in` through the same matrix: M = batch * h * w, K = channels, N = out_channels.
  Feature linear(const std::string& name, const Feature& in, std::int64_t out_channels,
                 Finish finish = Finish::kBias);
  // The same without bias, with a matrix that another layer already counts as its parameters.
  Feature tied_linear(const std::string& name, const Feature& in, std::int64_t out_channels);
  // A product of two activations, `heads` times per image: heads x m x k by heads x k x n. The result has
  // heads * n channels and m tokens.
  struct MatmulSpec {
    std::int64_t heads = 1, m = 1, n = 1, k = 1;
  };
  Feature matmul(const std::string& name, const std::vector<Feature>& operands, const MatmulSpec& spec);

  // Fused into the layer that produced the feature map.
  Feature activation(const Feature& in, const std::string& name, double ops_per_element = 1);
  Feature relu(const Feature& in) { return activation(in, "relu"); }
  Feature add(const Feature& in, const Feature& other);
  // A pass of its own over the map, listed with the layer that produced it.
  Feature max_pool(const Feature& in, const PoolSpec& spec);
  Feature average_pool(const Feature& in, std::int64_t out_h, std::int64_t out_w);
  Feature softmax(const Feature& in, std::int64_t elements);
  Feature layer_norm(const Feature& in);

  // Layers without a problem.
  Feature pool_layer(const std::string& name, const Feature& in, const PoolSpec& spec);
  Feature global_pool_layer(const std::string& name, const Feature& in);
  Feature multiply_layer(const std::string& name, const Feature& in, const Feature& scale);
  Feature concat(const std::string& name, const std::vector<Feature>& parts);
  // Table rows picked by index: embeddings, class tokens. `parameters` counts the trained tables.
  Feature lookup(const std::string& name, const Feature& out, std::int64_t parameters);

  [[nodiscard]] static Feature flatten(const Feature& in);
  // The finished network; a broken invariant is a bug of the preset.
  [[nodiscard]] Network take();

 private:
  Layer& add_layer(const std::string& name, const std::vector<Feature>& inputs);
  void finish_layer(Layer& layer, Finish finish, const Feature& out);
  Layer& layer_of(const Feature& feature);
  VectorOp pool_op(const Feature& in, const Feature& out, double window) const;

  Network network_;
  std::int64_t batch_;
};

}  // namespace weft::presets
