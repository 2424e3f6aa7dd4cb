// weft convert: files of other tools into ours, and problems and mappings of ours into Timeloop's.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/whole_file.hpp"
#include "base/yaml.hpp"
#include "cli/convert_study.hpp"
#include "cli/file_kind.hpp"
#include "cli/formats.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft::cli {
namespace {

struct Converted {
  std::string text{};
  ImportNotes notes{};
};

// A problem under the names of a convolution where it is one: what we can write down.
struct Written {
  Problem problem{};
  std::optional<std::vector<int>> dims{};  // of the mapping: their places now
};

Written written(const Problem& problem, ImportNotes& notes) {
  const bool named = problem.dim("G") >= 0 && problem.dim("Q") >= 0 && problem.dim("S") >= 0;  // ours already
  if (auto conv = named ? std::nullopt : as_convolution(problem)) {
    std::string renamed;
    for (std::size_t d = 0; d < conv->dims.size(); ++d) {
      const std::string& now = conv->problem.dims[static_cast<std::size_t>(conv->dims[d])].name;
      if (now != problem.dims[d].name) {
        renamed += fmt::format("{}{} is {}", renamed.empty() ? "" : ", ", problem.dims[d].name, now);
      }
    }
    if (!renamed.empty()) {
      notes.push_back("dims are renamed: " + renamed);
    }
    return {conv->problem, conv->dims};
  }
  return {problem, std::nullopt};
}

std::string network_text(Network network, const std::string& file, ImportNotes& notes) {
  for (Layer& layer : network.layers) {
    if (layer.problem) {
      layer.problem = written(*layer.problem, notes).problem;
    }
  }
  for (const UnknownOperator& unknown : network.unknown) {
    notes.push_back(fmt::format("{}: operator {} ({}) is not modelled", file, unknown.op_type, unknown.node));
  }
  try {
    return print_yaml(network);
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file}, "cannot-express", error.what());
  }
}

// The layer that a mapping or problem is for.
Problem named_problem(const ConvertArguments& arguments, ImportNotes& notes) {
  if (arguments.network.empty()) {
    throw ConfigError({}, "bad-usage", "this conversion needs to know the problem",
                      "name it: --network NAME --layer NAME, or --network timeloop:FILE");
  }
  const Network network = load_net(arguments.network, 1, 0, notes);
  const auto found = std::find_if(network.layers.begin(), network.layers.end(), [&](const Layer& layer) {
    return layer.problem && (arguments.layer.empty() || layer.name == arguments.layer);
  });
  if (found == network.layers.end()) {
    throw ConfigError({}, "unknown-name",
                      "network '" + network.name + "' has no layer '" + arguments.layer + "' with a problem");
  }
  return *found->problem;
}

Accelerator named_accelerator(const ConvertArguments& arguments, ImportNotes& notes) {
  if (arguments.arch.empty()) {
    throw ConfigError({}, "bad-usage", "this conversion needs to know the accelerator",
                      "name it: --arch NAME, or --arch timeloop:FILE");
  }
  return load_arch(arguments.arch, notes);
}

// Which part of a file of Timeloop is meant.
std::string part_of(const ConvertArguments& arguments) {
  const yaml::Document document = timeloop::load_document(arguments.in);
  yaml::Section root = document.root();
  std::vector<std::string> parts;
  for (const char* part : {"architecture", "problem", "mapping"}) {
    if (root.optional(part)) {
      parts.emplace_back(part);
    }
  }
  (void)root.entries();
  document.finish();
  if (!arguments.part.empty()) {
    return parts.empty() ? arguments.part : parts[choose("part", arguments.part, parts)];
  }
  if (parts.size() != 1) {
    throw ConfigError({arguments.in}, parts.empty() ? "missing-key" : "bad-usage",
                      fmt::format("the file holds {} of architecture, problem and mapping", parts.size()),
                      parts.empty() ? "" : "name one: --part " + parts.front());
  }
  return parts.front();
}

Converted from_timeloop(const ConvertArguments& arguments) {
  Converted result;
  const std::string part = part_of(arguments);
  if (part == "architecture") {
    result.text = print_yaml(import_accelerator({FileFormat::kTimeloop, arguments.in}, result.notes));
  } else if (part == "problem") {
    result.text = network_text(import_network({FileFormat::kTimeloop, arguments.in}, result.notes),
                               arguments.in, result.notes);
  } else {
    const Problem problem = named_problem(arguments, result.notes);
    const Accelerator accelerator = named_accelerator(arguments, result.notes);
    Mapping mapping =
        import_mapping({FileFormat::kTimeloop, arguments.in}, problem, accelerator, result.notes);
    const Written as = written(problem, result.notes);
    for (LevelMapping& level : mapping.levels) {
      for (Loop& loop : level.temporal) {
        loop.dim = as.dims ? as.dims->at(static_cast<std::size_t>(loop.dim)) : loop.dim;
      }
      for (SpatialLoop& loop : level.spatial) {
        loop.dim = as.dims ? as.dims->at(static_cast<std::size_t>(loop.dim)) : loop.dim;
      }
    }
    result.text = print_yaml(mapping, as.problem, accelerator);
  }
  return result;
}

Converted to_weft(const ConvertArguments& arguments, FileFormat format) {
  Converted result;
  const FormattedFile file{format, arguments.in};
  const bool configuration =
      arguments.in.size() > 4 && arguments.in.compare(arguments.in.size() - 4, 4, ".cfg") == 0;
  if (format == FileFormat::kTimeloop) {
    return from_timeloop(arguments);
  }
  if (format == FileFormat::kScalesim && configuration) {
    result.text = print_yaml(import_accelerator(file, result.notes));
  } else {
    result.text = network_text(import_network(file, result.notes), arguments.in, result.notes);
  }
  return result;
}

Converted to_timeloop(const ConvertArguments& arguments, FileFormat format) {
  Converted result;
  const FormattedFile file{format, arguments.in};
  if (format == FileFormat::kWeft && kind_of(arguments.in) == FileKind::kMapping) {
    const Problem problem = named_problem(arguments, result.notes);
    const Accelerator accelerator = named_accelerator(arguments, result.notes);
    result.text =
        print_timeloop(load_mapping(arguments.in, problem, accelerator), problem, accelerator, result.notes);
    return result;
  }
  if (format == FileFormat::kWeft && kind_of(arguments.in) != FileKind::kNetwork) {
    throw ConfigError({arguments.in}, "bad-usage", "only networks and mappings are written for Timeloop");
  }
  ConvertArguments named = arguments;
  named.network = format == FileFormat::kWeft
                      ? arguments.in
                      : format_names()[static_cast<std::size_t>(format)] + ":" + arguments.in;
  result.text = print_timeloop(named_problem(named, result.notes), result.notes);
  return result;
}

}  // namespace

Outcome run_convert(const ConvertArguments& arguments) {
  const auto format = static_cast<FileFormat>(choose("format", arguments.format, format_names()));
  const std::size_t to = choose("format", arguments.to, {"weft", "timeloop", "optuna"});
  if (to == 2) {
    return convert_study(arguments, format == FileFormat::kWeft);
  }
  const bool timeloop = to == 1;
  if (!timeloop && format == FileFormat::kWeft) {
    throw ConfigError({arguments.in}, "bad-usage", "the file is one of Weft already", "add --to timeloop");
  }
  const Converted converted = timeloop ? to_timeloop(arguments, format) : to_weft(arguments, format);
  Outcome outcome;
  for (const std::string& note : converted.notes) {
    outcome.notes += "note: " + note + "\n";
  }
  if (arguments.out.empty()) {
    outcome.results = converted.text;
  } else {
    write_whole_file(arguments.out, converted.text);
    outcome.results = "written to " + arguments.out + "\n";
  }
  return outcome;
}

}  // namespace weft::cli
