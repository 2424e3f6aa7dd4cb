// A user's predictor: the state of a PyTorch nn.Sequential of Linear and ReLU, with a sentence on its inputs.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "base/parse_number.hpp"
#include "base/text_file.hpp"
#include "dse/mlp.hpp"
#include "workload/safetensors.hpp"

namespace weft {

namespace {

constexpr const char* kHint =
    "layers NAME.weight (outputs x inputs) and NAME.bias, and metadata 'inputs': GENE=VALUE,GENE=VALUE,... "
    "(configs/accuracy/README.md)";

double number_of(const std::string& text, const std::string& of) {
  const auto value = parse_number<double>(text);
  if (!value || !std::isfinite(*value)) {
    throw std::invalid_argument(fmt::format("{}: '{}' is not a number", of, text));
  }
  return *value;
}

// By the first number in the name, then by the name: "net.2" before "net.10".
struct Order {
  long number = -1;
  std::string name;
  auto operator<=>(const Order&) const = default;
};
Order order_of(const std::string& layer) {
  const auto first = std::find_if(layer.begin(), layer.end(), [](char c) { return c >= '0' && c <= '9'; });
  Order order{-1, layer};
  if (first != layer.end()) {
    const char* from = layer.data() + (first - layer.begin());
    std::from_chars(from, layer.data() + layer.size(), order.number);
  }
  return order;
}

Dense dense_of(const std::string& name, const Safetensor& weight, const Safetensor& bias) {
  if (weight.shape.size() != 2 || bias.shape.size() != 1 || bias.shape[0] != weight.shape[0]) {
    throw std::invalid_argument(
        fmt::format("layer '{}' is not linear: a weight of outputs x inputs and a bias of outputs", name));
  }
  Dense dense{
      static_cast<std::size_t>(weight.shape[1]), static_cast<std::size_t>(weight.shape[0]), {}, bias.words};
  dense.weights.resize(weight.words.size());
  for (std::size_t to = 0; to < dense.outputs; ++to) {
    for (std::size_t from = 0; from < dense.inputs; ++from) {
      dense.weights[from * dense.outputs + to] = weight.words[to * dense.inputs + from];
    }
  }
  return dense;
}

std::vector<Dense> layers_of(const Safetensors& file) {
  std::map<Order, Dense> layers;
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t dot = name.rfind('.');
    const std::string layer = name.substr(0, dot);
    const std::string part = dot == std::string::npos ? "" : name.substr(dot + 1);
    const auto bias = file.tensors.find(layer + ".bias");
    const bool known = part == "weight" || (part == "bias" && file.tensors.count(layer + ".weight") > 0);
    if (!known || bias == file.tensors.end()) {
      throw std::invalid_argument(
          fmt::format("tensor '{}' is no part of a layer with weight and bias", name));
    }
    if (part == "weight") {
      layers.emplace(order_of(layer), dense_of(layer, tensor, bias->second));
    }
  }
  std::vector<Dense> result;
  for (auto& [order, layer] : layers) {
    result.push_back(std::move(layer));
  }
  return result;
}

// Which input stands for which option: "kernel0=3".
std::map<std::pair<std::string, double>, std::size_t> inputs_of(const std::string& text) {
  std::map<std::pair<std::string, double>, std::size_t> inputs;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string item = trimmed(text.substr(from, comma - from));
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) {
      throw std::invalid_argument(fmt::format("metadata 'inputs': '{}' is not GENE=VALUE", item));
    }
    const double value = number_of(item.substr(equals + 1), "metadata 'inputs'");
    const std::size_t place = inputs.size();
    if (!inputs.emplace(std::pair(item.substr(0, equals), value), place).second) {
      throw std::invalid_argument(fmt::format("metadata 'inputs': '{}' occurs twice", item));
    }
    from = comma + 1;
  }
  return inputs;
}

double metadata_or(const Safetensors& file, const std::string& key, double fallback) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? fallback : number_of(found->second, "metadata '" + key + "'");
}

Mlp mlp_of(const std::string& name, const Safetensors& file, const NetworkSpace& space) {
  const auto named = file.metadata.find("inputs");
  if (named == file.metadata.end()) {
    throw std::invalid_argument("the file's metadata does not say what its 'inputs' are");
  }
  const auto inputs = inputs_of(named->second);
  Mlp mlp;
  mlp.layers = layers_of(file);
  if (mlp.layers.empty() || mlp.layers.front().inputs != inputs.size()) {
    throw std::invalid_argument(fmt::format("the metadata names {} inputs, the first layer has {}",
                                            inputs.size(),
                                            mlp.layers.empty() ? 0 : mlp.layers.front().inputs));
  }
  for (const NetworkGene& gene : space.genes()) {
    mlp.inputs.emplace_back();
    for (const double value : gene.values) {
      const auto found = inputs.find({gene.name, value});
      if (found == inputs.end()) {
        throw std::invalid_argument(fmt::format("no input stands for {}={}", gene.name, value));
      }
      mlp.inputs.back().push_back(found->second);
    }
  }
  mlp.scale = metadata_or(file, "scale", 1);
  mlp.offset = metadata_or(file, "offset", 0);
  mlp.cap = std::clamp(metadata_or(file, "cap", 100), 0.0, 100.0);
  const auto what = file.metadata.find("what");
  mlp.what = fmt::format(
      "predictor {}: {}", name,
      what == file.metadata.end() ? "a user's; the file does not say what it was fitted to" : what->second);
  return mlp;
}

}  // namespace

std::shared_ptr<const AccuracyModel> load_safetensors_predictor(const std::filesystem::path& file,
                                                                const NetworkSpace& space) {
  const Safetensors tensors = load_safetensors(file);
  try {
    return mlp_accuracy(mlp_of(file.filename().string(), tensors, space));
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file.string()}, "bad-predictor", error.what(), kHint);
  }
}

}  // namespace weft
