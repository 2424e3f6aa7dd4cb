// SPDX-License-Identifier: Apache-2.0
#include "workload/bit_policy.hpp"

#include <string>
#include <utility>

#include "base/yaml.hpp"

namespace weft {
namespace {

void set_layer_bits(Layer& layer, int weights, int activations) {
  Network one;
  one.layers = {std::move(layer)};
  set_bits(one, weights, activations);
  layer = std::move(one.layers.front());
}

void apply_entry(yaml::Section entry, Network& network) {
  const std::string pattern = entry.text("layers");
  const auto weights = static_cast<int>(entry.integer("weights", 1, 64));
  const auto activations = static_cast<int>(entry.integer("activations", 1, 64));
  entry.done();
  bool found = false;
  for (Layer& layer : network.layers) {
    if (weights >= 1 && activations >= 1 && matches(pattern, layer.name)) {
      set_layer_bits(layer, weights, activations);
    }
    found = found || matches(pattern, layer.name);
  }
  if (!found && !pattern.empty()) {
    entry.error("unknown-layer", "no layer of network '" + network.name + "' is called '" + pattern + "'",
                "'*' stands for any characters");
  }
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  // The last '*' met may swallow more when what follows it does not fit.
  std::size_t p = 0, n = 0, star = std::string_view::npos, swallowed = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      swallowed = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++swallowed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

void apply_bit_policy(Network& network, const std::filesystem::path& file) {
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  (void)root.text("policy");
  if (const auto entries = root.required("bits")) {
    for (const yaml::Value& entry : entries->list()) {
      apply_entry(entry.section(), network);
    }
  }
  root.done();
  document.finish();
}

}  // namespace weft
