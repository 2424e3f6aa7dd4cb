// weft compress: prune, factorise and share the weights of a network, and write what is left as a network.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/compress_attention.hpp"
#include "cli/compress_report.hpp"
#include "cli/formats.hpp"
#include "cli/solve.hpp"
#include "cli/verbs.hpp"
#include "workload/bit_policy.hpp"

namespace weft::cli {
namespace {

TrainedNetwork load(const CompressArguments& arguments, ImportNotes& notes) {
  const FormattedFile file = formatted(arguments.network);
  const std::string& path = file.path;
  const bool ends = path.size() > 5 && path.compare(path.size() - 5, 5, ".onnx") == 0;
  if (file.format == FileFormat::kOnnx || (file.format == FileFormat::kWeft && ends)) {
    return load_trained_onnx(path, {.batch = arguments.batch});
  }
  TrainedNetwork trained{.network = load_net(arguments.network, arguments.batch, 0, notes)};
  trained.weights.resize(trained.network.layers.size());
  return trained;
}

// Layers by --layers. A part of a factorised one ("conv1.2") goes by its old name too.
Selects selection(const std::vector<std::string>& patterns) {
  return [patterns](const Layer& layer) {
    const std::string whole = layer.name.substr(0, layer.name.rfind('.'));
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
             return matches(pattern, layer.name) || matches(pattern, whole);
           });
  };
}

void check_patterns(const CompressArguments& arguments, const Network& network) {
  for (const std::string& pattern : arguments.layers) {
    if (std::none_of(network.layers.begin(), network.layers.end(),
                     [&](const Layer& layer) { return matches(pattern, layer.name); })) {
      throw ConfigError({}, "unknown-layer", "--layers: no layer is named '" + pattern + "'");
    }
  }
}

// From structure to values: each step works on what the ones before have left.
std::vector<Compressed> compress(TrainedNetwork& trained, const CompressArguments& arguments) {
  const Selects selects = selection(arguments.layers);
  std::vector<Compressed> steps;
  const auto add = [&steps](std::vector<Compressed> done) {
    std::move(done.begin(), done.end(), std::back_inserter(steps));
  };
  if (asks_for_attention(arguments)) {
    add(compress_attention(trained, arguments));
  }
  if (arguments.channels > 0) {
    add(prune_channels(trained, arguments.channels, selects));
  }
  if (arguments.rank > 0) {
    add(factorise(trained, arguments.rank, selects));
  }
  if (!arguments.prune.empty()) {
    Sparsity target;
    try {
      target = parse_sparsity(arguments.prune);
      add(prune(trained, target, selects));
    } catch (const std::invalid_argument& error) {
      throw ConfigError({}, "bad-density", fmt::format("--prune: {}", error.what()),
                        "sparse:0.3, 2:4 or block:0.3:16");
    }
  }
  if (arguments.share > 0) {
    add(share_weights(trained, static_cast<int>(arguments.share), selects));
  }
  return steps;
}

void price_on(const CompressArguments& arguments, const std::string& network, NetworkFigures& figures,
              std::string& notes) {
  RunArguments run;
  run.arch = arguments.arch;
  run.network = network;
  run.batch = network == arguments.network ? arguments.batch : 1;  // a network file says its own
  const Setup setup = prepare(run);
  const NetworkResult result = solve(setup);
  notes += missing_mappings(setup, result);
  if (result.complete) {
    figures.cycles = result.cycles;
    figures.energy_pj = result.energy_pj;
    figures.latency_s = static_cast<double>(result.cycles) / setup.accelerator.clock.count();
  }
}

}  // namespace

Outcome run_compress(const CompressArguments& arguments) {
  const Format format = parse_format(arguments.format);
  if (format == Format::kCsv) {
    throw ConfigError({}, "bad-usage", "compress prints text or json");
  }
  if (arguments.channels <= 0 && arguments.rank <= 0 && arguments.prune.empty() && arguments.share <= 0 &&
      !asks_for_attention(arguments)) {
    throw ConfigError({}, "bad-usage", "nothing to do",
                      "add --channels, --rank, --prune, --share, --tokens, --heads, --values or --key-parts");
  }
  ImportNotes imported;
  TrainedNetwork trained = load(arguments, imported);
  check_patterns(arguments, trained.network);
  CompressReport report{.network = trained.network.name, .before = figures_of(trained.network)};
  for (std::size_t i = 0; i < trained.network.layers.size(); ++i) {
    const Layer& layer = trained.network.layers[i];
    report.layers += layer.problem && layer.problem->kind != "matmul" ? 1 : 0;
    report.known += trained.weights[i].empty() ? 0 : 1;
  }
  report.steps = compress(trained, arguments);
  report.after = figures_of(trained.network);
  Outcome outcome;
  for (const std::string& note : imported) {
    outcome.notes += "note: " + note + "\n";
  }
  if (report.steps.empty()) {
    outcome.notes += "note: no layer could be compressed this way\n";
  }
  report.file = save_trained(trained, arguments.out, trained.network.name).string();
  if (!arguments.arch.empty()) {
    price_on(arguments, arguments.network, report.before, outcome.notes);
    price_on(arguments, report.file, report.after, outcome.notes);
  }
  outcome.results =
      format == Format::kJson ? print_compress_json(report, arguments) : print_compress_text(report);
  return outcome;
}

}  // namespace weft::cli
