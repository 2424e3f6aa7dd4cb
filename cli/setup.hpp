// Everything estimate, map and simulate need before they start, loaded and checked together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "cli/arguments.hpp"
#include "energy_model/energy.hpp"
#include "mapper/mapper.hpp"
#include "workload/import.hpp"
#include "workload/network.hpp"

namespace weft::cli {

enum class Format : std::uint8_t { kText, kJson, kCsv };
[[nodiscard]] Format parse_format(const std::string& name);  // throws ConfigError: unknown-name

// One of `names`, or ConfigError unknown-name that lists them; returns the index.
[[nodiscard]] std::size_t choose(const std::string& kind, const std::string& name,
                                 const std::vector<std::string>& names);

// Loaders that take a preset's name (with '-' or '_') or a file.
// Files of other tools are named as "timeloop:FILE"; what they say and we cannot express goes to `notes`.
[[nodiscard]] Accelerator load_arch(const std::string& name_or_file, ImportNotes& notes);
[[nodiscard]] Network load_net(const std::string& name_or_file, std::int64_t batch, std::int64_t resolution,
                               ImportNotes& notes);
[[nodiscard]] EnergyTable load_energy(const std::string& name_or_file);  // empty: the default table

// Input of the run, in the words of the report's header.
struct Source {
  std::string name{};  // as the user gave it
  std::string hash{};  // of the configuration as understood or of the file; empty: built in
};

struct Setup {
  RunArguments arguments{};
  Format format = Format::kText;
  Objective objective = Objective::kEdp;
  EvaluateOptions model{};
  Accelerator accelerator{};
  Network network{};
  EnergyTable table;
  // What is said of a price that neither table nor law gives.
  std::string stated = "stated by the accelerator file";
  std::vector<std::string> warnings{};  // of loading
  Source arch_source{}, network_source{}, constraints_source{};
  ImportNotes notes{};  // of files of other tools: what is not expressed
  int threads = 1;
  // With --mapping: one per layer of the network, none for layers without a problem. Otherwise empty.
  std::vector<std::optional<Mapping>> mappings{};
  // With --start PATH: the same.
  std::vector<std::optional<Mapping>> starts{};
  // With --constraints: one per layer of the network, none for layers without a problem. Otherwise empty.
  std::vector<std::optional<Constraints>> constraints{};

  // Of a layer; null: none.
  [[nodiscard]] const Constraints* constraints_of(int layer) const {
    const auto index = static_cast<std::size_t>(layer);
    return index < constraints.size() && constraints[index] ? &*constraints[index] : nullptr;
  }
  [[nodiscard]] MapRequest request() const;  // for one layer; the problem is left open
};

// Throws ConfigError. The network is already reduced to --layer and set to --bits.
[[nodiscard]] Setup prepare(const RunArguments& arguments);

// The mapping file of every layer in a folder of mappings: "<layer>.yaml", where characters other than
// letters, digits, '-', '_' and '.' become '_', and a name that would come twice gets the layer's number.
[[nodiscard]] std::vector<std::string> mapping_files(const Network& network);
// One per layer of the network, from such a folder or, for a network of one problem, a file; none for layers
// without a problem. Throws ConfigError, illegal-mapping among others.
[[nodiscard]] std::vector<std::optional<Mapping>> load_mappings(const std::string& where,
                                                                const Network& network,
                                                                const Accelerator& accelerator,
                                                                ImportNotes& notes);
// FNV-1a, 64 bits, as 16 hexadecimal digits: tells configurations apart, no security.
[[nodiscard]] std::string hash_of(const std::string& text);

}  // namespace weft::cli
