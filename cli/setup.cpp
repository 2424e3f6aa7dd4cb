// Loads and checks the inputs of a run.
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/worker_pool.hpp"
#include "cli/formats.hpp"
#include "cli/layer_constraints.hpp"
#include "energy_model/reference_table.hpp"
#include "workload/bit_policy.hpp"
#include "workload/import.hpp"
#include "workload/presets.hpp"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultTable = "default_45nm";

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) {
    all += (all.empty() ? "" : ", ") + name;
  }
  return all;
}

// "gemmini-16" for the preset gemmini_16; anything that is no preset stays as it is.
std::string underscored(const std::string& name, const std::vector<std::string>& presets) {
  std::string candidate = name;
  std::replace(candidate.begin(), candidate.end(), '-', '_');
  const bool exact = std::find(presets.begin(), presets.end(), name) != presets.end();
  const bool other = std::find(presets.begin(), presets.end(), candidate) != presets.end();
  return !exact && other ? candidate : name;
}

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int width(std::string_view text, const std::string& whole) {
  const auto value = parse_number<int>(text);
  if (!value || *value < 1 || *value > 64) {
    throw ConfigError({}, "bad-usage", "--bits takes two widths of 1 to 64 bits, not '" + whole + "'",
                      "weights first, then activations: --bits 8,8; or a file by layer: --bits policy.yaml");
  }
  return *value;
}

void apply_bits(Network& network, const std::string& bits) {
  if (const fs::path file = bits; file.has_extension() || bits.find('/') != std::string::npos) {
    apply_bit_policy(network, file);
    return;
  }
  const std::size_t comma = bits.find(',');
  const std::string weights = bits.substr(0, comma);
  const std::string activations = comma == std::string::npos ? "" : bits.substr(comma + 1);
  const int weight_bits = width(weights, bits);
  set_bits(network, weight_bits, width(activations, bits));
}

Sparsity sparsity_of(const char* option, const std::string& text) {
  try {
    return parse_sparsity(text);
  } catch (const std::invalid_argument& error) {
    throw ConfigError({}, "bad-density", fmt::format("{}: {}", option, error.what()), kSparsityHint);
  }
}

// The second operand of a matmul is an activation too.
void apply_densities(Network& network, const RunArguments& arguments) {
  for (const auto& [option, text] :
       {std::pair{"--weights", arguments.weights}, {"--inputs", arguments.inputs}}) {
    if (text.empty()) {
      continue;
    }
    const Sparsity sparsity = sparsity_of(option, text);
    const bool weights = option == std::string("--weights");
    for (Layer& layer : network.layers) {
      for (const Role role : {Role::kWeights, Role::kInputs}) {
        if (!layer.problem || weights != (role == Role::kWeights && layer.problem->kind != "matmul")) {
          continue;
        }
        try {
          set_sparsity(*layer.problem, role, sparsity);
        } catch (const std::invalid_argument& error) {
          throw ConfigError({}, "bad-density", fmt::format("layer '{}': {}", layer.name, error.what()),
                            "name the file's layer with --layer");
        }
      }
    }
  }
}

void reduce_to_layer(Network& network, const std::string& name) {
  std::vector<std::string> names;
  for (const Layer& layer : network.layers) {
    if (layer.name == name) {
      Layer only = layer;
      only.inputs.clear();
      only.repeat = 1;
      network.layers = {std::move(only)};
      return;
    }
    names.push_back(layer.name);
  }
  const std::string close = nearest(name, names);
  throw ConfigError(
      {}, "unknown-name", "network '" + network.name + "' has no layer '" + name + "'",
      close.empty() ? "'weft estimate' without --layer lists the layers" : "did you mean '" + close + "'?");
}

Source network_source(const std::string& name) {
  std::error_code ignored;
  if (network_presets().find(underscored(name, network_presets().names())) == nullptr) {
    const std::vector<std::string> presets = preset_names("network");
    const bool preset = std::find(presets.begin(), presets.end(), name) != presets.end();
    const fs::path file =
        preset ? resolve_config("network", "network", name) : fs::path(formatted(name).path);
    if (fs::is_regular_file(file, ignored)) {
      return {.name = name, .hash = hash_of(read_all(file))};
    }
  }
  return {.name = name};
}

void check_search(const RunArguments& arguments) {
  (void)searches().at(arguments.search);
  if (arguments.stop_after > 0 && arguments.search != "random") {
    throw ConfigError({}, "bad-usage", "--stop-after is the random search's", "add --search random");
  }
  const bool exact = arguments.search == "exact" || arguments.start == "exact";
  if (arguments.max_nodes >= 0 && !exact) {
    throw ConfigError({}, "bad-usage", "--max-nodes is the exact search's", "add --search exact");
  }
  if (!arguments.start.empty() && arguments.search == "exact") {
    throw ConfigError({}, "bad-usage", "--start is for searches that go on from a mapping",
                      "add --search annealing, genetic, random or constructive");
  }
}

// Accelergy's energies in place of the laws and of what the accelerator states.
void take_reference_table(Setup& setup) {
  const std::string& file = setup.arguments.energy;
  ReferencedAccelerator taken = with_reference_table(std::move(setup.accelerator), file);
  setup.accelerator = std::move(taken.accelerator);
  for (const std::string& name : taken.without_area) {
    setup.warnings.push_back(
        fmt::format("{}: no area of '{}'; it is that of table {}", file, name, setup.table.name()));
  }
  setup.stated = "energy reference table " + file + ", or stated by the accelerator file";
  for (const std::string& name : taken.unused) {
    setup.warnings.push_back(
        fmt::format("{}: component '{}' is none of this accelerator's memories and units", file, name));
  }
}

}  // namespace

std::size_t choose(const std::string& kind, const std::string& name, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    const std::string close = nearest(name, names);
    throw ConfigError({}, "unknown-name", "unknown " + kind + " '" + name + "'; known: " + joined(names),
                      close.empty() ? "" : "did you mean '" + close + "'?");
  }
  return static_cast<std::size_t>(found - names.begin());
}

Format parse_format(const std::string& name) {
  return static_cast<Format>(choose("format", name, {"text", "json", "csv"}));
}

Accelerator load_arch(const std::string& name_or_file, ImportNotes& notes) {
  if (const FormattedFile file = formatted(name_or_file); file.format != FileFormat::kWeft) {
    return import_accelerator(file, notes);
  }
  return load_accelerator(underscored(name_or_file, preset_names("arch")));
}

Network load_net(const std::string& name_or_file, std::int64_t batch, std::int64_t resolution,
                 ImportNotes& notes) {
  if (const FormattedFile file = formatted(name_or_file); file.format != FileFormat::kWeft) {
    if (resolution != 0 || batch != 1) {
      throw ConfigError({file.path}, "bad-usage", "the file states its own sizes",
                        "leave out --resolution and --batch");
    }
    return import_network(file, notes);
  }
  const std::string name = underscored(name_or_file, network_presets().names());
  if (const NetworkPreset* preset = network_presets().find(name)) {
    return (*preset)({.batch = batch, .resolution = resolution});
  }
  if (resolution != 0) {
    throw ConfigError({}, "bad-usage",
                      "--resolution is for preset networks; '" + name_or_file + "' states its own");
  }
  return load_network(name_or_file, {.batch = batch});
}

EnergyTable load_energy(const std::string& name_or_file) {
  return EnergyTable::load(name_or_file.empty() ? kDefaultTable
                                                : underscored(name_or_file, preset_names("energy")));
}

MapRequest Setup::request() const {
  return {.problem = nullptr,
          .accelerator = &accelerator,
          .table = &table,
          .objective = objective,
          .model = model,
          .seed = arguments.seed,
          .max_evaluations = arguments.budget,
          .max_nodes = arguments.max_nodes < 0 ? MapRequest{}.max_nodes : arguments.max_nodes,
          .stop_after = arguments.stop_after};
}

Setup prepare(const RunArguments& given) {
  RunArguments arguments = given;
  arguments.search = given.search.empty() ? "exact" : given.search;
  const Format format = parse_format(arguments.format);
  const auto objective = static_cast<Objective>(choose("objective", arguments.objective, objective_names()));
  const bool timeloop = choose("convention", arguments.convention, {"weft", "timeloop"}) == 1;
  check_search(arguments);
  ImportNotes notes;
  const bool referenced = is_reference_table(arguments.energy);
  Setup setup{.arguments = arguments,
              .format = format,
              .objective = objective,
              .model = timeloop ? EvaluateOptions::timeloop() : EvaluateOptions{},
              .accelerator = load_arch(arguments.arch, notes),
              .network = load_net(arguments.network, arguments.batch, arguments.resolution, notes),
              .table = load_energy(arguments.energy)};
  if (referenced) {
    take_reference_table(setup);
  }
  setup.arch_source = {.name = arguments.arch, .hash = hash_of(print_yaml(setup.accelerator))};
  setup.network_source = network_source(arguments.network);
  if (!arguments.layer.empty()) {
    reduce_to_layer(setup.network, arguments.layer);
  }
  if (!arguments.bits.empty()) {
    apply_bits(setup.network, arguments.bits);
  } else if (formatted(arguments.network).format == FileFormat::kTimeloop) {
    // Its problems do not say how wide words are; its architectures do.
    set_bits(setup.network, setup.accelerator.compute.weight_bits, setup.accelerator.compute.input_bits);
  }
  apply_densities(setup.network, arguments);
  if (!arguments.constraints.empty()) {
    load_constraints_of_layers(setup, notes);
  }
  if (!arguments.mapping.empty()) {
    setup.mappings = load_mappings(arguments.mapping, setup.network, setup.accelerator, notes);
    check_given_mappings(setup, arguments.mapping, setup.mappings);
  }
  if (!arguments.start.empty() && arguments.start != "exact") {
    setup.starts = load_mappings(arguments.start, setup.network, setup.accelerator, notes);
    check_given_mappings(setup, arguments.start, setup.starts);
  }
  setup.notes = std::move(notes);
  setup.threads = static_cast<int>(arguments.jobs > 0 ? arguments.jobs : all_cores());
  return setup;
}

std::string hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace weft::cli
