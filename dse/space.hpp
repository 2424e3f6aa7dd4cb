// A design space: networks, and an accelerator template with knobs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "base/units.hpp"
#include "dse/accuracy.hpp"
#include "dse/network_space.hpp"
#include "dse/study_answers.hpp"
#include "mapper/mapper.hpp"

namespace weft {

// A named parameter of the accelerator. Each option says what its placeholders become.
struct Knob {
  struct Option {
    std::string label;
    std::vector<std::pair<std::string, std::string>> values;  // placeholder, text
  };
  std::string name;
  std::vector<Option> options;
  // A knob that arranges items: its options are all arrangements, in lexical order of the items' places.
  std::vector<std::string> items{};
  std::size_t taken = 0;  // items in an arrangement
};

[[nodiscard]] const std::vector<std::string>& metric_names();
enum class SearchKind : std::uint8_t { kRandom, kEvolutionary, kExhaustive, kNested, kCmaEs, kSurrogate };
[[nodiscard]] const std::vector<std::string>& search_kind_names();

// Where the networks come from, as the file says it.
struct NetworkSource {
  std::string family;    // of a table's networks, or a supernet
  std::string accuracy;  // a table of the family, a predictor of the supernet; empty: unknown
  std::string file;      // else: any network, with the widths and densities below
  Layerwise::Per per = Layerwise::Per::kLayer;
  std::vector<double> weight_bits{}, activation_bits{}, weight_density{}, activation_density{};
  std::vector<double> channel_keep{};
  std::int64_t channel_step = 8;
  std::vector<GeneChoice> choices{};  // options left of the genes
  std::optional<CommandSpec> command{};
  // Where files of the user's own were found; empty: presets, or none.
  std::filesystem::path accuracy_file{}, network_file{};
};

struct DesignSpace {
  std::string name;
  std::string summary;

  NetworkSource source;
  std::shared_ptr<const NetworkSpace> network;
  std::shared_ptr<const AccuracyModel> accuracy;  // null: unknown
  std::string identity;                           // of what the files behind the networks hold

  std::string template_name;  // where the text came from, for diagnostics
  std::string template_text;
  std::string energy_table;
  std::vector<Knob> knobs;

  std::optional<SquareMicrons> max_area;
  std::optional<std::int64_t> max_units;   // compute units
  std::optional<double> max_storage_bits;  // of all memories on the chip
  std::optional<double> min_accuracy;
  std::optional<double> max_latency_s;
  std::optional<double> max_energy_pj;
  std::vector<Metric> objectives;
  std::vector<double>
      reference;  // worst objectives that count for the hypervolume; empty: from the first batch

  std::optional<Target> target;      // what the answers look for; evaluations do not depend on it
  std::optional<Baseline> baseline;  // what the front is compared with; evaluations do not depend on it

  std::string mapper = "constructive";
  Objective mapper_objective = Objective::kEdp;
  std::int64_t mapper_evaluations = 200;  // per layer
  std::int64_t mapper_nodes = 2'000'000;  // per layer, of the exact search

  SearchKind search = SearchKind::kEvolutionary;
  std::int64_t evaluations = 400;
  std::int64_t population = 40;
  std::int64_t inner_evaluations = 2000;  // nested: networks looked at for each accelerator
  std::uint64_t seed = 1;

  // A genome is the genes of the network, then one for each knob.
  [[nodiscard]] std::size_t network_genes() const { return network->genes().size(); }
  [[nodiscard]] std::size_t genes() const { return network_genes() + knobs.size(); }
  [[nodiscard]] int choices(std::size_t gene) const {
    return static_cast<int>(gene < network_genes() ? network->genes()[gene].values.size()
                                                   : knobs[gene - network_genes()].options.size());
  }
  [[nodiscard]] const Knob::Option& option(const Genome& genome, std::size_t knob) const {
    return knobs[knob].options.at(static_cast<std::size_t>(genome.at(network_genes() + knob)));
  }
  // Number of accelerators, and of designs; as doubles, because spaces are larger than 2^63.
  [[nodiscard]] double accelerators() const;
  [[nodiscard]] double size() const { return network->size() * accelerators(); }
};

// Reads and checks a space and the files it names; every option of every knob has been tried once. Throws
// ConfigError: the reader's codes, unknown-placeholder, unused-knob, bad-knob, duplicate-name, bad-table,
// bad-predictor, bad-network-space ...
[[nodiscard]] DesignSpace load_space(const std::string& name_or_file);
// With another network in place of network.file. Also throws bad-search: the space has a family.
[[nodiscard]] DesignSpace load_space(const std::string& name_or_file, const std::string& network);
[[nodiscard]] DesignSpace parse_space(std::string text, const std::filesystem::path& file);
// The presets: name and summary, in alphabetical order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> space_presets();

// The space as understood, with the template inside: YAML that loads to an equal space.
[[nodiscard]] std::string print_yaml(const DesignSpace& space);

// The accelerator of a genome. Throws ConfigError when the combination of knobs makes none.
[[nodiscard]] Accelerator accelerator_of(const DesignSpace& space, const Genome& genome);
[[nodiscard]] Network network_of(const DesignSpace& space, const Genome& genome);

}  // namespace weft
