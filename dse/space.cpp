// Reads design spaces.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/yaml.hpp"
#include "dse/space_template.hpp"

namespace weft {

namespace {

constexpr std::size_t kMaxOptions = 1000;

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream || std::filesystem::is_directory(file)) {
    throw ConfigError({file.string()}, "missing-file", "no such file");
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class SpaceReader {
 public:
  explicit SpaceReader(std::filesystem::path file) : file_(std::move(file)) {}

  DesignSpace read(yaml::Section root) {
    space_.name = root.text("space");
    space_.summary = root.text_or("summary", "");
    if (auto value = root.required("network")) {
      read_network(value->section());
    }
    if (auto value = root.required("accelerator")) {
      where_ = value->where();
      read_accelerator(value->section());
    }
    if (auto value = root.optional("constraints")) {
      read_constraints(value->section());
    }
    read_objectives(root);
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

  void read_network(yaml::Section section) {
    space_.family = network_families().names().at(
        static_cast<std::size_t>(section.choice("family", network_families().names())));
    space_.accuracy_table = section.text("accuracy");
    section.done();
    if (space_.accuracy_table.empty()) {
      return;
    }
    try {
      space_.networks = load_accuracy(find(space_.accuracy_table, "accuracy", ".csv"),
                                      network_families().at(space_.family));
    } catch (const ConfigError& error) {
      others_.insert(others_.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
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
        space_.template_text = read_text(file);
      } catch (const ConfigError&) {
        template_file->error("missing-file", fmt::format("no such file: {}", file.string()));
      }
    }
    space_.energy_table = section.text_or("energy", "default_45nm");
    if (const auto knobs = section.required("knobs")) {
      yaml::Section list = knobs->section();
      for (const auto& [name, value] : list.entries()) {
        read_knob(name, value);
      }
    }
    section.done();
  }

  void read_knob(const std::string& name, const yaml::Value& value) {
    Knob knob{name, {}};
    if (value.is_section()) {
      yaml::Section options = value.section();
      for (const auto& [label, option] : options.entries()) {
        read_named_option(knob, label, option);
      }
    } else {
      for (const yaml::Value& option : value.list()) {
        const std::string text = option.text();
        knob.options.push_back({text, {{name, text}}});
      }
    }
    check_options(knob, value);
    space_.knobs.push_back(std::move(knob));
  }

  static void read_named_option(Knob& knob, const std::string& label, const yaml::Value& option) {
    Knob::Option result{label, {}};
    yaml::Section parts = option.section();
    for (const auto& [part, text] : parts.entries()) {
      result.values.emplace_back(knob.name + "." + part, text.text());
    }
    std::sort(result.values.begin(), result.values.end());
    knob.options.push_back(std::move(result));
  }

  static void check_options(const Knob& knob, const yaml::Value& value) {
    if (knob.options.empty() || knob.options.size() > kMaxOptions) {
      value.error("bad-knob", fmt::format("a knob has 1 to {} options", kMaxOptions));
      return;
    }
    std::set<std::string> labels;
    const auto placeholders = [](const Knob::Option& option) {
      std::vector<std::string> names;
      for (const auto& [name, text] : option.values) {
        names.push_back(name);
      }
      return names;
    };
    for (const Knob::Option& option : knob.options) {
      if (!labels.insert(option.label).second) {
        value.error("duplicate-name", fmt::format("the option '{}' occurs twice", option.label));
      }
      if (placeholders(option) != placeholders(knob.options.front())) {
        value.error("bad-knob", fmt::format("the options '{}' and '{}' set different values",
                                            knob.options.front().label, option.label));
      }
    }
  }

  void read_constraints(yaml::Section section) {
    space_.max_area = section.optional_quantity<SquareMicrons>("area");
    if (auto value = section.optional("accuracy")) {
      space_.min_accuracy = value->number(0, 100);
    }
    section.done();
  }

  void read_objectives(yaml::Section& root) {
    const auto value = root.optional("objectives");
    if (!value) {
      space_.objectives = {Metric::kAccuracy, Metric::kLatency, Metric::kEnergy};
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
    section.done();
  }

  void read_search(yaml::Section section) {
    space_.search = static_cast<SearchKind>(
        section.choice_or("kind", search_kind_names(), static_cast<int>(SearchKind::kEvolutionary)));
    space_.evaluations = section.integer_or("evaluations", space_.evaluations, 1, 1'000'000'000);
    space_.population = section.integer_or("population", space_.population, 4, 100'000);
    space_.seed = static_cast<std::uint64_t>(
        section.integer_or("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
    section.done();
  }

  std::filesystem::path file_;
  DesignSpace space_;
  SourceLoc where_;
  std::vector<Diagnostic> others_;
};

DesignSpace read_space(const yaml::Document& document, const std::filesystem::path& file) {
  SpaceReader reader(file);
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
  if (diagnostics.empty() && space.min_accuracy) {
    std::erase_if(space.networks,
                  [&](const NetworkPoint& point) { return point.accuracy < *space.min_accuracy; });
    if (space.networks.empty()) {
      diagnostics.push_back(
          {{file.string()}, "empty-table", "no network reaches the accuracy asked for", ""});
    }
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
  static const std::vector<std::string> names = {"random", "evolutionary"};
  return names;
}

double DesignSpace::size() const {
  double product = 1;
  for (std::size_t gene = 0; gene < genes(); ++gene) {
    product *= choices(gene);
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

std::vector<std::pair<std::string, std::string>> space_presets() {
  std::vector<std::pair<std::string, std::string>> presets;
  for (const std::string& name : preset_names("space")) {
    presets.emplace_back(name, load_space(name).summary);
  }
  return presets;
}

}  // namespace weft
