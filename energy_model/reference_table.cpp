// SPDX-License-Identifier: Apache-2.0
#include "energy_model/reference_table.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/yaml.hpp"

namespace weft {
namespace {

// Energies by action, pJ.
using Actions = std::map<std::string, double>;

// "weights_pad" of "chip.PE[0..167].weights_pad[1..2]".
std::string last_name(const std::string& path) {
  std::string name;
  int depth = 0;
  for (const char c : path) {
    depth += c == '[' ? 1 : 0;
    if (depth == 0) {
      name = c == '.' ? std::string() : name + c;
    }
    depth -= c == ']' ? 1 : 0;
  }
  return name;
}

Actions read_actions(const yaml::Value& list) {
  Actions actions;
  for (const yaml::Value& item : list.list()) {
    yaml::Section action = item.section();
    const std::string name = action.text("name");
    (void)action.optional("arguments");
    if (const auto energy = action.required("energy")) {
      const double value = energy->number(0, 1e15);
      double& dearest = actions.try_emplace(name, 0).first->second;
      dearest = std::max(dearest, value);
    }
  }
  return actions;
}

// Calls read(component's last name, its table) for the tables under `key`, if the file has it.
template <class Read>
void read_tables(yaml::Section& root, const char* key, const Read& read) {
  const auto reference = root.optional(key);
  if (!reference) {
    return;
  }
  yaml::Section section = reference->section();
  if (const auto tables = section.required("tables")) {
    for (const yaml::Value& item : tables->list()) {
      yaml::Section table = item.section();
      const std::string name = table.text("name");
      read(last_name(name), table);
    }
  }
}

std::vector<std::pair<std::string, Actions>> read_energies(const std::filesystem::path& file) {
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  std::vector<std::pair<std::string, Actions>> components;
  read_tables(root, "ERT", [&](const std::string& name, yaml::Section& table) {
    if (const auto actions = table.required("actions")) {
      components.emplace_back(name, read_actions(*actions));
    }
  });
  document.finish();
  return components;
}

// Names of the memories and compute units that have an area at all.
std::vector<std::string> parts_of(const Accelerator& accelerator) {
  std::vector<std::string> names;
  for (const StorageLevel& level : accelerator.levels) {
    for (const Memory& memory : level.memories) {
      if (memory.kind != MemoryKind::kDram) {
        names.push_back(memory.name);
      }
    }
  }
  names.push_back(accelerator.compute.name);
  return names;
}

std::optional<Picojoules> energy_of(const Actions& actions, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto found = actions.find(name); found != actions.end()) {
      return Picojoules(found->second);
    }
  }
  return std::nullopt;
}

void take(std::optional<Picojoules>& to, const std::optional<Picojoules>& from) {
  to = from ? from : to;
}

bool apply(const std::string& name, const Actions& actions, Accelerator& accelerator) {
  bool found = false;
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      if (memory.name == name) {
        take(memory.energy.read, energy_of(actions, {"read"}));
        take(memory.energy.write, energy_of(actions, {"write"}));
        take(memory.energy.update, energy_of(actions, {"update"}));
        take(memory.energy.drain, energy_of(actions, {"drain"}));
        take(memory.energy.leak, energy_of(actions, {"leak"}));
        found = true;
      }
    }
  }
  if (accelerator.compute.name == name) {
    take(accelerator.compute.energy, energy_of(actions, {"compute", "mac_random", "mac", "multiply"}));
    take(accelerator.compute.leak, energy_of(actions, {"leak"}));
    found = true;
  }
  return found;
}

bool is_memory(const Accelerator& accelerator, const std::string& name) {
  return std::any_of(accelerator.levels.begin(), accelerator.levels.end(),
                     [&name](const StorageLevel& level) {
                       return std::any_of(level.memories.begin(), level.memories.end(),
                                          [&name](const Memory& memory) { return memory.name == name; });
                     });
}

}  // namespace

std::map<std::string, double> reference_areas(const std::filesystem::path& file) {
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  std::map<std::string, double> areas;
  read_tables(root, "ART", [&](const std::string& name, yaml::Section& table) {
    if (const auto area = table.required("area")) {
      double& largest = areas.try_emplace(name, 0).first->second;
      largest = std::max(largest, area->number(0, 1e15));
    }
  });
  document.finish();
  return areas;
}

bool is_reference_table(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    return false;
  }
  try {
    const yaml::Document document = yaml::Document::load(file);
    for (const auto& [key, value] : document.root().entries()) {
      if (key == "ERT" || key == "ART") {
        return true;
      }
    }
  } catch (const ConfigError&) {
    // whoever reads it says what is wrong
  }
  return false;
}

ReferencedAccelerator with_reference_table(Accelerator accelerator, const std::filesystem::path& file) {
  ReferencedAccelerator result{.accelerator = std::move(accelerator)};
  std::size_t used = 0;
  for (const auto& [name, actions] : read_energies(file)) {
    if (apply(name, actions, result.accelerator)) {
      ++used;
    } else {
      result.unused.push_back(name);
    }
  }
  const std::map<std::string, double> areas = reference_areas(file);
  const std::vector<std::string> parts = parts_of(result.accelerator);
  for (const std::string& part : parts) {
    if (areas.count(part) != 0) {
      ++used;
    } else if (!areas.empty()) {
      result.without_area.push_back(part);
    }
  }
  for (const auto& [name, area] : areas) {
    const auto is_named = [&named = name](const std::string& other) { return other == named; };
    const bool part = std::any_of(parts.begin(), parts.end(), is_named);
    if (!part && std::none_of(result.unused.begin(), result.unused.end(), is_named) &&
        !is_memory(result.accelerator, name)) {
      result.unused.push_back(name);
    }
  }
  if (used == 0) {
    throw ConfigError({file.string(), 0, 0}, "unknown-name",
                      "no component of this table is a memory or the compute unit of accelerator '" +
                          result.accelerator.name + "'",
                      "components are matched by the last part of their names");
  }
  return result;
}

}  // namespace weft
