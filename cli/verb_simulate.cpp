// weft simulate: executes the mapping of every layer on the SystemC machine, compares the words it moved
// and its cycles with the model's, and its output tensors with the reference.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "arch/spec/sparse_effect.hpp"
#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/units.hpp"
#include "cli/solve.hpp"
#include "cli/trace_file.hpp"
#include "cli/verbs.hpp"
#include "dse/simulate_layer.hpp"
#include "dse/simulate_network.hpp"
#include "energy_model/energy.hpp"
#include "mapper/vector_work.hpp"

namespace weft::cli {
namespace {

// Long enough to reorder what a few transfers take, short enough to keep a run in sight.
constexpr std::int64_t kMostJitterCycles = 64;

bool by_rows(const RunArguments& arguments) {
  return arguments.detail == "rows";
}

sim::Options machine_options(const RunArguments& arguments) {
  sim::Options options;
  options.detail = by_rows(arguments) ? sim::Options::Detail::kRows : sim::Options::Detail::kTiles;
  if (arguments.jitter >= 0) {
    options.max_jitter_cycles = kMostJitterCycles;
    options.seed = static_cast<std::uint64_t>(arguments.jitter);
  }
  return options;
}

// One machine, every distinct layer once.
class Bench {
 public:
  Bench(const Setup& setup, const NetworkResult& model, const std::optional<TraceFile>& trace)
      : setup_(setup),
        model_(model),
        trace_(trace),
        machine_(setup.accelerator, machine_options(setup.arguments)),
        done_(model.layers.size()) {}

  void run(Report& report) {
    Progress progress("simulating", static_cast<std::int64_t>(model_.layers.size()));
    for (std::size_t i = 0; i < model_.layers.size(); ++i) {
      progress.advance(static_cast<std::int64_t>(i), report.layers[i].name);
      measure(i, report);
    }
    progress.finish();
    if (!by_rows(setup_.arguments)) {
      report.back_to_back = back_to_back();
    }
  }
  // What the user should know about the trace.
  [[nodiscard]] const std::string& notes() const { return notes_; }
  [[nodiscard]] std::int64_t macs_executed() const { return macs_executed_; }

 private:
  [[nodiscard]] const Layer& layer_of(std::size_t i) const {
    return setup_.network.layers[static_cast<std::size_t>(model_.layers[i].layer)];
  }

  // An earlier layer of the same shape and mapping, or `i`.
  [[nodiscard]] std::size_t first_like(std::size_t i) const {
    for (std::size_t j = 0; j < i; ++j) {
      if (done_[j] && same_shape(*layer_of(j).problem, *layer_of(i).problem) &&
          model_.layers[j].map->mapping == model_.layers[i].map->mapping) {
        return j;
      }
    }
    return i;
  }

  std::int64_t run_vector(const VectorCost& work) {
    if (work.operations == 0 && work.bits_read == 0 && work.bits_written == 0) {
      return 0;
    }
    return machine_.run_vector({.operations = static_cast<double>(work.operations),
                                .bits_read = work.bits_read,
                                .bits_written = work.bits_written});
  }

  LayerMeasurement simulate(const Layer& layer, const Mapping& mapping) {
    SimulateLayerOptions options{.seed = setup_.arguments.seed};
    options.values = setup_.arguments.no_values || by_rows(setup_.arguments)
                         ? SimulateLayerOptions::Values::kNone
                         : SimulateLayerOptions::Values::kChecked;
    options.lower.rows = by_rows(setup_.arguments);
    options.lower.max_steps = setup_.arguments.max_steps;
    macs_executed_ += macs(*layer.problem);
    return simulate_layer(machine_, *layer.problem, mapping, setup_.accelerator, options);
  }

  void measure(std::size_t i, Report& report) {
    const Layer& layer = layer_of(i);
    const LayerResult& model = model_.layers[i];
    LayerReport& to = report.layers[i];
    to.simulation = SimulationReport{.model_cycles = model.cycles};
    const VectorWork vector = vector_work(layer, setup_.accelerator, setup_.table);
    const std::int64_t fused = run_vector(vector.fused);
    const std::int64_t standalone = run_vector(vector.standalone);
    const LayerMeasurement* measured = layer.problem ? &measure_array(i, *to.simulation) : nullptr;
    const std::int64_t array = measured != nullptr ? measured->cycles : 0;
    const std::int64_t cycles = std::max(array, fused) + standalone;
    stages_.push_back({.layer = model.layer,
                       .repeat = model.repeat,
                       .mapping = model.map ? &*model.map->mapping : nullptr,
                       .fused_cycles = fused,
                       .standalone_cycles = standalone,
                       .alone_cycles = cycles});
    to.cycles = cycles;
    to.simulation->vector_cycles = static_cast<double>(cycles - array);
    if (measured != nullptr) {
      fill(to, *measured, model, cycles);
    }
  }

  const LayerMeasurement& measure_array(std::size_t i, SimulationReport& simulation) {
    const std::size_t source = first_like(i);
    if (source == i) {
      done_[i] = simulate(layer_of(i), *model_.layers[i].map->mapping);
    } else {
      simulation.same_as = layer_of(source).name;
    }
    return *done_[source];
  }

  void fill(LayerReport& to, const LayerMeasurement& measured, const LayerResult& model,
            std::int64_t cycles) const {
    const Layer& layer = setup_.network.layers[static_cast<std::size_t>(model.layer)];
    const CostModel costs = make_cost_model(setup_.accelerator, setup_.table, *layer.problem);
    const EnergyReport joules = energy(measured.counts, setup_.accelerator, costs, measured.cycles);
    fill_layer(to, setup_, measured.counts, joules, model.vector.energy_pj, cycles);
    for (std::size_t level = 0; level < to.levels.size(); ++level) {
      to.levels[level].busy_cycles = measured.busy_cycles[level];
    }
    SimulationReport& simulation = *to.simulation;
    simulation.stalls = measured.stalls;
    simulation.components = measured.components;
    simulation.rounding = static_cast<double>(measured.cycles) - measured.exact_cycles;
    simulation.counts_equal = same_words(measured.counts, model.map->evaluation.counts);
    simulation.outputs_equal = measured.outputs_equal;
    simulation.steps = measured.steps;
    simulation.coarsened = measured.coarsened;
  }

  // A page draws the run over time; a window of it would be no picture of the run.
  [[nodiscard]] bool pictured() const {
    return setup_.format == Format::kJson && setup_.arguments.trace_window.empty();
  }
  [[nodiscard]] std::optional<sim::TraceRequest> trace_request() const {
    if (trace_) {
      return trace_->request;
    }
    return pictured() ? std::optional(kTimelineTrace) : std::nullopt;
  }

  BackToBack back_to_back() {
    NetworkRun run = simulate_network(machine_, setup_.network, stages_, setup_.accelerator,
                                      {.max_steps = setup_.arguments.max_steps}, trace_request());
    BackToBack result{.cycles = run.result.cycles,
                      .sum_of_layers = run.sum_of_layers,
                      .without_early_tiles = run.without_early_tiles,
                      .rounding = static_cast<double>(run.result.cycles) - run.result.exact_cycles,
                      .stalls = std::move(run.result.stalls),
                      .components = std::move(run.result.components)};
    for (std::size_t i = 0; i < run.pieces.size(); ++i) {
      result.ends.emplace_back(run.pieces[i], run.result.layer_ends[i]);
    }
    if (pictured()) {
      result.timeline = timeline(*run.result.trace, static_cast<double>(run.result.cycles));
    }
    if (trace_) {
      TraceNames names{.pieces = result.ends};
      for (const StorageLevel& level : setup_.accelerator.levels) {
        names.levels.push_back(level.name);
      }
      notes_ = write(*trace_, *run.result.trace, names);
    }
    return result;
  }

  const Setup& setup_;
  const NetworkResult& model_;
  const std::optional<TraceFile>& trace_;
  std::string notes_;
  sim::Simulator machine_;
  std::vector<Stage> stages_;
  std::vector<std::optional<LayerMeasurement>> done_;
  std::int64_t macs_executed_ = 0;
};

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
  if (!by_rows(setup.arguments)) {
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
  bench.run(report);
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
