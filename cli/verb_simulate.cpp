// weft simulate: executes the mapping of every layer on the SystemC machine, compares the words it moved
// and its cycles with the model's, and its output tensors with the reference.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "arch/spec/sparse_effect.hpp"
#include "base/error.hpp"
#include "base/units.hpp"
#include "cli/bench.hpp"
#include "cli/solve.hpp"
#include "cli/trace_file.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {
namespace {

// The machine holds operands and results as they are, and the sets of coordinates of every tile: a layer that
// would not fit into memory is refused before anything runs.
void refuse_giants(const Setup& setup) {
  constexpr std::int64_t kMostWords = std::int64_t{1} << 30;
  constexpr std::int64_t kLongestDim = std::int64_t{1} << 24;
  for (const Layer& layer : setup.network.layers) {
    if (!layer.problem) {
      continue;
    }
    for (const Role role : kAllRoles) {
      const std::int64_t count = words(layer.problem->tensor(role));
      if (!setup.arguments.no_values && count > kMostWords) {
        throw ConfigError({setup.network_source.name}, "too-large",
                          fmt::format("layer '{}' has {} words of {}; {} can be simulated with values",
                                      layer.name, count, name_of(role), kMostWords),
                          "--no-values leaves the numbers out");
      }
    }
    for (const Dim& dim : layer.problem->dims) {
      if (dim.size > kLongestDim) {
        throw ConfigError({setup.network_source.name}, "too-large",
                          fmt::format("layer '{}' has {} of {}; {} can be simulated", layer.name, dim.size,
                                      dim.name, kLongestDim));
      }
    }
  }
}

// Rows have no values, no zeros, and no layers after one another.
void refuse_beside_rows(const Setup& setup) {
  if (!setup.arguments.by_rows()) {
    return;
  }
  if (!setup.arguments.trace.empty()) {
    throw ConfigError({}, "bad-usage", "a trace is of tiles, layers back to back; rows have none",
                      "leave out --trace or --detail rows");
  }
  for (const Layer& layer : setup.network.layers) {
    for (const Role role : kAllRoles) {
      if (layer.problem && states_sparsity(setup.accelerator) && layer.problem->tensor(role).density < 1) {
        throw ConfigError(
            {}, "bad-usage",
            fmt::format("'{}' does something about zeros and layer '{}' has some; rows do not know them",
                        setup.accelerator.name, layer.name),
            "--detail tiles does");
      }
    }
  }
}

std::string speed_note(std::int64_t macs, std::chrono::steady_clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return fmt::format("simulated {} in {:.2f} s: {}/s\n", human_count(static_cast<double>(macs), "MAC"),
                     seconds, human_count(static_cast<double>(macs) / std::max(seconds, 1e-9), "MAC"));
}

}  // namespace

Outcome run_simulate(const RunArguments& arguments) {
  if (arguments.convention != "weft") {
    throw ConfigError({}, "bad-usage", "the simulated machine counts by the convention 'weft' only",
                      "--convention is for estimate and map");
  }
  const std::optional<TraceFile> trace = trace_file(arguments);
  const Setup setup = prepare(arguments);
  refuse_giants(setup);
  refuse_beside_rows(setup);
  const NetworkResult model = solve(setup);
  if (const std::string missing = missing_mappings(setup, model); !missing.empty()) {
    return {.exit_code = kExitFailed, .notes = missing};
  }
  Report report = make_report(Verb::kSimulate, setup, model);
  const double bound = report.total.bound_cost;
  const double gap = report.total.gap;
  Bench bench(setup, model, trace);
  const auto start = std::chrono::steady_clock::now();
  if (const Unfinished unfinished = bench.run(report); !unfinished.text.empty()) {
    return {.exit_code = unfinished.exit_code, .notes = unfinished.text};
  }
  const auto end = std::chrono::steady_clock::now();
  add_totals(report, setup);
  report.total.bound_cost = bound;  // bounds speak of the model
  report.total.gap = gap;
  save_mappings(setup, model);
  const SimulationReport& total = *report.total.simulation;
  const bool wrong = !total.outputs_equal.value_or(true) || !total.counts_equal;
  return {.exit_code = wrong ? kExitFailed : kExitOk,
          .results = print(report, setup),
          .notes = bench.notes() + speed_note(bench.macs_executed(), end - start)};
}

}  // namespace weft::cli
