// Fills in and checks accelerator templates.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space_template.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace weft {

namespace {

// Calls `found(begin, end, name)` for every ${name}, where text[begin, end) is the placeholder.
template <class Found>
void each_placeholder(const std::string& text, Found&& found) {
  for (std::size_t begin = text.find("${"); begin != std::string::npos; begin = text.find("${", begin + 2)) {
    const std::size_t end = text.find('}', begin);
    if (end == std::string::npos) {
      return;
    }
    found(begin, end + 1, text.substr(begin + 2, end - begin - 2));
  }
}

SourceLoc place_of(const std::string& text, const std::string& file, std::size_t at) {
  const auto from = text.begin();
  const auto to = text.begin() + static_cast<std::ptrdiff_t>(at);
  const auto line = 1 + std::count(from, to, '\n');
  const std::size_t start = text.rfind('\n', at == 0 ? 0 : at - 1);
  const std::size_t column = start == std::string::npos || start >= at ? at + 1 : at - start;
  return {file, static_cast<int>(line), static_cast<int>(column)};
}

std::vector<std::string> names_of(const Bindings& bindings) {
  std::vector<std::string> names;
  for (const auto& [name, value] : bindings) {
    names.push_back(name);
  }
  return names;
}

void report_unused(const DesignSpace& space, const SourceLoc& where, std::vector<Diagnostic>& diagnostics) {
  std::set<std::string> used;
  each_placeholder(space.template_text,
                   [&](std::size_t, std::size_t, const std::string& name) { used.insert(name); });
  std::set<std::string> reported;
  for (const Knob& knob : space.knobs) {
    for (const Knob::Option& option : knob.options) {
      for (const auto& [placeholder, value] : option.values) {
        if (used.count(placeholder) == 0 && reported.insert(placeholder).second) {
          diagnostics.push_back(
              {where, "unused-knob",
               fmt::format("the template has no ${{{}}} for the knob '{}'", placeholder, knob.name),
               "remove the knob, or use it in the template"});
        }
      }
    }
  }
}

// Tries one genome; its diagnostics name the choice that made them.
void try_genome(const DesignSpace& space, const Genome& genome, const std::string& choice,
                std::vector<Diagnostic>& diagnostics) {
  try {
    (void)accelerator_of(space, genome);
  } catch (const ConfigError& error) {
    for (Diagnostic diagnostic : error.diagnostics()) {
      diagnostic.message += fmt::format(" (with {})", choice);
      diagnostics.push_back(std::move(diagnostic));
    }
  }
}

}  // namespace

Bindings bindings_of(const DesignSpace& space, const Genome& genome) {
  Bindings bindings;
  for (std::size_t k = 0; k < space.knobs.size(); ++k) {
    const Knob::Option& option = space.option(genome, k);
    bindings[space.knobs[k].name] = option.label;
    for (const auto& [name, value] : option.values) {
      bindings[name] = value;
    }
  }
  return bindings;
}

std::string fill_in(const std::string& text, const std::string& file, const Bindings& bindings,
                    std::vector<Diagnostic>* diagnostics) {
  std::string result;
  std::size_t copied = 0;
  each_placeholder(text, [&](std::size_t begin, std::size_t end, const std::string& name) {
    const std::size_t line = text.rfind('\n', begin) == std::string::npos ? 0 : text.rfind('\n', begin) + 1;
    const std::size_t hash = text.find('#', line);
    const bool comment = hash != std::string::npos && hash < begin;
    const auto bound = bindings.find(name);
    if (bound != bindings.end()) {
      result += text.substr(copied, begin - copied) + bound->second;
      copied = end;
    } else if (diagnostics != nullptr && !comment) {
      const std::string close = nearest(name, names_of(bindings));
      diagnostics->push_back({place_of(text, file, begin), "unknown-placeholder",
                              fmt::format("no knob gives a value for ${{{}}}", name),
                              close.empty() ? "" : fmt::format("did you mean '${{{}}}'?", close),
                              static_cast<int>(end - begin)});
    }
  });
  return result + text.substr(copied);
}

std::vector<Diagnostic> check_template(const DesignSpace& space, const SourceLoc& where) {
  std::vector<Diagnostic> diagnostics;
  const Genome first(space.genes(), 0);
  (void)fill_in(space.template_text, space.template_name, bindings_of(space, first), &diagnostics);
  report_unused(space, where, diagnostics);
  if (!diagnostics.empty()) {
    return diagnostics;
  }
  try_genome(space, first, "the first option of every knob", diagnostics);
  for (std::size_t k = 0; diagnostics.empty() && k < space.knobs.size(); ++k) {
    for (std::size_t option = 1; option < space.knobs[k].options.size(); ++option) {
      Genome genome = first;
      genome[space.network_genes() + k] = static_cast<int>(option);
      try_genome(space, genome,
                 fmt::format("{}: {}", space.knobs[k].name, space.knobs[k].options[option].label),
                 diagnostics);
    }
  }
  return diagnostics;
}

Accelerator accelerator_of(const DesignSpace& space, const Genome& genome) {
  return parse_accelerator(
      fill_in(space.template_text, space.template_name, bindings_of(space, genome), nullptr),
      space.template_name);
}

Network network_of(const DesignSpace& space, const Genome& genome) {
  return space.network->build(genome);
}

}  // namespace weft
