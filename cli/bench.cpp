// See bench.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/progress.hpp"
#include "dse/measurement_bytes.hpp"
#include "energy_model/energy.hpp"
#include "mapper/vector_work.hpp"

namespace weft::cli {
namespace {

// Long enough to reorder what a few transfers take, short enough to keep a run in sight.
constexpr std::int64_t kMostJitterCycles = 64;

// The first jobs; those of layers follow.
constexpr std::size_t kNetworkJob = 0, kVectorJob = 1, kFirstLayerJob = 2;

sim::Options machine_options(const Setup& setup) {
  sim::Options options;
  options.detail = setup.arguments.by_rows() ? sim::Options::Detail::kRows : sim::Options::Detail::kTiles;
  if (setup.arguments.jitter >= 0) {
    options.max_jitter_cycles = kMostJitterCycles;
    options.seed = static_cast<std::uint64_t>(setup.arguments.jitter);
  }
  return options;
}

std::int64_t run_vector(sim::Simulator& machine, const VectorCost& work, std::uint64_t seed) {
  if (work.operations == 0 && work.rankings.empty() && work.bits_read == 0 && work.bits_written == 0) {
    return 0;
  }
  return machine.run_vector({.operations = static_cast<double>(work.operations),
                             .bits_read = work.bits_read,
                             .bits_written = work.bits_written,
                             .rankings = work.rankings,
                             .seed = seed});
}

}  // namespace

Bench::Bench(const Setup& setup, const NetworkResult& model, const std::optional<TraceFile>& trace)
    : setup_(setup), model_(model), trace_(trace), done_(model.layers.size()) {
  for (std::size_t i = 0; i < model_.layers.size(); ++i) {
    source_.push_back(first_like(i));
    if (layer_of(i).problem && source_[i] == i) {
      jobs_.push_back(i);
    }
  }
}

const Layer& Bench::layer_of(std::size_t i) const {
  return setup_.network.layers[static_cast<std::size_t>(model_.layers[i].layer)];
}

// An earlier layer of the same shape and mapping, or `i`.
std::size_t Bench::first_like(std::size_t i) const {
  if (!layer_of(i).problem) {
    return i;
  }
  for (std::size_t j = 0; j < i; ++j) {
    if (layer_of(j).problem && same_shape(*layer_of(j).problem, *layer_of(i).problem) &&
        model_.layers[j].map->mapping == model_.layers[i].map->mapping) {
      return source_[j];
    }
  }
  return i;
}

std::int64_t Bench::macs_executed() const {
  std::int64_t sum = 0;
  for (const std::size_t i : jobs_) {
    sum += macs(*layer_of(i).problem);
  }
  return sum;
}

PoolOptions Bench::pool() const {
  PoolOptions options{.workers = static_cast<std::size_t>(setup_.threads)};
  if (setup_.arguments.time_limit > 0) {
    options.seconds = setup_.arguments.time_limit;
  }
  return options;
}

std::string Bench::answer_of_layer(std::size_t i) const {
  sim::Simulator machine(setup_.accelerator, machine_options(setup_));
  SimulateLayerOptions options{.seed = setup_.arguments.seed};
  options.values = setup_.arguments.no_values || setup_.arguments.by_rows()
                       ? SimulateLayerOptions::Values::kNone
                       : SimulateLayerOptions::Values::kChecked;
  options.lower.rows = setup_.arguments.by_rows();
  options.lower.max_steps = setup_.arguments.max_steps;
  return to_bytes(simulate_layer(machine, *layer_of(i).problem, *model_.layers[i].map->mapping,
                                 setup_.accelerator, options));
}

std::vector<Bench::VectorCycles> Bench::vector_cycles(sim::Simulator& machine) const {
  std::vector<VectorCycles> cycles;
  for (std::size_t i = 0; i < model_.layers.size(); ++i) {
    const VectorWork work = vector_work(layer_of(i), setup_.accelerator, setup_.table);
    cycles.push_back({run_vector(machine, work.fused, setup_.arguments.seed),
                      run_vector(machine, work.standalone, setup_.arguments.seed)});
  }
  return cycles;
}

std::vector<Stage> Bench::stages(const std::vector<VectorCycles>& vector) const {
  std::vector<Stage> stages;
  for (std::size_t i = 0; i < model_.layers.size(); ++i) {
    const LayerResult& model = model_.layers[i];
    const std::int64_t array = done_[source_[i]] ? done_[source_[i]]->cycles : 0;
    stages.push_back({.layer = model.layer,
                      .repeat = model.repeat,
                      .mapping = model.map ? &*model.map->mapping : nullptr,
                      .fused_cycles = vector[i].fused,
                      .standalone_cycles = vector[i].standalone,
                      .alone_cycles = std::max(array, vector[i].fused) + vector[i].standalone});
  }
  return stages;
}

// A page draws the run over time; a window of it would be no picture of the run.
bool Bench::pictured() const {
  return setup_.format == Format::kJson && setup_.arguments.trace_window.empty();
}

std::optional<sim::TraceRequest> Bench::trace_request() const {
  if (trace_) {
    return trace_->request;
  }
  return pictured() ? std::optional(kTimelineTrace) : std::nullopt;
}

Bench::NetworkAnswer Bench::run_network(bool early_tiles) const {
  sim::Simulator machine(setup_.accelerator, machine_options(setup_));
  NetworkRun run =
      simulate_network(machine, setup_.network, stages(vector_cycles(machine)), setup_.accelerator,
                       {.lower = {.max_steps = setup_.arguments.max_steps},
                        .seed = setup_.arguments.seed,
                        .early_tiles = early_tiles,
                        .trace = trace_request()});
  NetworkAnswer answer;
  answer.run = {.cycles = run.result.cycles,
                .without_early_tiles = !early_tiles,
                .rounding = static_cast<double>(run.result.cycles) - run.result.exact_cycles,
                .stalls = std::move(run.result.stalls),
                .components = std::move(run.result.components)};
  for (std::size_t i = 0; i < run.pieces.size(); ++i) {
    answer.run.ends.emplace_back(run.pieces[i], run.result.layer_ends[i]);
  }
  if (pictured()) {
    answer.run.timeline = timeline(*run.result.trace, static_cast<double>(run.result.cycles));
  }
  if (trace_) {
    TraceNames names{.pieces = answer.run.ends};
    for (const StorageLevel& level : setup_.accelerator.levels) {
      names.levels.push_back(level.name);
    }
    answer.notes = write(*trace_, *run.result.trace, names);
  }
  return answer;
}

std::string Bench::name_of_job(std::size_t job) const {
  return job == kNetworkJob  ? "layers back to back"
         : job == kVectorJob ? "vector work"
                             : fmt::format("layer '{}'", layer_of(jobs_[job - kFirstLayerJob]).name);
}

Unfinished Bench::run(Report& report) {
  const std::size_t count = kFirstLayerJob + jobs_.size();
  Progress progress("simulating", static_cast<std::int64_t>(count));
  std::int64_t done = 0;
  const auto work = [this](std::size_t job) -> std::string {
    if (job == kNetworkJob) {
      return setup_.arguments.by_rows() ? "" : to_bytes(run_network(true));
    }
    if (job == kVectorJob) {
      sim::Simulator machine(setup_.accelerator, machine_options(setup_));
      return to_bytes(vector_cycles(machine));
    }
    return answer_of_layer(jobs_[job - kFirstLayerJob]);
  };
  const std::vector<JobEnd> ends = run_jobs(count, work, pool(), [&](std::size_t job, const JobEnd& /*end*/) {
    progress.advance(++done, name_of_job(job));
  });
  progress.finish();
  if (Unfinished some = unfinished(ends); !some.text.empty()) {
    return some;
  }
  vector_ = from_bytes<std::vector<VectorCycles>>(ends[kVectorJob].text);
  for (std::size_t j = 0; j < jobs_.size(); ++j) {
    done_[jobs_[j]] = from_bytes<LayerMeasurement>(ends[kFirstLayerJob + j].text);
  }
  fill(report);
  return setup_.arguments.by_rows() ? Unfinished{} : back_to_back(ends[kNetworkJob], report);
}

// What was thrown comes out as it is; what died or took too long is listed.
Unfinished Bench::unfinished(const std::vector<JobEnd>& ends) const {
  Unfinished result;
  std::string finished;
  for (std::size_t job = 0; job < ends.size(); ++job) {
    if (ends[job].how == JobEnd::How::kThrew) {
      (void)answer_of(ends[job]);
    }
    if (ends[job].how == JobEnd::How::kAnswered) {
      if (job >= kFirstLayerJob) {
        finished += fmt::format("{}: {} cycles\n", name_of_job(job),
                                from_bytes<LayerMeasurement>(ends[job].text).cycles);
      }
      continue;
    }
    const bool late = ends[job].how == JobEnd::How::kTimedOut;
    result.exit_code = late && result.exit_code != kExitInternal ? kExitFailed : kExitInternal;
    result.text += fmt::format("{}: not simulated, {}\n", name_of_job(job), ends[job].text);
  }
  if (!result.text.empty()) {
    result.text += finished + "no totals without the others\n";
  }
  return result;
}

Unfinished Bench::back_to_back(const JobEnd& first, Report& report) {
  auto answer = from_bytes<NetworkAnswer>(first.text);
  const std::int64_t sum = sum_of_layers(stages(vector_));
  if (answer.run.cycles > sum) {
    std::vector<JobEnd> ends = run_jobs(
        1, [this](std::size_t /*job*/) { return to_bytes(run_network(false)); }, pool());
    if (Unfinished some = unfinished(ends); !some.text.empty()) {
      return some;
    }
    answer = from_bytes<NetworkAnswer>(ends.front().text);
  }
  answer.run.sum_of_layers = sum;
  report.back_to_back = std::move(answer.run);
  notes_ = std::move(answer.notes);
  return {};
}

void Bench::fill(Report& report) const {
  const std::vector<Stage> all = stages(vector_);
  for (std::size_t i = 0; i < model_.layers.size(); ++i) {
    const LayerResult& model = model_.layers[i];
    LayerReport& to = report.layers[i];
    const std::optional<LayerMeasurement>& measured = done_[source_[i]];
    const std::int64_t cycles = all[i].alone_cycles;
    to.simulation = SimulationReport{.model_cycles = model.cycles};
    if (source_[i] != i) {
      to.simulation->same_as = layer_of(source_[i]).name;
    }
    to.cycles = cycles;
    to.simulation->vector_cycles = static_cast<double>(cycles - (measured ? measured->cycles : 0));
    if (measured) {
      fill_array(to, *measured, model, layer_of(i), cycles);
    }
  }
}

void Bench::fill_array(LayerReport& to, const LayerMeasurement& measured, const LayerResult& model,
                       const Layer& layer, std::int64_t cycles) const {
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

}  // namespace weft::cli
