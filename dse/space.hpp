// A design space: a family of networks with known accuracies, and an accelerator template with knobs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "base/units.hpp"
#include "dse/accuracy.hpp"
#include "mapper/mapper.hpp"

namespace weft {

// One choice per gene: the network first, then every knob.
using Genome = std::vector<int>;

// A named parameter of the accelerator. Each option says what its placeholders become.
struct Knob {
  struct Option {
    std::string label;
    std::vector<std::pair<std::string, std::string>> values;  // placeholder, text
  };
  std::string name;
  std::vector<Option> options;
};

enum class Metric : std::uint8_t { kAccuracy, kLatency, kEnergy, kArea, kEdp };
[[nodiscard]] const std::vector<std::string>& metric_names();
enum class SearchKind : std::uint8_t { kRandom, kEvolutionary };
[[nodiscard]] const std::vector<std::string>& search_kind_names();

struct DesignSpace {
  std::string name;
  std::string summary;

  std::string family;
  std::string accuracy_table;          // as the file names it
  std::vector<NetworkPoint> networks;  // its rows

  std::string template_name;  // where the text came from, for diagnostics
  std::string template_text;
  std::string energy_table;
  std::vector<Knob> knobs;

  std::optional<SquareMicrons> max_area;
  std::optional<double> min_accuracy;
  std::vector<Metric> objectives;

  std::string mapper = "constructive";
  Objective mapper_objective = Objective::kEdp;
  std::int64_t mapper_evaluations = 200;  // per layer

  SearchKind search = SearchKind::kEvolutionary;
  std::int64_t evaluations = 400;
  std::int64_t population = 40;
  std::uint64_t seed = 1;

  [[nodiscard]] std::size_t genes() const { return knobs.size() + 1; }
  [[nodiscard]] int choices(std::size_t gene) const {
    return static_cast<int>(gene == 0 ? networks.size() : knobs[gene - 1].options.size());
  }
  // Number of designs; as a double, because spaces are larger than 2^63.
  [[nodiscard]] double size() const;
};

// Reads and checks a space and the files it names; every option of every knob has been tried once. Throws
// ConfigError: the reader's codes, unknown-placeholder, unused-knob, bad-knob, duplicate-name, bad-table ...
[[nodiscard]] DesignSpace load_space(const std::string& name_or_file);
[[nodiscard]] DesignSpace parse_space(std::string text, const std::filesystem::path& file);
// The presets: name and summary, in alphabetical order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> space_presets();

// The space as understood, with the template inside: YAML that loads to an equal space.
[[nodiscard]] std::string print_yaml(const DesignSpace& space);

// The accelerator of a genome. Throws ConfigError when the combination of knobs makes none.
[[nodiscard]] Accelerator accelerator_of(const DesignSpace& space, const Genome& genome);
[[nodiscard]] Network network_of(const DesignSpace& space, const Genome& genome);

}  // namespace weft
