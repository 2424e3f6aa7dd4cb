// Prints a space as understood.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/yaml_text.hpp"
#include "dse/space.hpp"

namespace weft {

namespace {

using yaml::quote;

std::string print_knob(const Knob& knob) {
  const bool named = knob.options.front().values.front().first != knob.name;
  if (!named) {
    std::string list;
    for (const Knob::Option& option : knob.options) {
      list += (list.empty() ? "" : ", ") + quote(option.label);
    }
    return fmt::format("    {}: [{}]\n", quote(knob.name), list);
  }
  std::string text = fmt::format("    {}:\n", quote(knob.name));
  for (const Knob::Option& option : knob.options) {
    std::string parts;
    for (const auto& [placeholder, value] : option.values) {
      parts += fmt::format("{}{}: {}", parts.empty() ? "" : ", ",
                           quote(placeholder.substr(knob.name.size() + 1)), quote(value));
    }
    text += fmt::format("      {}: {{{}}}\n", quote(option.label), parts);
  }
  return text;
}

// A block scalar with every line indented.
std::string print_block(const std::string& text) {
  std::string result;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string line = text.substr(from, end - from);
    result += line.empty() ? "\n" : "    " + line + "\n";
    from = end + 1;
  }
  return result;
}

std::string print_constraints(const DesignSpace& space) {
  if (!space.max_area && !space.min_accuracy) {
    return "";
  }
  std::string text = "constraints:\n";
  if (space.max_area) {
    text += fmt::format("  area: {}\n", to_string(*space.max_area));
  }
  if (space.min_accuracy) {
    text += fmt::format("  accuracy: {}\n", *space.min_accuracy);
  }
  return text;
}

}  // namespace

std::string print_yaml(const DesignSpace& space) {
  std::string text = fmt::format("space: {}\nsummary: {}\n", quote(space.name), quote(space.summary));
  text += fmt::format("network:\n  family: {}\n  accuracy: {}\n", space.family, quote(space.accuracy_table));
  text += fmt::format("accelerator:\n  energy: {}\n  knobs:\n", quote(space.energy_table));
  for (const Knob& knob : space.knobs) {
    text += print_knob(knob);
  }
  text += "  text: |2\n" + print_block(space.template_text);
  text += print_constraints(space);
  std::string objectives;
  for (const Metric metric : space.objectives) {
    objectives += (objectives.empty() ? "" : ", ") + metric_names()[static_cast<std::size_t>(metric)];
  }
  text += fmt::format("objectives: [{}]\n", objectives);
  text += fmt::format("mapper: {{search: {}, objective: {}, evaluations: {}}}\n", space.mapper,
                      name_of(space.mapper_objective), space.mapper_evaluations);
  text += fmt::format("search: {{kind: {}, evaluations: {}, population: {}, seed: {}}}\n",
                      search_kind_names()[static_cast<std::size_t>(space.search)], space.evaluations,
                      space.population, space.seed);
  return text;
}

}  // namespace weft
