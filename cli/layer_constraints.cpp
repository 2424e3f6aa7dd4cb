// Constraints of a run, layer by layer.
// SPDX-License-Identifier: Apache-2.0
#include "cli/layer_constraints.hpp"

#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/error.hpp"
#include "mapper/constraints_file.hpp"

namespace weft::cli {

namespace {

// Is the file itself in order, so that what is wrong lies in the layer?
bool suits_some(const std::string& name) {
  try {
    (void)read_constraints_head(name);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

}  // namespace

void load_constraints_of_layers(Setup& setup) {
  const std::string& name = setup.arguments.constraints;
  setup.constraints.resize(setup.network.layers.size());
  std::string text;
  for (std::size_t i = 0; i < setup.network.layers.size(); ++i) {
    const Layer& layer = setup.network.layers[i];
    if (!layer.problem) {
      continue;
    }
    const LayerMachine machine(setup.accelerator, *layer.problem);
    try {
      setup.constraints[i] = load_constraints(name, *layer.problem, *machine);
    } catch (const ConfigError& error) {
      if (!suits_some(name)) {
        throw;
      }
      std::vector<Diagnostic> diagnostics = error.diagnostics();
      for (Diagnostic& diagnostic : diagnostics) {
        diagnostic.message += fmt::format(" (layer '{}')", layer.name);
      }
      throw ConfigError(std::move(diagnostics));
    }
    text += print_yaml(*setup.constraints[i], *layer.problem, setup.accelerator);
  }
  setup.constraints_source = {.name = name, .hash = hash_of(text)};
}

void check_given_mappings(const Setup& setup, const std::string& where,
                          const std::vector<std::optional<Mapping>>& mappings) {
  for (std::size_t i = 0; i < setup.constraints.size(); ++i) {
    if (!setup.constraints[i]) {
      continue;
    }
    const Layer& layer = setup.network.layers[i];
    const LayerMachine machine(setup.accelerator, *layer.problem);
    if (const auto broken = violates(*setup.constraints[i], *mappings[i], *layer.problem, *machine)) {
      throw ConfigError({where}, "breaks-constraint",
                        fmt::format("layer '{}': {}", layer.name,
                                    explain(*broken, *setup.constraints[i], *layer.problem, *machine)));
    }
  }
}

}  // namespace weft::cli
