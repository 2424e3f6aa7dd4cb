// Reads a case's four files.
// SPDX-License-Identifier: Apache-2.0
#include "validation/published_case.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/yaml.hpp"
#include "workload/import.hpp"

namespace weft::validation {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

double picojoules(yaml::Section& section, const char* key) {
  return section.quantity<Picojoules>(key).count();
}

PublishedTensor read_tensor(yaml::Section section) {
  PublishedTensor tensor;
  tensor.instances = section.integer("instances", 1, kMost);
  tensor.tile = section.integer("tile", 0, kMost);
  tensor.reads = section.integer("reads", 0, kMost);
  tensor.fills = section.integer("fills", 0, kMost);
  tensor.updates = section.integer("updates", 0, kMost);
  tensor.energy = picojoules(section, "energy");
  tensor.one_access_serves = section.integer_or("one_access_serves", 1, 1, kMost);
  section.done();
  return tensor;
}

PublishedLevel read_level(yaml::Section section, const Accelerator& accelerator) {
  PublishedLevel level;
  std::vector<std::string> names;
  for (const StorageLevel& storage : accelerator.levels) {
    names.push_back(storage.name);
  }
  level.level = section.choice("level", names);
  level.leak = picojoules(section, "leak");
  if (const auto tensors = section.required("tensors")) {
    yaml::Section roles = tensors->section();
    for (const Role role : kAllRoles) {
      if (const auto tensor = roles.optional(name_of(role))) {
        level.tensors[static_cast<std::size_t>(index_of(role))] = read_tensor(tensor->section());
      }
    }
    roles.done();
  }
  section.done();
  return level;
}

void read_expected(const std::filesystem::path& file, PublishedCase& published) {
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  published.cycles = root.integer("cycles", 1, kMost);
  published.utilization = root.number_or("utilization", 1, 0, 1);
  published.energy = picojoules(root, "energy");
  published.printed_to = picojoules(root, "printed_to");
  published.total_printed_to = picojoules(root, "total_printed_to");
  if (const auto value = root.required("compute")) {
    yaml::Section compute = value->section();
    published.units = compute.integer("units", 1, kMost);
    published.macs = compute.integer("macs", 1, kMost);
    published.compute_energy = picojoules(compute, "energy");
    compute.done();
  }
  if (const auto levels = root.required("levels")) {
    for (const yaml::Value& level : levels->list()) {
      published.levels.push_back(read_level(level.section(), published.accelerator));
    }
  }
  root.done();
  document.finish();
}

}  // namespace

PublishedCase load_published_case(const std::filesystem::path& folder) {
  PublishedCase published;
  published.name = folder.filename().string();
  const Network network = load_network_yaml(folder / "network.yaml");
  if (network.layers.size() != 1 || !network.layers.front().problem) {
    throw ConfigError({(folder / "network.yaml").string(), 0, 0}, "bad-table",
                      "a case has exactly one layer");
  }
  published.problem = *network.layers.front().problem;
  published.accelerator = load_accelerator_file(folder / "accelerator.yaml");
  published.mapping = load_mapping(folder / "mapping.yaml", published.problem, published.accelerator);
  read_expected(folder / "expected.yaml", published);
  return published;
}

std::vector<std::filesystem::path> published_cases(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (std::filesystem::exists(entry.path() / "expected.yaml")) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace weft::validation
