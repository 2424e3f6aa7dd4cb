// The mapping files of a run.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/error.hpp"
#include "cli/formats.hpp"
#include "cli/setup.hpp"
#include "dataflow/legality.hpp"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

std::string plain_name(std::string name) {
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    c = plain ? c : '_';
  }
  return name.empty() || name.front() == '.' ? "layer" + name : name;
}

std::optional<Mapping> load_one(const fs::path& file, const Layer& layer, const Accelerator& accelerator,
                                ImportNotes& notes) {
  const LayerMachine machine(accelerator, *layer.problem);
  const FormattedFile foreign = formatted(file.string());
  Mapping mapping = foreign.format == FileFormat::kWeft
                        ? load_mapping(file, *layer.problem, *machine)
                        : import_mapping(foreign, *layer.problem, *machine, notes);
  if (const auto rejection = check(mapping, *layer.problem, *machine)) {
    throw ConfigError({file.string()}, "illegal-mapping", explain(*rejection, *layer.problem, *machine));
  }
  return mapping;
}

}  // namespace

std::vector<std::optional<Mapping>> load_mappings(const std::string& where, const Network& network,
                                                  const Accelerator& accelerator, ImportNotes& notes) {
  std::vector<std::optional<Mapping>> mappings;
  std::error_code ignored;
  const bool folder = fs::is_directory(where, ignored);
  const auto problems = std::count_if(network.layers.begin(), network.layers.end(),
                                      [](const Layer& layer) { return layer.problem.has_value(); });
  if (!folder && problems > 1) {
    throw ConfigError({}, "bad-usage", fmt::format("one mapping file cannot serve {} layers", problems),
                      "name one with --layer, or give a folder with a <layer>.yaml for each");
  }
  const std::vector<std::string> files = mapping_files(network);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    mappings.emplace_back();
    if (layer.problem) {
      fs::path file = folder ? fs::path(where) / files[i] : fs::path(where);
      if (folder && !fs::exists(file, ignored)) {
        file = fs::path(where) / fmt::format("{:03}-{}", i, files[i]);  // as the explorer writes them
      }
      mappings.back() = load_one(file, layer, accelerator, notes);
    }
  }
  return mappings;
}

std::vector<std::string> mapping_files(const Network& network) {
  std::vector<std::string> files;
  for (const Layer& layer : network.layers) {
    const std::string file = plain_name(layer.name) + ".yaml";
    const bool taken = std::find(files.begin(), files.end(), file) != files.end();
    files.push_back(taken ? fmt::format("{}-{}.yaml", plain_name(layer.name), files.size()) : file);
  }
  return files;
}

}  // namespace weft::cli
