// The storages and compute units of a Timeloop architecture, as its file lists them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "workload/import.hpp"

namespace weft::timeloop {

// Attributes by name, '-' as '_'; inner ones replace those of the containers around.
using Attributes = std::map<std::string, yaml::Value>;

struct Item {
  std::string name{};
  std::string kind{};  // the class, lower case
  Attributes attributes{};
  std::int64_t x = 1, y = 1;                  // instances in all, along each axis
  std::vector<std::string> fan_names{};       // containers that spread it, since the item before
  bool side_by_side = false;                  // of a !Parallel: what it does not keep passes it by
  std::vector<yaml::Value> keep{}, bypass{};  // data-spaces, as constraints of the architecture
  yaml::Value where;
};

// All storages and compute units below `architecture:`, outermost first. Problems are reported to the
// document: missing-key, cannot-express (branches, instances that cannot be counted).
[[nodiscard]] std::vector<Item> read_items(yaml::Section root, ImportNotes& notes);

}  // namespace weft::timeloop
