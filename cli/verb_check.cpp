// weft check: diagnoses files without running anything; --effective prints them as understood.
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/checked.hpp"
#include "base/error.hpp"
#include "base/table.hpp"
#include "cli/file_kind.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"
#include "dataflow/legality.hpp"
#include "dse/space.hpp"
#include "mapper/constraints_file.hpp"
#include "workload/import.hpp"

namespace weft::cli {
namespace {

// What is said about a good file: one line, and its content as understood.
struct Understood {
  std::string line{};
  std::string effective{};
};

Understood check_accelerator_file(const std::string& file) {
  const Accelerator machine = load_accelerator_file(file);
  return {fmt::format("accelerator '{}', {} levels, {} compute units", machine.name, machine.depth(),
                      machine.compute_units()),
          print_yaml(machine)};
}

Understood describe(const Network& network, const char* kind) {
  Understood result{fmt::format("{} '{}', {} layers, {} MACs, {} parameters", kind, network.name,
                                network.layers.size(), macs(network), parameters(network))};
  for (const UnknownOperator& unknown : network.unknown) {
    result.line += fmt::format("\n  not modelled: operator {} (node {})", unknown.op_type, unknown.node);
  }
  result.effective = print_yaml(network);
  return result;
}

// A problem with these dims, as far as they tell: strides and widths are not in a mapping file.
Problem problem_like(const MappingHead& head, const std::string& file) {
  std::map<std::string, std::int64_t> size(head.dims.begin(), head.dims.end());
  const auto has = [&size](const char* name) { return size.count(name) > 0; };
  if (has("K") && has("C") && has("P") && has("Q") && has("R") && has("S") && has("G") && has("N")) {
    return make_conv({.name = head.problem,
                      .batch = size["N"],
                      .in_channels = checked_mul(size["C"], size["G"]),
                      .out_channels = checked_mul(size["K"], size["G"]),
                      .in_h = checked_add(size["P"], size["R"] - 1),
                      .in_w = checked_add(size["Q"], size["S"] - 1),
                      .kernel_h = size["R"],
                      .kernel_w = size["S"],
                      .groups = size["G"]});
  }
  if (has("B") && has("M") && has("N") && has("K")) {
    return make_gemm(
        {.name = head.problem, .batch = size["B"], .m = size["M"], .n = size["N"], .k = size["K"]});
  }
  throw ConfigError({file}, "bad-usage", "the problem of this mapping is not told by its dims",
                    "name it: --network NAME --layer NAME");
}

std::optional<Problem> named_problem(const CheckArguments& arguments) {
  if (arguments.network.empty()) {
    return std::nullopt;
  }
  ImportNotes notes;  // shown by weft convert
  const Network network = load_net(arguments.network, 1, 0, notes);
  for (const Layer& layer : network.layers) {
    if (layer.problem && (arguments.layer.empty() || layer.name == arguments.layer)) {
      return layer.problem;
    }
  }
  throw ConfigError({}, "unknown-name",
                    "network '" + network.name + "' has no layer '" + arguments.layer + "' with a problem");
}

Understood check_mapping_file(const std::string& file, const CheckArguments& arguments) {
  const MappingHead head = read_mapping_head(file);
  const std::string machine = arguments.arch.empty() ? head.accelerator : arguments.arch;
  if (machine.empty()) {
    throw ConfigError({file}, "bad-usage", "a mapping is checked against an accelerator",
                      "name it: --arch NAME");
  }
  const std::optional<Problem> named = named_problem(arguments);
  const Problem problem = named ? *named : problem_like(head, file);
  ImportNotes notes;
  const Accelerator built = load_arch(machine, notes);
  const LayerMachine view(built, problem);
  const Accelerator& accelerator = *view;
  const Mapping mapping = load_mapping(file, problem, accelerator);
  if (named) {
    if (const auto rejection = check(mapping, problem, accelerator)) {
      throw ConfigError({file}, "illegal-mapping", explain(*rejection, problem, accelerator));
    }
  }
  const char* how = named ? "legal" : "well-formed; legality needs --network and --layer";
  return {fmt::format("mapping of '{}' on '{}', {}", head.problem, accelerator.name, how),
          print_yaml(mapping, problem, accelerator)};
}

// Against a problem and an accelerator where they are named, else what can be said without.
Understood check_constraints_file(const std::string& path, const CheckArguments& arguments) {
  const ConstraintsHead head = read_constraints_head(path);
  if (arguments.arch.empty() && arguments.network.empty()) {
    return {fmt::format(
                "constraints '{}', {} entries; names and contradictions need --arch, --network and --layer",
                head.name, head.entries),
            ""};
  }
  const std::optional<Problem> problem = named_problem(arguments);
  if (arguments.arch.empty() || !problem) {
    throw ConfigError({path}, "bad-usage", "constraints are checked against an accelerator and a layer",
                      "name them: --arch NAME --network NAME --layer NAME");
  }
  ImportNotes notes;
  const Accelerator accelerator = at_precision(load_arch(arguments.arch, notes), *problem);
  const Constraints constraints = load_constraints(path, *problem, accelerator);
  return {fmt::format("constraints '{}', {} entries, no contradiction for '{}' on '{}'", head.name,
                      head.entries, problem->name, accelerator.name),
          print_yaml(constraints, *problem, accelerator)};
}

// Loaders that take presets by name see a path: a file here may be called like a preset.
std::string as_path(const std::string& file) {
  return file.find('/') == std::string::npos ? "./" + file : file;
}

Understood check_space_file(const std::string& file) {
  const DesignSpace space = load_space(as_path(file));
  return {fmt::format("space '{}', {} networks, {} knobs, {} designs", space.name,
                      significant(space.network->size()), space.knobs.size(), significant(space.size())),
          print_yaml(space)};
}

Understood check_file(const std::string& file, const CheckArguments& arguments) {
  switch (kind_of(file)) {
    case FileKind::kAccelerator:
      return check_accelerator_file(file);
    case FileKind::kNetwork:
      return describe(load_network_yaml(file), "network");
    case FileKind::kOnnx:
      return describe(load_network_onnx(file), "ONNX model");
    case FileKind::kMapping:
      return check_mapping_file(file, arguments);
    case FileKind::kEnergy:
      return {"energy table '" + EnergyTable::load(as_path(file)).name() + "'", ""};
    case FileKind::kConstraints:
      return check_constraints_file(as_path(file), arguments);
    case FileKind::kSpace:
      return check_space_file(file);
  }
  return {};
}

}  // namespace

Outcome run_check(const CheckArguments& arguments) {
  Outcome outcome;
  for (const std::string& file : arguments.files) {
    try {
      const Understood understood = check_file(file, arguments);
      outcome.results += fmt::format("{}: {}\n", file, understood.line);
      outcome.results += arguments.effective ? understood.effective : "";
    } catch (const ConfigError& error) {
      outcome.notes += error.what();
      outcome.exit_code = kExitUsage;
    } catch (const OverflowError& error) {
      outcome.notes += to_string({.where = {file},
                                  .code = "count-overflow",
                                  .message = std::string("the sizes given are too large: ") + error.what(),
                                  .hint = ""});
      outcome.exit_code = kExitUsage;
    }
  }
  return outcome;
}

}  // namespace weft::cli
