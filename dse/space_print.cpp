// Prints a space as understood.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/yaml_text.hpp"
#include "dse/space.hpp"
#include "dse/space_answers.hpp"

namespace weft {

namespace {

using yaml::quote;

std::string print_knob(const Knob& knob) {
  if (knob.taken > 0) {
    std::string items;
    for (const std::string& item : knob.items) {
      items += (items.empty() ? "" : ", ") + quote(item);
    }
    return fmt::format("    {}: {{arrange: [{}], take: {}}}\n", quote(knob.name), items, knob.taken);
  }
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

std::string print_numbers(const std::string& key, const std::vector<double>& values) {
  return values.empty() ? "" : fmt::format("  {}: [{}]\n", key, fmt::join(values, ", "));
}

std::string print_network(const NetworkSource& source) {
  std::string text = "network:\n";
  if (source.file.empty()) {
    text += fmt::format("  family: {}\n", source.family);
    text += source.accuracy.empty() ? "" : fmt::format("  accuracy: {}\n", quote(source.accuracy));
  } else {
    text += fmt::format("  file: {}\n  per: {}\n", quote(source.file),
                        source.per == Layerwise::Per::kLayer ? "layer" : "network");
    text += source.accuracy.empty() ? "" : fmt::format("  accuracy: {}\n", quote(source.accuracy));
    text += print_numbers("weight_bits", source.weight_bits);
    text += print_numbers("activation_bits", source.activation_bits);
    text += print_numbers("weight_density", source.weight_density);
    text += print_numbers("activation_density", source.activation_density);
    text += print_numbers("channel_keep", source.channel_keep);
    text += source.channel_keep.empty() ? "" : fmt::format("  channel_step: {}\n", source.channel_step);
  }
  if (!source.choices.empty()) {
    text += "  choices:\n";
    for (const GeneChoice& choice : source.choices) {
      text += fmt::format("    {}: [{}]\n", quote(choice.pattern), fmt::join(choice.values, ", "));
    }
  }
  if (const auto& command = source.command) {
    text += fmt::format("  command: {{run: {}, timeout_s: {}, retries: {}, workers: {}}}\n",
                        quote(command->command), command->timeout_s, command->retries, command->workers);
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
  std::string text;
  if (space.max_area) {
    text += fmt::format("  area: {}\n", to_string(*space.max_area));
  }
  if (space.min_accuracy) {
    text += fmt::format("  accuracy: {}\n", *space.min_accuracy);
  }
  if (space.max_units) {
    text += fmt::format("  units: {}\n", *space.max_units);
  }
  if (space.max_storage_bits) {
    text += fmt::format("  storage: {} b\n", static_cast<std::int64_t>(*space.max_storage_bits));
  }
  if (space.max_latency_s) {
    text += fmt::format("  latency_ms: {}\n", *space.max_latency_s * 1e3);
  }
  if (space.max_energy_pj) {
    text += fmt::format("  energy_mj: {}\n", *space.max_energy_pj * 1e-9);
  }
  return text.empty() ? text : "constraints:\n" + text;
}

}  // namespace

std::string print_yaml(const DesignSpace& space) {
  std::string text = fmt::format("space: {}\nsummary: {}\n", quote(space.name), quote(space.summary));
  text += print_network(space.source);
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
  text += print_answers(space);
  text += fmt::format("mapper: {{search: {}, objective: {}, evaluations: {}, nodes: {}}}\n", space.mapper,
                      name_of(space.mapper_objective), space.mapper_evaluations, space.mapper_nodes);
  text +=
      fmt::format("search: {{kind: {}, evaluations: {}, population: {}, inner_evaluations: {}, seed: {}}}\n",
                  search_kind_names()[static_cast<std::size_t>(space.search)], space.evaluations,
                  space.population, space.inner_evaluations, space.seed);
  return text;
}

}  // namespace weft
