// Widths, densities and channels of any network, layer by layer or for all at once.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "dse/network_space.hpp"
#include "workload/channel_widths.hpp"

namespace weft {

namespace {

constexpr std::size_t kNoGene = static_cast<std::size_t>(-1);

// Genes of one layer; kNoGene where the network's own holds.
struct LayerGenes {
  std::size_t weight_bits = kNoGene, activation_bits = kNoGene;
  std::size_t weight_density = kNoGene, activation_density = kNoGene;
};

class LayerwiseSpace final : public NetworkSpace {
 public:
  explicit LayerwiseSpace(Layerwise spec)
      : network_(std::move(spec.network)), of_layer_(network_.layers.size()) {
    add(spec, "weight_bits", spec.weight_bits, &LayerGenes::weight_bits);
    add(spec, "activation_bits", spec.activation_bits, &LayerGenes::activation_bits);
    add(spec, "weight_density", spec.weight_density, &LayerGenes::weight_density);
    add(spec, "activation_density", spec.activation_density, &LayerGenes::activation_density);
    add_channels(spec);
    readers_.resize(network_.layers.size());
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      for (const int producer : network_.layers[i].inputs) {
        readers_[static_cast<std::size_t>(producer)].push_back(i);
      }
    }
  }

  Network build(const Genome& genome) const override {
    Network network = network_;
    const std::vector<std::int64_t> kept = kept_of(genome);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      network.layers[i] = layer(genome, i, kept);
    }
    return network;
  }
  void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const override {
    keys.clear();
    const std::vector<std::int64_t> kept = kept_of(genome);
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      std::uint64_t key = i;
      for (const std::size_t gene : {of_layer_[i].weight_bits, of_layer_[i].activation_bits,
                                     of_layer_[i].weight_density, of_layer_[i].activation_density}) {
        key = key * kOptions + (gene == kNoGene ? 0 : static_cast<std::uint64_t>(genome[gene]));
      }
      key = key * 65 + static_cast<std::uint64_t>(std::max(0, output_bits(genome, i)));
      if (widths_) {
        const ChannelWidths::Width width = widths_->width(i, kept);
        key = (key * most_channels_ + static_cast<std::uint64_t>(width.in)) * most_channels_ +
              static_cast<std::uint64_t>(width.out);
      }
      keys.push_back(key);
    }
  }
  Network block(const Genome& genome, std::size_t index) const override {
    Layer only = layer(genome, index, kept_of(genome));
    only.inputs.clear();
    return {.name = network_.name, .layers = {std::move(only)}, .unknown = {}};
  }
  std::string describe(const Genome& genome) const override {
    std::string text = network_.name;
    std::string stem;
    for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
      const std::string name = genes_[gene].name.substr(0, genes_[gene].name.find('.'));
      text += name == stem ? "/" : fmt::format(" {} ", name);
      text += fmt::format("{}", value(genome, gene));
      stem = name;
    }
    return text;
  }

 private:
  static constexpr std::uint64_t kOptions = 33;  // spaces allow 32

  void add_channels(const Layerwise& spec) {
    if (spec.channel_keep.empty()) {
      return;
    }
    widths_.emplace(network_);
    step_ = spec.channel_step;
    if (widths_->sets().empty()) {
      throw std::invalid_argument("no layer of the network can lose channels");
    }
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      const ChannelWidths::Width width = widths_->width(i, all_channels());
      most =
          std::max({most, static_cast<std::uint64_t>(width.in_of), static_cast<std::uint64_t>(width.out_of)});
    }
    most_channels_ = most + 1;
    const double combinations = std::pow(kOptions, 4) * 65 * static_cast<double>(network_.layers.size()) *
                                std::pow(static_cast<double>(most_channels_), 2);
    if (combinations > 0x1p63) {
      throw std::invalid_argument("the network has more layers and channels than can be told apart");
    }
    for (const ChannelWidths::Set& set : widths_->sets()) {
      const bool shared = spec.per == Layerwise::Per::kNetwork;
      if (!shared || channel_genes_.empty()) {
        genes_.push_back({shared ? "channel_keep" : "channel_keep." + set.layer, spec.channel_keep});
      }
      channel_genes_.push_back(genes_.size() - 1);
    }
  }
  [[nodiscard]] std::vector<std::int64_t> all_channels() const {
    std::vector<std::int64_t> all;
    for (const ChannelWidths::Set& set : widths_->sets()) {
      all.push_back(set.channels);
    }
    return all;
  }
  // Channels that every set keeps; nothing where channels do not vary.
  [[nodiscard]] std::vector<std::int64_t> kept_of(const Genome& genome) const {
    std::vector<std::int64_t> kept;
    for (std::size_t set = 0; set < channel_genes_.size(); ++set) {
      const std::int64_t all = widths_->sets()[set].channels;
      const double share = value(genome, channel_genes_[set]);
      const auto steps = std::llround(share * static_cast<double>(all) / static_cast<double>(step_));
      kept.push_back(share == 1 ? all : std::min(all, std::max<std::int64_t>(1, steps) * step_));
    }
    return kept;
  }

  void add(const Layerwise& spec, const std::string& name, const std::vector<double>& values,
           std::size_t LayerGenes::*member) {
    if (values.empty()) {
      return;
    }
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      // The second operand of a product of two activations is no weight.
      const bool weights = member == &LayerGenes::weight_bits || member == &LayerGenes::weight_density;
      const auto& problem = network_.layers[i].problem;
      if (!problem || (weights && problem->kind == "matmul")) {
        continue;
      }
      const bool shared = spec.per == Layerwise::Per::kNetwork;
      if (!shared || genes_.empty() || genes_.back().name != name) {
        genes_.push_back({shared ? name : fmt::format("{}.{}", name, network_.layers[i].name), values});
      }
      of_layer_[i].*member = genes_.size() - 1;
    }
  }

  // Of the layer's inputs, or 0: the network's own.
  int input_bits(const Genome& genome, std::size_t index) const {
    const std::size_t gene = of_layer_[index].activation_bits;
    return gene == kNoGene ? 0 : static_cast<int>(value(genome, gene));
  }
  // Looks through layers without a problem.
  int output_bits(const Genome& genome, std::size_t index) const {
    int widest = 0;
    for (const std::size_t reader : readers_[index]) {
      widest = std::max(
          widest, network_.layers[reader].problem ? input_bits(genome, reader) : output_bits(genome, reader));
    }
    return widest;
  }
  Layer layer(const Genome& genome, std::size_t index, const std::vector<std::int64_t>& kept) const {
    Layer layer = widths_ ? widths_->layer(index, widths_->width(index, kept)) : network_.layers[index];
    const int out = output_bits(genome, index);
    for (VectorOp& op : layer.post_ops) {
      op.bits = out > 0 ? out : op.bits;
    }
    if (!layer.problem) {
      return layer;
    }
    const LayerGenes& genes = of_layer_[index];
    TensorShape& weights = layer.problem->tensor(Role::kWeights);
    TensorShape& inputs = layer.problem->tensor(Role::kInputs);
    TensorShape& outputs = layer.problem->tensor(Role::kOutputs);
    const int in = input_bits(genome, index);
    inputs.bits = in > 0 ? in : inputs.bits;
    outputs.bits = out > 0 ? out : outputs.bits;
    weights.bits =
        genes.weight_bits == kNoGene ? weights.bits : static_cast<int>(value(genome, genes.weight_bits));
    weights.density = genes.weight_density == kNoGene ? weights.density : value(genome, genes.weight_density);
    inputs.density =
        genes.activation_density == kNoGene ? inputs.density : value(genome, genes.activation_density);
    return layer;
  }

  Network network_;
  std::vector<LayerGenes> of_layer_;
  std::vector<std::vector<std::size_t>> readers_;
  std::optional<ChannelWidths> widths_;     // none: channels do not vary
  std::vector<std::size_t> channel_genes_;  // of each set
  std::int64_t step_ = 1;
  std::uint64_t most_channels_ = 1;  // one more than any layer reads or makes
};

}  // namespace

std::shared_ptr<const NetworkSpace> layerwise_space(Layerwise spec) {
  return std::make_shared<LayerwiseSpace>(std::move(spec));
}

}  // namespace weft
