// The Once-for-All supernets as spaces. Gene order and names are those of the columns of the tables that the
// accuracy predictors are fitted to (dse/README.md).
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "dse/supernets.hpp"
#include "workload/once_for_all.hpp"

namespace weft {

namespace {

constexpr int kPartBits = 5;         // stem, slots and the end: 22 at most
constexpr int kResolutionBits = 14;  // up to 8192
constexpr int kOptionBits = 10;      // index of an option

class MobileNetV3Space final : public NetworkSpace {
 public:
  explicit MobileNetV3Space(std::vector<NetworkGene> genes) { genes_ = std::move(genes); }

  static constexpr std::size_t kDepths = 1;
  static constexpr std::size_t kKernels = kDepths + OfaMobileNetV3::kStages;
  static constexpr std::size_t kExpands = kKernels + OfaMobileNetV3::kSlots;

  static std::vector<NetworkGene> all() {
    std::vector<NetworkGene> genes = {{"resolution", {160, 176, 192, 208, 224}}};
    add_genes(genes, "depth", 1, OfaMobileNetV3::kStages, {2, 3, 4});
    add_genes(genes, "kernel", 0, OfaMobileNetV3::kSlots, {3, 5, 7});
    add_genes(genes, "expand", 0, OfaMobileNetV3::kSlots, {3, 4, 6});
    return genes;
  }

  bool active(const Genome& genome, std::size_t gene) const override {
    return gene < kKernels || slot_active(genome, (gene - kKernels) % OfaMobileNetV3::kSlots);
  }
  double size() const override {
    double total = static_cast<double>(genes_[0].values.size());
    for (std::size_t stage = 0; stage < OfaMobileNetV3::kStages; ++stage) {
      double networks = 0;
      for (const double depth : genes_[kDepths + stage].values) {
        double blocks = 1;
        for (std::size_t slot = stage * OfaMobileNetV3::kDepth;
             slot < stage * OfaMobileNetV3::kDepth + static_cast<std::size_t>(depth); ++slot) {
          blocks *= static_cast<double>(genes_[kKernels + slot].values.size() *
                                        genes_[kExpands + slot].values.size());
        }
        networks += blocks;
      }
      total *= networks;
    }
    return total;
  }
  Network build(const Genome& genome) const override { return ofa_mobilenet_v3(config(genome)); }

  void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const override {
    keys.clear();
    const auto resolution = static_cast<std::uint64_t>(value(genome, 0));
    keys.push_back(KeyPacker().add(resolution, kResolutionBits).add(0, kPartBits).key());
    for (std::size_t slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
      if (slot_active(genome, slot)) {
        keys.push_back(KeyPacker()
                           .add(static_cast<std::uint64_t>(genome[kKernels + slot]), kOptionBits)
                           .add(static_cast<std::uint64_t>(genome[kExpands + slot]), kOptionBits)
                           .add(resolution, kResolutionBits)
                           .add(slot + 1, kPartBits)
                           .key());
      }
    }
    keys.push_back(
        KeyPacker().add(resolution, kResolutionBits).add(OfaMobileNetV3::kParts - 1, kPartBits).key());
  }
  Network block(const Genome& genome, std::size_t index) const override {
    std::vector<std::uint64_t> keys;
    blocks(genome, keys);
    return ofa_part(config(genome), static_cast<int>(keys.at(index) & ((1U << kPartBits) - 1)));
  }

  // Per stage the kernel and the expansion of every block: "r192 3/4.5/6 ...".
  std::string describe(const Genome& genome) const override {
    std::string text = fmt::format("r{}", value(genome, 0));
    for (std::size_t slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
      if (slot_active(genome, slot)) {
        text += fmt::format("{}{}/{}", slot % OfaMobileNetV3::kDepth == 0 ? " " : ".",
                            value(genome, kKernels + slot), value(genome, kExpands + slot));
      }
    }
    return text;
  }

 private:
  bool slot_active(const Genome& genome, std::size_t slot) const {
    return static_cast<double>(slot % OfaMobileNetV3::kDepth) <
           value(genome, kDepths + slot / OfaMobileNetV3::kDepth);
  }
  OfaMobileNetV3 config(const Genome& genome) const {
    OfaMobileNetV3 config;
    config.resolution = static_cast<std::int64_t>(value(genome, 0));
    for (std::size_t stage = 0; stage < OfaMobileNetV3::kStages; ++stage) {
      config.depth[stage] = static_cast<int>(value(genome, kDepths + stage));
    }
    for (std::size_t slot = 0; slot < OfaMobileNetV3::kSlots; ++slot) {
      config.kernel[slot] = static_cast<std::int64_t>(value(genome, kKernels + slot));
      config.expand[slot] = static_cast<std::int64_t>(value(genome, kExpands + slot));
    }
    return config;
  }
};

class ResNet50Space final : public NetworkSpace {
 public:
  explicit ResNet50Space(std::vector<NetworkGene> genes) { genes_ = std::move(genes); }

  static constexpr std::size_t kSkip = 1;
  static constexpr std::size_t kWidths = 2;
  static constexpr std::size_t kDepths = kWidths + OfaResNet50::kWidths;
  static constexpr std::size_t kExpands = kDepths + OfaResNet50::kStages;

  static std::vector<NetworkGene> all() {
    std::vector<NetworkGene> genes = {{"resolution", {128, 144, 160, 176, 192, 224, 240, 256}},
                                      {"stem_skip", {0, 1}}};
    add_genes(genes, "width", 0, OfaResNet50::kWidths, {0.65, 0.8, 1});
    add_genes(genes, "depth", 1, OfaResNet50::kStages, {0, 1, 2});
    add_genes(genes, "expand", 0, OfaResNet50::kSlots, {0.2, 0.25, 0.35});
    return genes;
  }

  bool active(const Genome& genome, std::size_t gene) const override {
    return gene < kExpands || slot_active(genome, static_cast<int>(gene - kExpands));
  }
  double size() const override {
    double total = 1;
    for (std::size_t gene = 0; gene < kDepths; ++gene) {
      total *= static_cast<double>(genes_[gene].values.size());
    }
    for (int stage = 0; stage < OfaResNet50::kStages; ++stage) {
      const auto at = static_cast<std::size_t>(stage);
      double networks = 0;
      for (const double depth : genes_[kDepths + at].values) {
        double blocks = 1;
        for (int place = 0; place < OfaResNet50::kBaseDepth[at] + static_cast<int>(depth); ++place) {
          const auto slot = static_cast<std::size_t>(ofa_resnet50_first_slot(stage) + place);
          blocks *= static_cast<double>(genes_[kExpands + slot].values.size());
        }
        networks += blocks;
      }
      total *= networks;
    }
    return total;
  }
  Network build(const Genome& genome) const override { return ofa_resnet50(config(genome)); }

  void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const override {
    keys.clear();
    const auto option = [&](std::size_t gene) { return static_cast<std::uint64_t>(genome[gene]); };
    const auto resolution = static_cast<std::uint64_t>(value(genome, 0));
    const auto add = [&](std::uint64_t a, std::uint64_t b, std::uint64_t c, int part) {
      keys.push_back(KeyPacker()
                         .add(a, kOptionBits)
                         .add(b, kOptionBits)
                         .add(c, kOptionBits)
                         .add(resolution, kResolutionBits)
                         .add(static_cast<std::uint64_t>(part), kPartBits)
                         .key());
    };
    add(option(kSkip), option(kWidths), option(kWidths + 1), 0);
    for (int slot = 0; slot < OfaResNet50::kSlots; ++slot) {
      if (slot_active(genome, slot)) {
        const auto stage = static_cast<std::size_t>(ofa_resnet50_stage(slot));
        const bool first = slot == ofa_resnet50_first_slot(static_cast<int>(stage));
        // The width before only matters to a stage's first block; the stem's output is width 1.
        add(first ? option(kWidths + stage + 1) + 1 : 0, option(kWidths + stage + 2),
            option(kExpands + static_cast<std::size_t>(slot)), slot + 1);
      }
    }
    add(0, 0, option(kWidths + 5), OfaResNet50::kParts - 1);
  }
  Network block(const Genome& genome, std::size_t index) const override {
    std::vector<std::uint64_t> keys;
    blocks(genome, keys);
    return ofa_part(config(genome), static_cast<int>(keys.at(index) & ((1U << kPartBits) - 1)));
  }

  std::string describe(const Genome& genome) const override {
    std::string text = fmt::format("r{}{} w{}/{}", value(genome, 0), genome[kSkip] != 0 ? " skip" : "",
                                   value(genome, kWidths), value(genome, kWidths + 1));
    for (int slot = 0; slot < OfaResNet50::kSlots; ++slot) {
      const auto stage = static_cast<std::size_t>(ofa_resnet50_stage(slot));
      if (slot == ofa_resnet50_first_slot(static_cast<int>(stage))) {
        text += fmt::format(" w{}:", value(genome, kWidths + stage + 2));
      }
      if (slot_active(genome, slot)) {
        text += fmt::format("{}{}", slot == ofa_resnet50_first_slot(static_cast<int>(stage)) ? "" : "/",
                            value(genome, kExpands + static_cast<std::size_t>(slot)));
      }
    }
    return text;
  }

 private:
  bool slot_active(const Genome& genome, int slot) const {
    const int stage = ofa_resnet50_stage(slot);
    const auto at = static_cast<std::size_t>(stage);
    return slot - ofa_resnet50_first_slot(stage) <
           OfaResNet50::kBaseDepth[at] + static_cast<int>(value(genome, kDepths + at));
  }
  OfaResNet50 config(const Genome& genome) const {
    OfaResNet50 config;
    config.resolution = static_cast<std::int64_t>(value(genome, 0));
    config.stem_skip = value(genome, kSkip) != 0;
    for (std::size_t i = 0; i < config.width.size(); ++i) {
      config.width[i] = value(genome, kWidths + i);
    }
    for (std::size_t i = 0; i < config.depth.size(); ++i) {
      config.depth[i] = static_cast<int>(value(genome, kDepths + i));
    }
    for (std::size_t i = 0; i < config.expand.size(); ++i) {
      config.expand[i] = value(genome, kExpands + i);
    }
    return config;
  }
};

template <class Space>
std::shared_ptr<const NetworkSpace> make(std::vector<NetworkGene> genes) {
  return std::make_shared<Space>(std::move(genes));
}

}  // namespace

Supernet ofa_mobilenet_v3_supernet() {
  return {MobileNetV3Space::all(), make<MobileNetV3Space>, "top1"};
}

Supernet ofa_resnet50_supernet() {
  return {ResNet50Space::all(), make<ResNet50Space>, "top1"};
}

}  // namespace weft
