// Builds reports from results.
// SPDX-License-Identifier: Apache-2.0
#include "cli/report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/checked.hpp"
#include "base/error.hpp"
#include "cli/stalls.hpp"
#include "dataflow/imbalance.hpp"

namespace weft::cli {
namespace {

double seconds(std::int64_t cycles, const Accelerator& accelerator) {
  return static_cast<double>(cycles) / accelerator.clock.count();
}

// `slots`: MACs that the machine could have done.
double utilization(std::int64_t macs, double slots) {
  return slots > 0 ? static_cast<double>(macs) / slots : 0;
}

std::vector<LevelReport> level_reports(const Accelerator& accelerator, const Mapping& mapping,
                                       const Timing& timing) {
  std::vector<LevelReport> levels;
  for (std::size_t i = 0; i < accelerator.levels.size(); ++i) {
    LevelReport level{.name = accelerator.levels[i].name, .keeps = mapping.levels[i].keep};
    for (const PortBusy& port : timing.ports) {
      if (port.level == static_cast<int>(i)) {
        level.busy_cycles = std::max({level.busy_cycles, port.read, port.write, port.shared});
      }
    }
    levels.push_back(level);
  }
  return levels;
}

constexpr const char* kVectorUnit = "vector unit";

double cost_of(const LayerReport& layer, const Setup& setup) {
  return objective_value(setup.objective, layer.energy_pj, layer.cycles, setup.accelerator.clock);
}

void fill_mapping(LayerReport& layer, const Setup& setup, const Problem& problem, const MapResult& result) {
  const Mapping& mapping = *result.mapping;
  layer.kind = problem.kind;
  layer.shape = shape_of(problem);
  layer.macs = result.evaluation.counts.macs;
  layer.peak = peak_macs(setup.accelerator, problem);
  layer.timing = result.evaluation.timing;
  layer.levels = level_reports(setup.accelerator, mapping, layer.timing);
  layer.evaluated = result.evaluated;
  layer.mapping_yaml = print_yaml(mapping, problem, setup.accelerator);
  layer.mapping_line = one_line(mapping, problem, setup.accelerator);
  layer.loop_nest = print_loop_nest(mapping, problem, setup.accelerator);
  const LayerMachine machine(setup.accelerator, problem);
  layer.imbalance = expected_imbalance(mapping, problem, *machine);
  if (setup.format == Format::kJson) {
    layer.activity = activity(mapping, problem, *machine);
  }
}

void add_reread(LayerReport& layer, const Problem& problem) {
  std::int64_t once = 0;
  for (const Role role : kAllRoles) {
    once = checked_add(once, words(problem.tensor(role)));
  }
  layer.reread = static_cast<double>(layer.outer_words) / static_cast<double>(once);
}

// Costs are E T^(k-1) with k = 1 (energy, latency), 2 (EDP), 3 (ED2P).
double order_of(Objective objective) {
  return objective == Objective::kEdp ? 2 : objective == Objective::kEd2p ? 3 : 1;
}

// Hoelder's inequality: (sum of E) (sum of T)^(k-1) is at least the k-th power of the sum of the k-th roots
// of the parts' bounds. So parts with bounds of their own give one for the whole.
double network_bound(const Report& report, Objective objective) {
  const double order = order_of(objective);
  double sum = 0;
  for (const LayerReport& layer : report.layers) {
    sum += static_cast<double>(layer.repeat) * std::pow(layer.bound_cost, 1 / order);
  }
  return std::pow(sum, order);
}

void accumulate(TensorCounts& to, const TensorCounts& from, std::int64_t repeat) {
  to.fills = checked_add(to.fills, checked_mul(repeat, from.fills));
  to.reads = checked_add(to.reads, checked_mul(repeat, from.reads));
  to.updates = checked_add(to.updates, checked_mul(repeat, from.updates));
  to.drains = checked_add(to.drains, checked_mul(repeat, from.drains));
}

void accumulate_levels(LayerReport& total, const LayerReport& layer) {
  const auto copies = static_cast<double>(layer.repeat);
  for (std::size_t i = 0; i < layer.levels.size(); ++i) {
    LevelReport& to = total.levels[i];
    for (std::size_t role = 0; role < kRoles; ++role) {
      accumulate(to.tensors[role], layer.levels[i].tensors[role], layer.repeat);
      to.keeps[role] = to.keeps[role] || layer.levels[i].keeps[role];
    }
    to.energy_pj += copies * layer.levels[i].energy_pj;
    to.busy_cycles += copies * layer.levels[i].busy_cycles;
  }
  total.compute.macs_pj += copies * layer.compute.macs_pj;
  total.compute.leak_pj += copies * layer.compute.leak_pj;
  total.compute.vector_pj += copies * layer.compute.vector_pj;
}

void accumulate_stalls(SimulationReport& total, const SimulationReport& layer, std::int64_t repeat) {
  const auto copies = static_cast<double>(repeat);
  add_stalls(total.stalls, layer.stalls, copies);
  add_components(total.components, layer.components, copies);
  total.rounding += copies * layer.rounding;
  total.vector_cycles += copies * layer.vector_cycles;
  total.model_cycles = checked_add(total.model_cycles, checked_mul(repeat, layer.model_cycles));
  total.counts_equal = total.counts_equal && layer.counts_equal;
  total.coarsened = total.coarsened || layer.coarsened;
  total.steps = checked_add(total.steps, checked_mul(repeat, layer.steps));
  if (layer.outputs_equal) {
    total.outputs_equal = total.outputs_equal.value_or(true) && *layer.outputs_equal;
  }
}

// Laws of the energy table used outside their range, each once.
std::vector<std::string> cost_warnings(const Setup& setup) {
  std::vector<std::string> warnings = setup.warnings;
  for (const Layer& layer : setup.network.layers) {
    if (!layer.problem) {
      continue;
    }
    for (const std::string& warning :
         make_cost_model(setup.accelerator, setup.table, *layer.problem).warnings) {
      if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
        warnings.push_back(warning);
      }
    }
  }
  return warnings;
}

}  // namespace

std::string shape_of(const Problem& problem) {
  std::string text;
  for (const Dim& dim : problem.dims) {
    if (dim.size > 1) {
      text += fmt::format("{}{}{}", text.empty() ? "" : " ", dim.name, dim.size);
    }
  }
  std::int64_t stride = 1;
  for (const Rank& rank : problem.tensor(Role::kInputs).ranks) {
    for (const Term& term : rank.terms) {
      if (class_of(problem, term.dim) == DimClass::kPositions) {
        stride = std::max(stride, term.coeff);
      }
    }
  }
  return stride > 1 ? fmt::format("{} stride {}", text, stride) : text;
}

void fill_layer(LayerReport& layer, const Setup& setup, const ActionCounts& counts,
                const EnergyReport& energy, double vector_pj, std::int64_t cycles) {
  layer.cycles = cycles;
  for (std::size_t i = 0; i < layer.levels.size(); ++i) {
    LevelReport& level = layer.levels[i];
    level.tensors = counts.levels[i].tensors;
    level.shares = counts.levels[i].shares;
    level.energy_pj = energy.levels[i].leak;
    for (std::size_t role = 0; role < kRoles; ++role) {
      level.energy_pj += energy.levels[i].tensors[role] + energy.levels[i].network[role];
    }
  }
  layer.compute = {.macs_pj = energy.compute, .leak_pj = energy.compute_leak, .vector_pj = vector_pj};
  layer.energy_pj = energy.total + vector_pj;
  layer.outer_words = 0;
  for (const TensorCounts& tensor : counts.levels.front().tensors) {
    layer.outer_words = checked_add(layer.outer_words, checked_add(tensor.reads, tensor.updates));
  }
  layer.gated = counts.gated;
  layer.skipped = counts.skipped;
  layer.utilization = utilization(layer.macs - layer.skipped, static_cast<double>(cycles) * layer.peak);
  layer.edp_js = objective_value(Objective::kEdp, layer.energy_pj, cycles, setup.accelerator.clock);
}

void add_totals(Report& report, const Setup& setup) {
  LayerReport total{.name = setup.network.name, .kind = "network"};
  for (const StorageLevel& level : setup.accelerator.levels) {
    total.levels.push_back({.name = level.name});
  }
  double once = 0, slots = 0;
  double computing = 0, waiting = 0;
  for (const LayerReport& layer : report.layers) {
    const double compute =
        static_cast<double>(layer.repeat) * static_cast<double>(layer.timing.compute_cycles);
    computing += compute;
    waiting += compute * layer.imbalance.value_or(1);
    if (layer.imbalance) {
      total.imbalance = 1;
    }
    total.cycles = checked_add(total.cycles, checked_mul(layer.repeat, layer.cycles));
    total.energy_pj += static_cast<double>(layer.repeat) * layer.energy_pj;
    slots += static_cast<double>(layer.repeat) * static_cast<double>(layer.cycles) *
             (layer.peak > 0 ? layer.peak : static_cast<double>(setup.accelerator.compute_units()));
    total.macs = checked_add(total.macs, checked_mul(layer.repeat, layer.macs));
    total.gated = checked_add(total.gated, checked_mul(layer.repeat, layer.gated));
    total.skipped = checked_add(total.skipped, checked_mul(layer.repeat, layer.skipped));
    total.outer_words = checked_add(total.outer_words, checked_mul(layer.repeat, layer.outer_words));
    total.evaluated = checked_add(total.evaluated, layer.evaluated);
    if (layer.reread > 0) {
      once += static_cast<double>(layer.repeat) * static_cast<double>(layer.outer_words) / layer.reread;
    }
    accumulate_levels(total, layer);
    if (layer.simulation) {
      total.simulation = total.simulation ? total.simulation : SimulationReport{};
      accumulate_stalls(*total.simulation, *layer.simulation, layer.repeat);
    }
  }
  total.reread = static_cast<double>(total.outer_words) / once;
  if (total.imbalance) {
    total.imbalance = waiting / computing;
  }
  total.utilization = utilization(total.macs - total.skipped, slots);
  total.edp_js = objective_value(Objective::kEdp, total.energy_pj, total.cycles, setup.accelerator.clock);
  total.bound_cost = network_bound(report, setup.objective);
  total.gap = 1 - total.bound_cost / cost_of(total, setup);
  report.total = std::move(total);
  report.latency_s = seconds(report.total.cycles, setup.accelerator);
  report.power_w = report.total.energy_pj * 1e-12 / report.latency_s;
  report.inferences_per_s = static_cast<double>(setup.arguments.batch) / report.latency_s;
}

Report make_report(Verb verb, const Setup& setup, const NetworkResult& result) {
  Report report{.verb = verb};
  for (const LayerResult& from : result.layers) {
    const Layer& source = setup.network.layers[static_cast<std::size_t>(from.layer)];
    LayerReport layer{.name = source.name, .kind = "vector", .repeat = from.repeat, .cycles = from.cycles};
    if (from.map) {
      fill_mapping(layer, setup, *source.problem, *from.map);
      fill_layer(layer, setup, from.map->evaluation.counts, from.map->energy, from.vector.energy_pj,
                 from.cycles);
      layer.rejected =
          rejections(*from.map, *source.problem, setup.accelerator, setup.constraints_of(from.layer));
      add_reread(layer, *source.problem);
      fill_bound(layer, setup, source, *from.map);
      if (from.vector.cycles > layer.timing.cycles) {
        layer.timing.bottleneck = kVectorUnit;
      }
    } else {
      layer.timing.bottleneck = kVectorUnit;
      layer.energy_pj = from.energy_pj;
      layer.compute.vector_pj = from.vector.energy_pj;
      layer.reread = std::numeric_limits<double>::quiet_NaN();
      layer.edp_js = objective_value(Objective::kEdp, layer.energy_pj, layer.cycles, setup.accelerator.clock);
      layer.bound_cost = cost_of(layer, setup);
    }
    report.layers.push_back(std::move(layer));
  }
  report.warnings = cost_warnings(setup);
  report.warnings.insert(report.warnings.end(), setup.notes.begin(), setup.notes.end());
  const AreaReport areas = area(setup.accelerator, setup.table);
  for (std::size_t i = 0; i < areas.levels.size(); ++i) {
    report.area.emplace_back(setup.accelerator.levels[i].name, areas.levels[i]);
  }
  for (std::size_t i = 0; i < areas.networks.size(); ++i) {
    if (areas.networks[i] > 0) {
      report.area.emplace_back(setup.accelerator.levels[i].fanout.name, areas.networks[i]);
    }
  }
  report.area.emplace_back(setup.accelerator.compute.name, areas.compute);
  report.area.emplace_back("vector unit", areas.vector_unit);
  report.area.emplace_back("control", areas.control);
  report.area.emplace_back("clock", areas.clock);
  report.area_um2 = areas.total;
  report.effort = effort_of(setup, result);
  add_totals(report, setup);
  return report;
}

std::string print(const Report& report, const Setup& setup) {
  switch (setup.format) {
    case Format::kText:
      return print_text(report, setup);
    case Format::kJson:
      return print_json(report, setup);
    case Format::kCsv:
      return print_csv(report);
  }
  return "";
}

std::vector<std::pair<std::string, double>> stall_list(const SimulationReport& simulation) {
  const sim::Stalls& stalls = simulation.stalls;
  const auto waiting = [&stalls](Role role) {
    return stalls.waiting_for[static_cast<std::size_t>(index_of(role))];
  };
  return {{"first tiles on their way", stalls.ramp_in},
          {"waiting for weights", waiting(Role::kWeights)},
          {"waiting for inputs", waiting(Role::kInputs)},
          {"waiting for outputs", waiting(Role::kOutputs)},
          {"operand bandwidth", stalls.operand_bandwidth},
          {"last outputs on their way", stalls.ramp_out},
          {"command queue", stalls.commands},
          {"held back at random", stalls.held_back},
          {"vector unit", simulation.vector_cycles}};
}

}  // namespace weft::cli
