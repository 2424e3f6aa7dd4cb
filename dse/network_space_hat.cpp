// The HAT Transformers as a space: widths, heads and depth per layer, and how many encoder layers a decoder
// layer attends to. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "dse/supernets.hpp"
#include "workload/hat.hpp"

namespace weft {

namespace {

constexpr std::size_t kSlots = HatTransformer::kSlots;

enum class Part : std::uint8_t { kEncoder, kDecoder, kEnds };
constexpr int kPartBits = 2;
constexpr int kOptionBits = 5;

class HatSpace final : public NetworkSpace {
 public:
  explicit HatSpace(std::vector<NetworkGene> genes) { genes_ = std::move(genes); }

  static constexpr std::size_t kEncoderEmbed = 0, kDecoderEmbed = 1, kDepth = 2, kEncoderFfn = 3;
  static constexpr std::size_t kEncoderHeads = kEncoderFfn + kSlots;
  static constexpr std::size_t kDecoderFfn = kEncoderHeads + kSlots;  // genes of decoder slots from here on
  static constexpr std::size_t kDecoderHeads = kDecoderFfn + kSlots;
  static constexpr std::size_t kCrossHeads = kDecoderHeads + kSlots;
  static constexpr std::size_t kCrossLayers = kCrossHeads + kSlots;

  static std::vector<NetworkGene> all() {
    std::vector<NetworkGene> genes = {
        {"encoder_embed", {512, 640}}, {"decoder_embed", {512, 640}}, {"decoder_layers", {1, 2, 3, 4, 5, 6}}};
    add_genes(genes, "encoder_ffn", 1, kSlots, {1024, 2048, 3072});
    add_genes(genes, "encoder_heads", 1, kSlots, {4, 8});
    add_genes(genes, "decoder_ffn", 1, kSlots, {1024, 2048, 3072});
    add_genes(genes, "decoder_heads", 1, kSlots, {4, 8});
    add_genes(genes, "cross_heads", 1, kSlots, {4, 8});
    add_genes(genes, "cross_layers", 1, kSlots, {1, 2, 3});
    return genes;
  }

  bool active(const Genome& genome, std::size_t gene) const override {
    return gene < kDecoderFfn || slot_active(genome, (gene - kDecoderFfn) % kSlots);
  }
  double size() const override {
    double total = 1;
    for (std::size_t gene = 0; gene < kDecoderFfn; ++gene) {
      total *= gene == kDepth ? 1 : options(gene);
    }
    double decoders = 0;
    for (const double depth : genes_[kDepth].values) {
      double layers = 1;
      for (std::size_t slot = 0; slot < static_cast<std::size_t>(depth); ++slot) {
        layers *= options(kDecoderFfn + slot) * options(kDecoderHeads + slot) * options(kCrossHeads + slot) *
                  options(kCrossLayers + slot);
      }
      decoders += layers;
    }
    return total * decoders;
  }
  Network build(const Genome& genome) const override { return hat_transformer(config(genome)); }

  // Layers of equal shape have equal keys wherever they stand.
  void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const override {
    keys.assign(1, key(genome, Part::kEnds, {kEncoderEmbed, kDecoderEmbed}));
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      keys.push_back(key(genome, Part::kEncoder, {kEncoderEmbed, kEncoderFfn + slot, kEncoderHeads + slot}));
    }
    for (std::size_t slot = 0; slot < kSlots && slot_active(genome, slot); ++slot) {
      keys.push_back(key(genome, Part::kDecoder,
                         {kEncoderEmbed, kDecoderEmbed, kDecoderFfn + slot, kDecoderHeads + slot,
                          kCrossHeads + slot, kCrossLayers + slot}));
    }
  }
  Network block(const Genome& genome, std::size_t index) const override {
    return hat_part(config(genome), index == 0 ? HatTransformer::kEnds : static_cast<int>(index) - 1);
  }

  // "512 1024/4.3072/8 > 640 3072/8/4+2": widths and heads per layer, "+2" where two encoder layers are
  // attended to.
  std::string describe(const Genome& genome) const override {
    std::string text = fmt::format("{}", value(genome, kEncoderEmbed));
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      text += fmt::format("{}{}/{}", slot == 0 ? " " : ".", value(genome, kEncoderFfn + slot),
                          value(genome, kEncoderHeads + slot));
    }
    text += fmt::format(" > {}", value(genome, kDecoderEmbed));
    for (std::size_t slot = 0; slot < kSlots && slot_active(genome, slot); ++slot) {
      text += fmt::format("{}{}/{}/{}+{}", slot == 0 ? " " : ".", value(genome, kDecoderFfn + slot),
                          value(genome, kDecoderHeads + slot), value(genome, kCrossHeads + slot),
                          value(genome, kCrossLayers + slot));
    }
    return text;
  }

 private:
  [[nodiscard]] double options(std::size_t gene) const {
    return static_cast<double>(genes_[gene].values.size());
  }
  [[nodiscard]] bool slot_active(const Genome& genome, std::size_t slot) const {
    return static_cast<double>(slot) < value(genome, kDepth);
  }
  [[nodiscard]] static std::uint64_t key(const Genome& genome, Part part,
                                         std::initializer_list<std::size_t> genes) {
    KeyPacker packer;
    for (const std::size_t gene : genes) {
      packer.add(static_cast<std::uint64_t>(genome[gene]), kOptionBits);
    }
    return packer.add(static_cast<std::uint64_t>(part), kPartBits).key();
  }
  [[nodiscard]] HatTransformer config(const Genome& genome) const {
    const auto whole = [&](std::size_t gene) { return static_cast<std::int64_t>(value(genome, gene)); };
    HatTransformer config{.encoder_embed = whole(kEncoderEmbed), .decoder_embed = whole(kDecoderEmbed)};
    config.decoder_layers = static_cast<int>(whole(kDepth));
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      config.encoder_ffn[slot] = whole(kEncoderFfn + slot);
      config.encoder_heads[slot] = whole(kEncoderHeads + slot);
      config.decoder_ffn[slot] = whole(kDecoderFfn + slot);
      config.decoder_heads[slot] = whole(kDecoderHeads + slot);
      config.cross_heads[slot] = whole(kCrossHeads + slot);
      config.cross_layers[slot] = whole(kCrossLayers + slot);
    }
    return config;
  }
};

std::shared_ptr<const NetworkSpace> make(std::vector<NetworkGene> genes) {
  return std::make_shared<HatSpace>(std::move(genes));
}

}  // namespace

Supernet hat_supernet() {
  return {HatSpace::all(), make, "bleu"};
}

}  // namespace weft
