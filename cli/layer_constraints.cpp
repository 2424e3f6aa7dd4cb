// Constraints of a run, layer by layer.
// SPDX-License-Identifier: Apache-2.0
#include "cli/layer_constraints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/error.hpp"
#include "cli/formats.hpp"
#include "mapper/constraints_file.hpp"

namespace weft::cli {

namespace {

// Is the file itself in order, so that what is wrong lies in the layer?
bool suits_some(const std::string& name) {
  if (formatted(name).format != FileFormat::kWeft) {
    return false;  // what is wrong names the file's own place
  }
  try {
    (void)read_constraints_head(name);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

Constraints of_layer(const std::string& name, const Problem& problem, const Accelerator& machine,
                     ImportNotes& notes) {
  const FormattedFile file = formatted(name);
  return file.format == FileFormat::kWeft ? load_constraints(name, problem, machine)
                                          : import_constraints(file, problem, machine, notes);
}

}  // namespace

void load_constraints_of_layers(Setup& setup, ImportNotes& notes) {
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
      ImportNotes said;
      setup.constraints[i] = of_layer(name, *layer.problem, *machine, said);
      std::copy_if(said.begin(), said.end(), std::back_inserter(notes), [&](const std::string& note) {
        return std::find(notes.begin(), notes.end(), note) == notes.end();
      });
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
