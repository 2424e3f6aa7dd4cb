// Writes the chosen design.
// SPDX-License-Identifier: Apache-2.0
#include "dse/chosen.hpp"

#include <cctype>
#include <system_error>

#include <fmt/format.h>

#include "base/table.hpp"
#include "base/whole_file.hpp"

namespace weft {

namespace {

// A layer's name as part of a file name.
std::string file_part(const std::string& name) {
  std::string result;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    result += plain ? c : '_';
  }
  return result;
}

// The network itself; what it is in its family stands above it.
std::string network_yaml(const DesignSpace& space, const StudyPoint& point) {
  std::string text = fmt::format("# {}", space.network->describe(point.genome));
  if (space.accuracy != nullptr) {
    text += fmt::format("; accuracy {} % by {}", point.accuracy, space.accuracy->what());
  }
  return text + "\n" + print_yaml(network_of(space, point.genome));
}

void write_mappings(const std::filesystem::path& folder, const StudyPoint& point,
                    const Evaluator& evaluator) {
  const Network network = evaluator.network(point.genome);
  const NetworkResult result = evaluator.map(point.genome);
  for (const LayerResult& layer : result.layers) {
    if (!layer.map || !layer.map->mapping) {
      continue;
    }
    const Layer& source = network.layers[static_cast<std::size_t>(layer.layer)];
    write_file(folder / fmt::format("{:03}-{}.yaml", layer.layer, file_part(source.name)),
               print_yaml(*layer.map->mapping, *source.problem, evaluator.accelerator(point.genome)));
  }
}

std::string simulated_csv(const StudyResult& result) {
  Table table(
      {{"layer"}, {"count"}, {"model_cycles"}, {"simulated_cycles"}, {"counts_match"}, {"values_match"}});
  for (const SimulatedLayer& layer : result.simulated) {
    table.add_row({layer.name, fmt::format("{}", layer.count), fmt::format("{}", layer.model_cycles),
                   fmt::format("{}", layer.simulated_cycles), layer.counts_match ? "1" : "0",
                   layer.values_match ? "1" : "0"});
  }
  return table.csv();
}

}  // namespace

void write_file(const std::filesystem::path& file, const std::string& text) {
  write_whole_file(file, text);
}

namespace {

void write_design(const std::filesystem::path& folder, const StudyResult& result, const Evaluator& evaluator,
                  const StudyPoint& point) {
  write_file(folder / "accelerator.yaml", print_yaml(evaluator.accelerator(point.genome)));
  write_file(folder / "network.yaml", network_yaml(result.space, point));
  write_mappings(folder / "mappings", point, evaluator);
}

}  // namespace

void write_chosen(const std::filesystem::path& out, const StudyResult& result, const Evaluator& evaluator) {
  std::error_code ignored;
  std::filesystem::remove_all(out / "chosen", ignored);
  std::filesystem::remove_all(out / "designs", ignored);
  if (!result.knee) {
    return;
  }
  write_design(out / "chosen", result, evaluator, result.points[*result.knee]);
  if (!result.simulated.empty()) {
    write_file(out / "chosen" / "simulated.csv", simulated_csv(result));
  }
  for (const ResimulatedDesign& design : result.resimulated.designs) {
    const StudyPoint& point = result.points[design.point];
    write_design(out / "designs" / fmt::format("{}", point.id), result, evaluator, point);
  }
}

}  // namespace weft
