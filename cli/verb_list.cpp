// weft list: what ships with the program.
// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/table.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"
#include "dse/space.hpp"
#include "mapper/constraints_file.hpp"
#include "validation/suite.hpp"
#include "workload/presets.hpp"

namespace weft::cli {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

template <class T>
Entries entries_of(const Registry<T>& registry) {
  Entries entries;
  for (const auto& entry : registry.entries()) {
    entries.emplace_back(entry.name, entry.summary);
  }
  return entries;
}

Entries files_of(const std::string& folder) {
  Entries entries;
  for (const std::string& name : preset_names(folder)) {
    entries.emplace_back(name, "configs/" + folder + "/" + name + ".yaml");
  }
  return entries;
}

Entries networks() {
  Entries entries = entries_of(network_presets());
  for (auto& file : files_of("network")) {
    entries.push_back(std::move(file));
  }
  return entries;
}

Entries objectives() {
  return {{"energy", "pJ"},
          {"latency", "cycles / clock"},
          {"edp", "energy x latency"},
          {"ed2p", "energy x latency^2"}};
}

const std::vector<std::string> kKinds = {"archs",       "networks", "spaces",     "searches",
                                         "constraints", "energy",   "objectives", "validations"};

Entries entries_of_kind(std::size_t kind) {
  switch (kind) {
    case 0:
      return accelerator_presets();
    case 1:
      return networks();
    case 2:
      return space_presets();
    case 3:
      return entries_of(searches());
    case 4:
      return constraint_presets();
    case 5:
      return files_of("energy");
    case 6:
      return objectives();
    default:
      return entries_of(validation::suites());
  }
}

std::string lines(const Entries& entries) {
  Table table({{"name", Align::kLeft}, {"what it is", Align::kLeft}});
  for (const auto& [name, summary] : entries) {
    table.add_row({name, summary});
  }
  return table.text();
}

}  // namespace

Outcome run_list(const std::string& kind) {
  if (!kind.empty()) {
    return {.results = lines(entries_of_kind(choose("kind", kind, kKinds)))};
  }
  Outcome all;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    all.results += (i == 0 ? "" : "\n") + kKinds[i] + "\n\n" + lines(entries_of_kind(i));
  }
  return all;
}

}  // namespace weft::cli
