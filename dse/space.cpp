// Reads design spaces.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/text_file.hpp"
#include "base/yaml.hpp"
#include "dse/space_answers.hpp"
#include "dse/space_knobs.hpp"
#include "dse/space_network.hpp"
#include "dse/space_template.hpp"

namespace weft {

namespace {

constexpr double kLargest = 1e18;  // of limits that are plain numbers

class SpaceReader {
 public:
  SpaceReader(std::filesystem::path file, const std::string& network) : file_(std::move(file)) {
    space_.source.file = network;
  }

  DesignSpace read(yaml::Section root) {
    space_.name = root.text("space");
    space_.summary = root.text_or("summary", "");
    if (auto value = root.optional("constraints")) {
      read_constraints(value->section());  // first: a table drops the rows that are not accurate enough
    }
    if (auto value = root.required("network")) {
      const auto finder = [this](const std::string& name, const std::string& folder,
                                 const std::string& extension) { return find(name, folder, extension); };
      read_network(value->section(), finder, space_, others_);
    }
    if (auto value = root.required("accelerator")) {
      where_ = value->where();
      read_accelerator(value->section());
    }
    read_objectives(root);
    read_answers(root, space_);
    if (auto value = root.optional("mapper")) {
      read_mapper(value->section());
    }
    if (auto value = root.optional("search")) {
      read_search(value->section());
    }
    root.done();
    return std::move(space_);
  }
  [[nodiscard]] const SourceLoc& where() const { return where_; }
  // Problems of the files that the space names.
  [[nodiscard]] std::vector<Diagnostic>& others() { return others_; }

 private:
  // Beside the space's own file; what is not there, in the folder of presets.
  [[nodiscard]] std::filesystem::path find(const std::string& name, const std::string& folder,
                                           const std::string& extension) const {
    const std::filesystem::path beside = file_.parent_path() / name;
    if (std::filesystem::exists(beside) && !std::filesystem::is_directory(beside)) {
      return beside;
    }
    const std::filesystem::path preset = configs_dir() / folder / (name + extension);
    return std::filesystem::exists(preset) ? preset : beside;
  }

  void read_accelerator(yaml::Section section) {
    const auto inline_text = section.optional("text");
    const auto template_file = section.optional("template");
    if (inline_text.has_value() == template_file.has_value()) {
      section.error("missing-key", "give either 'template' (a file) or 'text' (the template itself)");
    } else if (inline_text) {
      space_.template_text = inline_text->text();
      space_.template_name = file_.string() + " (text)";
    } else {
      const std::filesystem::path file = find(template_file->text(), "space", "");
      space_.template_name = file.string();
      try {
        space_.template_text = read_text_file(file);
      } catch (const ConfigError& error) {
        const Diagnostic& why = error.diagnostics().front();
        template_file->error(why.code, fmt::format("{}: {}", why.message, file.string()));
      }
    }
    space_.energy_table = section.text_or("energy", "default_45nm");
    if (const auto knobs = section.required("knobs")) {
      yaml::Section list = knobs->section();
      for (const auto& [name, value] : list.entries()) {
        space_.knobs.push_back(read_knob(name, value));
      }
    }
    section.done();
  }

  void read_constraints(yaml::Section section) {
    space_.max_area = section.optional_quantity<SquareMicrons>("area");
    if (auto value = section.optional("units")) {
      space_.max_units = value->integer(1, std::numeric_limits<std::int64_t>::max());
    }
    if (const auto storage = section.optional_quantity<Bits>("storage")) {
      space_.max_storage_bits = static_cast<double>(storage->count());
    }
    if (auto value = section.optional("accuracy")) {
      space_.min_accuracy = value->number(0, 100);
    }
    if (auto value = section.optional("latency_ms")) {
      space_.max_latency_s = 1e-3 * value->number(0, kLargest);
    }
    if (auto value = section.optional("energy_mj")) {
      space_.max_energy_pj = 1e9 * value->number(0, kLargest);
    }
    section.done();
  }

  void read_objectives(yaml::Section& root) {
    const auto value = root.optional("objectives");
    if (!value) {
      space_.objectives = {Metric::kLatency, Metric::kEnergy};
      if (space_.accuracy != nullptr) {
        space_.objectives.insert(space_.objectives.begin(), Metric::kAccuracy);
      }
      return;
    }
    for (const yaml::Value& item : value->list()) {
      const std::string name = item.text();
      const auto& names = metric_names();
      const auto at = std::find(names.begin(), names.end(), name);
      if (at == names.end()) {
        const std::string close = nearest(name, names);
        item.error("unknown-name",
                   fmt::format("unknown objective '{}'; known: {}", name, fmt::join(names, ", ")),
                   close.empty() ? "" : "did you mean '" + close + "'?");
        continue;
      }
      const auto metric = static_cast<Metric>(at - names.begin());
      if (std::count(space_.objectives.begin(), space_.objectives.end(), metric) > 0) {
        item.error("duplicate-name", fmt::format("the objective '{}' occurs twice", name));
        continue;
      }
      if (metric == Metric::kAccuracy && space_.accuracy == nullptr && space_.network != nullptr) {
        item.error("bad-network-space", "the networks of this space have no known accuracy",
                   "say where it comes from: network.accuracy or network.command");
      }
      space_.objectives.push_back(metric);
    }
    if (value->is_list() && value->list().empty()) {
      value->error("out-of-range", "at least one objective is needed");
    }
  }

  void read_mapper(yaml::Section section) {
    const std::vector<std::string>& names = searches().names();
    const auto own = std::find(names.begin(), names.end(), space_.mapper) - names.begin();
    space_.mapper =
        names.at(static_cast<std::size_t>(section.choice_or("search", names, static_cast<int>(own))));
    space_.mapper_objective = static_cast<Objective>(
        section.choice_or("objective", objective_names(), static_cast<int>(Objective::kEdp)));
    space_.mapper_evaluations =
        section.integer_or("evaluations", space_.mapper_evaluations, 1, 1'000'000'000);
    space_.mapper_nodes = section.integer_or("nodes", space_.mapper_nodes, 1, 1'000'000'000'000);
    section.done();
  }

  void read_search(yaml::Section section) {
    space_.search = static_cast<SearchKind>(
        section.choice_or("kind", search_kind_names(), static_cast<int>(SearchKind::kEvolutionary)));
    space_.evaluations = section.integer_or("evaluations", space_.evaluations, 1, 1'000'000'000);
    space_.population = section.integer_or("population", space_.population, 4, 100'000);
    space_.inner_evaluations =
        section.integer_or("inner_evaluations", space_.inner_evaluations, 1, 1'000'000'000);
    space_.seed = static_cast<std::uint64_t>(
        section.integer_or("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
    section.done();
  }

  std::filesystem::path file_;
  DesignSpace space_;
  SourceLoc where_;
  std::vector<Diagnostic> others_;
};

DesignSpace read_space(const yaml::Document& document, const std::filesystem::path& file,
                       const std::string& network = "") {
  SpaceReader reader(file, network);
  DesignSpace space = reader.read(document.root());
  std::vector<Diagnostic> diagnostics = std::move(reader.others());
  try {
    document.finish();
  } catch (const ConfigError& error) {
    diagnostics.insert(diagnostics.begin(), error.diagnostics().begin(), error.diagnostics().end());
  }
  if (diagnostics.empty()) {
    diagnostics = check_template(space, reader.where());
  }
  if (!diagnostics.empty()) {
    throw ConfigError(std::move(diagnostics));
  }
  return space;
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = {"accuracy", "latency", "energy", "area", "edp"};
  return names;
}

const std::vector<std::string>& search_kind_names() {
  static const std::vector<std::string> names = {"random", "evolutionary", "exhaustive",
                                                 "nested", "cma_es",       "surrogate"};
  return names;
}

double DesignSpace::accelerators() const {
  double product = 1;
  for (const Knob& knob : knobs) {
    product *= static_cast<double>(knob.options.size());
  }
  return product;
}

DesignSpace parse_space(std::string text, const std::filesystem::path& file) {
  return read_space(yaml::Document::parse(std::move(text), file.string()), file);
}

DesignSpace load_space(const std::string& name_or_file) {
  const std::filesystem::path file = resolve_config("space", "design space", name_or_file);
  return read_space(yaml::Document::load(file), file);
}

DesignSpace load_space(const std::string& name_or_file, const std::string& network) {
  const std::filesystem::path file = resolve_config("space", "design space", name_or_file);
  return read_space(yaml::Document::load(file), file, network);
}

std::vector<std::pair<std::string, std::string>> space_presets() {
  std::vector<std::pair<std::string, std::string>> presets;
  for (const std::string& name : preset_names("space")) {
    presets.emplace_back(name, load_space(name).summary);
  }
  return presets;
}

}  // namespace weft
