// Mapping a network for the command line.
// SPDX-License-Identifier: Apache-2.0
#include "cli/solve.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/whole_file.hpp"
#include "cli/rejections.hpp"
#include "mapper/vector_work.hpp"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

NetworkResult price_given(const Setup& setup) {
  NetworkResult total;
  for (std::size_t i = 0; i < setup.network.layers.size(); ++i) {
    const Layer& layer = setup.network.layers[i];
    LayerResult result;
    result.layer = static_cast<int>(i);
    result.repeat = layer.repeat;
    if (layer.problem) {
      MapRequest request = setup.request();
      request.problem = &*layer.problem;
      result.map = price(request, *setup.mappings[i]);
      result.cycles = result.map->evaluation.timing.cycles;
      result.energy_pj = result.map->energy.total;
    }
    add_vector_work(result, layer, setup.accelerator, setup.table);
    total.layers.push_back(std::move(result));
  }
  return total;
}

// The mapping that a layer's search begins with; none: nothing legal is known.
std::optional<Mapping> start_of(const Setup& setup, const MapRequest& request) {
  if (setup.starts.empty()) {
    MapRequest best = request;
    best.max_evaluations = MapRequest{}.max_evaluations;  // the budget is the other search's
    return searches().at("exact")(best).mapping;
  }
  for (std::size_t i = 0; i < setup.starts.size(); ++i) {
    const auto& problem = setup.network.layers[i].problem;
    if (problem && &*problem == request.problem) {
      return setup.starts[i];
    }
  }
  return {};
}

// The search of the run, from the mappings that --start names.
Search started(const Setup& setup) {
  return [&setup](const MapRequest& request) {
    MapRequest seeded = request;
    seeded.start = start_of(setup, request);
    return searches().at(setup.arguments.search)(seeded);
  };
}

}  // namespace

NetworkResult solve(const Setup& setup) {
  if (!setup.mappings.empty()) {
    return price_given(setup);
  }
  std::optional<Progress> bar;
  NetworkRequest request;
  request.network = &setup.network;
  request.layer = setup.request();
  request.search = setup.arguments.search;
  request.constraints = setup.constraints;
  if (!setup.arguments.start.empty()) {
    request.solve = started(setup);
  }
  request.threads = setup.threads;
  request.progress = [&bar](int done, int all, const std::string& name) {
    if (!bar) {
      bar.emplace("mapping", all);
    }
    bar->advance(done, name);
  };
  return map_network(request);
}

std::string missing_mappings(const Setup& setup, const NetworkResult& result) {
  std::string text;
  for (const LayerResult& layer : result.layers) {
    if (layer.map && !layer.map->mapping) {
      const Layer& source = setup.network.layers[static_cast<std::size_t>(layer.layer)];
      text += to_string({.where = {setup.network_source.name},
                         .code = "no-mapping",
                         .message = fmt::format("no legal mapping for layer '{}' on '{}'", source.name,
                                                setup.accelerator.name),
                         .hint = ""});
      text += why_none(*layer.map, *source.problem, setup.accelerator, setup.constraints_of(layer.layer));
    }
  }
  return text;
}

void save_mappings(const Setup& setup, const NetworkResult& result) {
  if (setup.arguments.save.empty()) {
    return;
  }
  const fs::path folder = setup.arguments.save;
  const std::vector<std::string> files = mapping_files(setup.network);
  for (const LayerResult& layer : result.layers) {
    if (!layer.map || !layer.map->mapping) {
      continue;
    }
    const auto index = static_cast<std::size_t>(layer.layer);
    write_whole_file(
        folder / files[index],
        print_yaml(*layer.map->mapping, *setup.network.layers[index].problem, setup.accelerator));
  }
}

Outcome solve_and_report(Verb verb, const RunArguments& arguments) {
  const Setup setup = prepare(arguments);
  const NetworkResult result = solve(setup);
  if (const std::string missing = missing_mappings(setup, result); !missing.empty()) {
    return {.exit_code = kExitFailed, .notes = missing};
  }
  Outcome outcome{.results = print(make_report(verb, setup, result), setup)};
  save_mappings(setup, result);
  return outcome;
}

}  // namespace weft::cli
