// Reads a network file of ours: layers with explicit sizes, and who feeds whom.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/checked.hpp"
#include "workload/import.hpp"
#include "workload/import/yaml_layer.hpp"

namespace weft {
namespace {

using network_yaml::Defaults;
using yaml::Section;
using yaml::Value;

constexpr std::size_t kMaxLayers = 100000;

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names = {"conv",   "depthwise", "linear", "gemm",
                                                 "matmul", "einsum",    "vector"};
  return names;
}

// A layer as written: names where the network has indices.
struct Draft {
  Layer layer{};
  std::vector<std::pair<std::string, Value>> inputs{};
  Value value;  // where the layer stands
};

// The layer's kind; nothing when it is missing or unknown, which is reported.
std::string read_kind(Section& section) {
  const std::optional<Value> value = section.required("kind");
  if (!value) {
    return "";
  }
  const std::string kind = value->text();
  if (std::find(kinds().begin(), kinds().end(), kind) != kinds().end()) {
    return kind;
  }
  if (value->is_scalar()) {
    const std::string close = nearest(kind, kinds());
    value->error("unknown-name", "unknown kind of layer '" + kind + "'",
                 close.empty() ? "" : "did you mean '" + close + "'?");
  }
  return "";
}

Draft read_layer(const Value& value, const Defaults& defaults, const std::string& previous) {
  Draft draft{.value = value};
  Section section = value.section();
  draft.layer.name = section.text("name");
  const std::string kind = read_kind(section);
  if (kind.empty()) {
    return draft;  // which keys belong here depends on the kind
  }
  draft.layer.problem = network_yaml::read_problem(section, kind, draft.layer.name, defaults);
  draft.layer.repeat = section.integer_or("repeat", 1, 1, network_yaml::kMaxSize);
  const bool trained = section.boolean_or("trained", kind != "matmul");
  if (draft.layer.problem && (!trained || kind == "matmul")) {
    draft.layer.problem->kind = trained ? "gemm" : "matmul";  // matmul: both operands are activations
  }
  int bits = static_cast<int>(defaults.widths.bits[2]);
  if (draft.layer.problem) {
    draft.layer.parameters = trained ? words(draft.layer.problem->tensor(Role::kWeights)) : 0;
    bits = draft.layer.problem->tensor(Role::kOutputs).bits;
  }
  try {
    network_yaml::read_post_ops(section, draft.layer, bits);
  } catch (const OverflowError& error) {
    value.error("too-large", "layer '" + draft.layer.name + "': " + error.what());
  }
  draft.layer.parameters =
      section.integer_or("parameters", draft.layer.parameters, 0, network_yaml::kMaxSize);
  if (kind == "vector" && draft.layer.post_ops.empty()) {
    value.error("missing-key", "a layer of kind 'vector' needs operations in 'post'");
  }
  if (const std::optional<Value> inputs = section.optional("inputs")) {
    for (const Value& input : inputs->list()) {
      draft.inputs.emplace_back(input.text(), input);
    }
  } else if (!previous.empty()) {
    draft.inputs.emplace_back(previous, value);
  }
  section.done();
  return draft;
}

std::vector<Draft> read_layers(Section& root, const Defaults& defaults) {
  std::vector<Draft> drafts;
  const std::optional<Value> list = root.required("layers");
  if (!list) {
    return drafts;
  }
  const std::vector<Value> items = list->list();
  if (list->is_list() && (items.empty() || items.size() > kMaxLayers)) {
    list->error("out-of-range", "a network has 1 to " + std::to_string(kMaxLayers) + " layers");
    return drafts;
  }
  for (const Value& item : items) {
    if (!item.is_section()) {
      item.error("not-a-section", "a layer is a mapping with 'name' and 'kind'");
      continue;
    }
    drafts.push_back(read_layer(item, defaults, drafts.empty() ? "" : drafts.back().layer.name));
  }
  return drafts;
}

std::map<std::string, std::size_t> index_names(const std::vector<Draft>& drafts) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!index.emplace(drafts[i].layer.name, i).second) {
      drafts[i].value.error("duplicate-name", "two layers are named '" + drafts[i].layer.name + "'");
    }
  }
  return index;
}

// Producers of each draft, as indices into `drafts`; an unknown name is reported.
std::vector<std::vector<std::size_t>> resolve(const std::vector<Draft>& drafts) {
  const std::map<std::string, std::size_t> index = index_names(drafts);
  std::vector<std::string> names;
  for (const auto& entry : index) {
    names.push_back(entry.first);
  }
  std::vector<std::vector<std::size_t>> producers(drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    for (const auto& [name, value] : drafts[i].inputs) {
      const auto found = index.find(name);
      if (found == index.end()) {
        const std::string close = nearest(name, names);
        value.error("unknown-layer", "no layer is named '" + name + "'",
                    close.empty() ? "" : "did you mean '" + close + "'?");
      } else if (std::find(producers[i].begin(), producers[i].end(), found->second) == producers[i].end()) {
        producers[i].push_back(found->second);
      } else {
        value.error("duplicate-name", "input '" + name + "' is named twice");
      }
    }
  }
  return producers;
}

// Layers in file order, each as soon as its producers are placed; what remains is a cycle.
Network assemble(std::vector<Draft>& drafts) {
  const std::vector<std::vector<std::size_t>> producers = resolve(drafts);
  std::vector<std::vector<std::size_t>> consumers(drafts.size());
  std::vector<std::size_t> waiting(drafts.size());
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    waiting[i] = producers[i].size();
    for (const std::size_t producer : producers[i]) {
      consumers[producer].push_back(i);
    }
    if (waiting[i] == 0) {
      ready.insert(i);
    }
  }
  Network network;
  std::vector<int> place(drafts.size(), -1);
  while (!ready.empty()) {
    const std::size_t i = *ready.begin();
    ready.erase(ready.begin());
    place[i] = static_cast<int>(network.layers.size());
    for (const std::size_t producer : producers[i]) {
      drafts[i].layer.inputs.push_back(place[producer]);
    }
    network.layers.push_back(std::move(drafts[i].layer));
    for (const std::size_t consumer : consumers[i]) {
      if (--waiting[consumer] == 0) {
        ready.insert(consumer);
      }
    }
  }
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (place[i] < 0) {
      drafts[i].value.error("graph-cycle", "layer '" + drafts[i].layer.name + "' waits for its own result",
                            "a network runs from its inputs to its outputs without a way back");
      break;
    }
  }
  return network;
}

// Operators of the source that the file stands for and that are not in its layers.
std::vector<UnknownOperator> read_not_modelled(Section& root) {
  std::vector<UnknownOperator> unknown;
  if (const std::optional<Value> list = root.optional("not_modelled")) {
    for (const Value& item : list->list()) {
      Section section = item.section();
      unknown.push_back({section.text("operator"), section.text_or("node", "")});
      section.done();
    }
  }
  return unknown;
}

}  // namespace

Network load_network_yaml(const std::filesystem::path& file) {
  const yaml::Document document = yaml::Document::load(file);
  Section root = document.root();
  const std::string name = root.text_or("network", file.stem().string());
  Defaults defaults;
  defaults.batch = root.integer_or("batch", 1, 1, network_yaml::kMaxSize);
  defaults.widths = network_yaml::read_widths(root, defaults.widths);
  std::vector<Draft> drafts = read_layers(root, defaults);
  std::vector<UnknownOperator> unknown = read_not_modelled(root);
  root.done();
  Network network = assemble(drafts);
  network.unknown = std::move(unknown);
  network.name = name;
  if (!document.failed()) {
    const std::string broken = validate(network);
    if (!broken.empty()) {
      root.error("bad-network", broken);
    }
  }
  document.finish();
  return network;
}

}  // namespace weft
