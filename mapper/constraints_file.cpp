// Finds, loads and prints files of constraints.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/yaml.hpp"
#include "base/yaml_text.hpp"
#include "mapper/constraints_reader.hpp"
#include "mapper/constraints_words.hpp"

namespace weft {

namespace {

constexpr const char* kFolder = "constraints";

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string resolved(const std::string& name_or_file) {
  std::string dashes = name_or_file;
  std::replace(dashes.begin(), dashes.end(), '-', '_');
  const std::vector<std::string> presets = preset_names(kFolder);
  const auto known = [&](const std::string& name) {
    return std::find(presets.begin(), presets.end(), name) != presets.end();
  };
  const std::string& name = !known(name_or_file) && known(dashes) ? dashes : name_or_file;
  return resolve_config(kFolder, "constraints", name).string();
}

// "{K: 4, C: 2..8}", empty when everything is open.
std::string print_ranges(const DimRanges& ranges, const Problem& problem, bool optional) {
  std::vector<std::string> parts;
  for (std::size_t d = 0; d < problem.dims.size(); ++d) {
    if (!ranges[d].open()) {
      const std::string& name = problem.dims[d].name;
      parts.push_back(
          fmt::format("{}: {}", yaml::quote(optional ? "(" + name + ")" : name), print_range(ranges[d])));
    }
  }
  return parts.empty() ? "" : "{" + joined(parts) + "}";
}

// "[[K], [P, Q]]" for the places below (sign -1) or above 0, empty when there are none.
std::string print_places(const LevelRules& rules, const Problem& problem, int sign) {
  std::vector<int> places;
  for (std::size_t d = 0; d < problem.dims.size(); ++d) {
    if (rules.place[d] * sign > 0) {
      places.push_back(rules.place[d]);
    }
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<std::string> groups;
  for (const int place : places) {
    std::vector<std::string> dims;
    for (std::size_t d = 0; d < problem.dims.size(); ++d) {
      if (rules.place[d] == place) {
        dims.push_back(yaml::quote(problem.dims[d].name));
      }
    }
    groups.push_back("[" + joined(dims) + "]");
  }
  return groups.empty() ? "" : "[" + joined(groups) + "]";
}

std::string print_keep(const LevelRules& rules, bool keep) {
  std::vector<std::string> tensors;
  for (const Role role : kAllRoles) {
    if (rules.keep[static_cast<std::size_t>(index_of(role))] == keep) {
      tensors.emplace_back(name_of(role));
    }
  }
  return tensors.empty() ? "" : "[" + joined(tensors) + "]";
}

std::string print_level(const LevelRules& rules, const std::string& name, const Problem& problem) {
  std::string text;
  const auto line = [&text](const char* key, const std::string& value) {
    text += value.empty() ? "" : fmt::format("    {}: {}\n", key, value);
  };
  line("keep", print_keep(rules, true));
  line("bypass", print_keep(rules, false));
  line("temporal", print_ranges(rules.temporal, problem, false));
  std::vector<std::string> axes;
  for (std::size_t a = 0; a < 2; ++a) {
    // Marked as optional: what was said of both axes may be possible on one only.
    if (const std::string ranges = print_ranges(rules.spatial[a], problem, true); !ranges.empty()) {
      axes.push_back(fmt::format("{}: {}", a == 0 ? "x" : "y", ranges));
    }
  }
  line("spatial", axes.empty() ? "" : "{" + joined(axes) + "}");
  line("tile", print_ranges(rules.extent, problem, false));
  line("outer", print_places(rules, problem, -1));
  line("inner", print_places(rules, problem, 1));
  return text.empty() ? "" : "  - level: " + yaml::quote(name) + "\n" + text;
}

}  // namespace

Constraints load_constraints(const std::string& name_or_file, const Problem& problem,
                             const Accelerator& accelerator) {
  Constraints result;
  (void)read_constraints(yaml::Document::load(resolved(name_or_file)), &problem, &accelerator, result);
  return result;
}

Constraints parse_constraints(std::string text, std::string file_name, const Problem& problem,
                              const Accelerator& accelerator) {
  Constraints result;
  (void)read_constraints(yaml::Document::parse(std::move(text), std::move(file_name)), &problem, &accelerator,
                         result);
  return result;
}

ConstraintsHead read_constraints_head(const std::string& name_or_file) {
  Constraints unused;
  return read_constraints(yaml::Document::load(resolved(name_or_file)), nullptr, nullptr, unused);
}

std::vector<std::pair<std::string, std::string>> constraint_presets() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string& name : preset_names(kFolder)) {
    result.emplace_back(name, read_constraints_head(name).summary);
  }
  return result;
}

std::string print_yaml(const Constraints& constraints, const Problem& problem,
                       const Accelerator& accelerator) {
  std::string text = "constraints: " + yaml::quote(constraints.name) + "\n";
  if (constraints.min_utilization > 0) {
    text += fmt::format("utilization: {}\n", constraints.min_utilization);
  }
  if (constraints.perfect || constraints.perfect_temporal) {
    text += fmt::format("factors: {}\n", constraints.perfect ? "perfect" : "perfect-temporal");
  }
  std::string levels;
  for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
    levels += print_level(constraints.levels[l], accelerator.levels[l].name, problem);
  }
  return text + (levels.empty() ? "" : "levels:\n" + levels);
}

}  // namespace weft
