// The list of preset networks.
// SPDX-License-Identifier: Apache-2.0
#include "workload/presets.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/checked.hpp"
#include "workload/presets/families.hpp"

namespace weft {
namespace {

// A size that makes no network is the user's: say which preset refused it.
NetworkPreset guarded(const std::string& name, Network (*build)(const PresetOptions&)) {
  return [name, build](const PresetOptions& options) {
    try {
      return build(options);
    } catch (const std::invalid_argument& error) {
      throw ConfigError({}, "out-of-range", "network '" + name + "': " + error.what());
    } catch (const OverflowError& error) {
      throw ConfigError({}, "out-of-range", "network '" + name + "': " + error.what());
    }
  };
}

Network mobilenet_v2_preset(const PresetOptions& options) {
  return mobilenet_v2(1.0, presets::resolution_or(options, 224), options.batch);
}

Registry<NetworkPreset> make_presets() {
  Registry<NetworkPreset> all("network");
  const auto add = [&all](const std::string& name, const char* summary,
                          Network (*build)(const PresetOptions&)) {
    all.add(name, summary, guarded(name, build));
  };
  add("alexnet", "AlexNet, 224 x 224, torchvision's single-tower form", presets::alexnet);
  add("vgg16", "VGG-16, 224 x 224", presets::vgg16);
  add("resnet18", "ResNet-18, 224 x 224", presets::resnet18);
  add("resnet50", "ResNet-50, 224 x 224, stride in the 3x3 (v1.5)", presets::resnet50);
  add("mobilenet_v1", "MobileNetV1, width 1, 224 x 224", presets::mobilenet_v1);
  add("mobilenet_v2", "MobileNetV2, width 1, 224 x 224", mobilenet_v2_preset);
  add("mobilenet_v3_large", "MobileNetV3-Large, 224 x 224", presets::mobilenet_v3_large);
  add("googlenet", "GoogLeNet with batch norm, 224 x 224, no auxiliary heads", presets::googlenet);
  add("squeezenet", "SqueezeNet 1.1, 224 x 224", presets::squeezenet);
  add("unet", "U-Net of 2015, 572 x 572, unpadded, 2 classes", presets::unet);
  add("bert_base", "BERT-base encoder and pooler, 128 tokens", presets::bert_base);
  add("gpt2_prefill", "GPT-2 small reading a prompt of 1024 tokens", presets::gpt2_prefill);
  add("gpt2_decode", "GPT-2 small writing one token after 1023 (key-value cache)", presets::gpt2_decode);
  add("vit_b_16", "ViT-B/16, 224 x 224", presets::vit_b_16);
  return all;
}

}  // namespace

std::string preset_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name == "gpt2" ? "gpt2_prefill" : name;
}

const Registry<NetworkPreset>& network_presets() {
  static const Registry<NetworkPreset> presets = make_presets();
  return presets;
}

}  // namespace weft
