// Architectures of Timeloop (its documentation, "Architecture"): storages and compute units from the outside
// to the inside, with instances counted by names ("PE[0..11]", versions 0.2 and 0.3) or containers (version
// 0.4). SPDX-License-Identifier: Apache-2.0
#include "arch/spec/timeloop_items.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft::timeloop {
namespace {

using yaml::Section;
using yaml::Value;

constexpr std::int64_t kMostInstances = std::int64_t{1} << 24U;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// "PE[0..11]" is 12 of "PE".
std::pair<std::string, std::int64_t> counted(const std::string& text, const Value& where) {
  const std::size_t open = text.find('[');
  if (open == std::string::npos) {
    return {text, 1};
  }
  std::int64_t first = 0, last = 0;
  const char* end = text.data() + text.size();
  const auto low = std::from_chars(text.data() + open + 1, end, first);
  const std::size_t dots = text.find("..", open);
  const auto high = dots == std::string::npos ? low : std::from_chars(text.data() + dots + 2, end, last);
  const bool good = low.ec == std::errc() && high.ec == std::errc() && dots != std::string::npos &&
                    *high.ptr == ']' && last >= first && last - first < kMostInstances;
  if (!good) {
    where.error("cannot-express", "'" + text + "' does not say how many: name[0..N-1]");
    return {text.substr(0, open), 1};
  }
  std::string name = text.substr(0, open);
  while (!name.empty() && name.back() == ' ') {
    name.pop_back();
  }
  return {name, last - first + 1};
}

class Reader {
 public:
  explicit Reader(ImportNotes& notes) : notes_(notes) {}

  // All storages and compute units, outermost first.
  std::vector<Item> read(Section root) {
    (void)root.optional("version");
    const auto subtree = root.optional("subtree");
    const auto nodes = root.optional("nodes");
    if (subtree) {
      read_subtree(*subtree, {}, 1);
    } else if (nodes) {
      for (const Value& node : nodes->list()) {
        read_node(node);
      }
    } else {
      root.error("missing-key",
                 "the architecture has neither 'subtree' (version 0.3) nor 'nodes' (version 0.4)");
    }
    for (const auto& [key, value] : root.entries()) {
      if (key != "version" && key != "subtree" && key != "nodes") {
        note(notes_, value.where(), "'" + key + "' of the architecture is not used");
      }
    }
    return std::move(items_);
  }

 private:
  void add_attributes(Attributes& to, const std::optional<Value>& from) const {
    if (!from || !from->is_section()) {
      return;
    }
    for (const auto& [key, value] : from->section().entries()) {
      std::string name = key;
      std::replace(name.begin(), name.end(), '-', '_');
      to.insert_or_assign(name, value);
    }
  }

  static std::int64_t whole(const Attributes& attributes, const char* name, std::int64_t fallback) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? fallback : found->second.integer(1, kMostInstances);
  }

  // A component of version 0.2 or 0.3; meshX states how many of its instances stand side by side.
  void read_local(const Value& value, Attributes attributes, std::int64_t around) {
    Section section = value.section();
    const auto [name, count] = counted(section.text("name"), value);
    add_attributes(attributes, section.optional("attributes"));
    const std::int64_t instances = std::min(kMostInstances, checked_mul(around, count));
    const auto stated = attributes.find("meshX");
    const std::int64_t x = stated == attributes.end() ? instances : whole(attributes, "meshX", 1);
    if (instances % x != 0) {
      value.error("cannot-express", fmt::format("meshX {} does not divide {} instances", x, instances));
    }
    add_item({.name = name,
              .kind = lower(section.text_or("class", "")),
              .attributes = std::move(attributes),
              .x = x,
              .y = std::max<std::int64_t>(1, instances / x),
              .where = value});
    note_others(section, {"name", "class", "attributes"}, name);
  }

  void read_subtree(const Value& list, const Attributes& outer, std::int64_t around) {
    const std::vector<Value> trees = list.list();
    if (trees.size() > 1) {
      list.error("cannot-express",
                 "the architecture branches: only one subtree at each place can be expressed");
    }
    for (const Value& value : trees) {
      Section tree = value.section();
      const auto [name, count] = counted(tree.text("name"), value);
      Attributes attributes = outer;
      add_attributes(attributes, tree.optional("attributes"));
      const std::int64_t here = std::min(kMostInstances, checked_mul(around, count));
      if (const auto local = tree.optional("local")) {
        for (const Value& component : local->list()) {
          read_local(component, attributes, here);
        }
      }
      if (const auto below = tree.optional("subtree")) {
        read_subtree(*below, attributes, here);
      }
      note_others(tree, {"name", "attributes", "local", "subtree"}, name);
    }
  }

  // A node of version 0.4: what a container spreads is everything behind it.
  void read_node(const Value& value) {
    Section node = value.section();
    const std::string tag = node.text_or(timeloop::kTagKey, "Component");
    if (tag != "Component" && tag != "Container" && tag != "Hierarchical" && tag != "Parallel") {
      value.error("cannot-express",
                  "nodes of kind !" + tag + " cannot be expressed: levels must form a chain");
      return;
    }
    if (const auto nodes = node.optional("nodes")) {
      const bool around = std::exchange(side_by_side_, side_by_side_ || tag == "Parallel");
      for (const Value& inner : nodes->list()) {
        read_node(inner);
      }
      side_by_side_ = around;
      return;
    }
    const std::string name = node.text("name");
    if (const auto spatial = node.optional("spatial")) {
      Attributes mesh;
      add_attributes(mesh, spatial);
      x_ = std::min(kMostInstances, checked_mul(x_, whole(mesh, "meshX", 1)));
      y_ = std::min(kMostInstances, checked_mul(y_, whole(mesh, "meshY", 1)));
      fans_.push_back(name);
    }
    Attributes attributes = shared_;
    add_attributes(attributes, node.optional("attributes"));
    if (tag == "Container") {
      note_others(node, {"name", "class", "attributes", "spatial", timeloop::kTagKey, "subclass"}, name);
      shared_ = attributes;
      return;
    }
    Item item{.name = name,
              .kind = lower(node.text_or("class", "")),
              .attributes = std::move(attributes),
              .x = x_,
              .y = y_,
              .fan_names = fans_,
              .side_by_side = side_by_side_,
              .where = value};
    read_dataspaces(node, item);
    note_others(
        node, {"name", "class", "attributes", "spatial", "constraints", timeloop::kTagKey, "subclass"}, name);
    add_item(std::move(item));
  }

  // Which data-spaces a storage keeps is part of the architecture; how loops are ordered is not, here.
  void read_dataspaces(Section& node, Item& item) const {
    const auto constraints = node.optional("constraints");
    if (!constraints || !constraints->is_section()) {
      return;
    }
    Section section = constraints->section();
    if (const auto dataspace = section.optional("dataspace"); dataspace && dataspace->is_section()) {
      Section lists = dataspace->section();
      const auto names = [&lists](const char* key) {
        const auto list = lists.optional(key);
        return list && !list->is_scalar() ? list->list() : std::vector<Value>{};
      };
      item.keep = names("keep");
      item.bypass = names("bypass");
      note_others(lists, {"keep", "bypass"}, item.name);
    }
    for (const auto& [key, value] : section.entries()) {
      if (key != "dataspace") {
        note(notes_, value.where(), "'" + key + "' of the constraints of '" + item.name + "' is not used");
      }
    }
  }

  void add_item(Item item) {
    for (const char* network : {"xy_noc", "network", "interconnect", "wire", "toll"}) {
      if (item.kind.find(network) != std::string::npos) {
        note(notes_, item.where.where(), "'" + item.name + "' of class " + item.kind + " is not used");
        return;
      }
    }
    fans_.clear();
    items_.push_back(std::move(item));
  }

  void note_others(Section& section, const std::vector<std::string>& known, const std::string& name) const {
    for (const auto& [key, value] : section.entries()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        note(notes_, value.where(), "'" + key + "' of '" + name + "' is not used");
      }
    }
  }

  ImportNotes& notes_;
  std::vector<Item> items_;
  std::int64_t x_ = 1, y_ = 1;       // version 0.4: of the containers so far
  std::vector<std::string> fans_{};  // their names, since the last item
  bool side_by_side_ = false;        // version 0.4: inside a !Parallel
  Attributes shared_;
};

}  // namespace

std::vector<Item> read_items(Section root, ImportNotes& notes) {
  return Reader(notes).read(std::move(root));
}

}  // namespace weft::timeloop
