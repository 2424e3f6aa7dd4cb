// Reports for people: what was run, one row per layer, totals; every column explained.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/report.hpp"
#include "cli/stalls.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

std::string with_hash(const Source& source) {
  return source.hash.empty() ? source.name : source.name + " (" + source.hash + ")";
}

std::string common_widths(const Network& network) {
  std::string widths;
  for (const Layer& layer : network.layers) {
    if (!layer.problem) {
      continue;
    }
    const auto bits = [&layer](Role role) { return layer.problem->tensor(role).bits; };
    const std::string these =
        fmt::format("{}/{}/{} b", bits(Role::kWeights), bits(Role::kInputs), bits(Role::kOutputs));
    if (widths.empty()) {
      widths = these;
    } else if (widths != these) {
      return "of several widths";
    }
  }
  return widths.empty() ? "none" : widths;
}

std::string method(const Setup& setup) {
  const RunArguments& run = setup.arguments;
  if (run.bound_only || run.ski_slope) {
    return fmt::format("none: bounds, no search; objective {}", run.objective);
  }
  if (!setup.mappings.empty()) {
    return fmt::format("given mapping {}, objective {}", run.mapping, run.objective);
  }
  std::string text = run.front ? "exact search of the whole energy-latency front"
                               : fmt::format("search {}, objective {}", run.search, run.objective);
  text += run.start.empty() ? "" : ", from " + (run.start == "exact" ? "the exact optimum" : run.start);
  if (run.search == "exact") {
    const std::int64_t most = setup.request().max_nodes;
    return text + (most == 0 ? "" : fmt::format(", at most {} partial mappings per layer", grouped(most)));
  }
  return fmt::format("{}, at most {} evaluations per layer", text, run.budget);
}

std::string estimate_table(const Report& report, const std::string& outer) {
  Table table({{"layer", Align::kLeft},
               {"shape", Align::kLeft},
               {"cycles"},
               {"utilisation"},
               {"energy"},
               {outer + " words"},
               {"re-read"},
               {"bottleneck", Align::kLeft},
               {"gap"}});
  const auto add = [&table](const LayerReport& layer) {
    table.add_row({times(layer), layer.shape, grouped(layer.cycles), percent(layer.utilization),
                   human(Picojoules(layer.energy_pj)), grouped(layer.outer_words), significant(layer.reread),
                   layer.timing.bottleneck, percent(layer.proof ? layer.proof->gap : layer.gap)});
  };
  for (const LayerReport& layer : report.layers) {
    add(layer);
  }
  add(report.total);
  return table.text() + fmt::format(
                            "\ncycles: of one copy. utilisation: MACs / (cycles x compute units). "
                            "{} words: read from and written to {} by\n"
                            "the array. re-read: these / the words of the three tensors. "
                            "bottleneck: the slowest of compute, memory ports and the\n"
                            "vector unit. gap: 1 - proven lower bound / cost, "
                            "of a layer's array work and of the network with vector work;\n"
                            "{}.\n",
                            outer, outer,
                            report.effort.space.empty() ? "0: no mapping is better in this model"
                                                        : "0: no even mapping is better in this model");
}

std::string top_stalls(const LayerReport& layer) {
  auto stalls = stall_list(*layer.simulation);
  std::stable_sort(stalls.begin(), stalls.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < 2; ++i) {
    const double share = stalls[i].second / static_cast<double>(std::max<std::int64_t>(1, layer.cycles));
    if (share >= 0.0005) {
      text += (text.empty() ? "" : ", ") + stalls[i].first + " " + percent(share);
    }
  }
  return text.empty() ? "none" : text;
}

std::string yes_or_no(const SimulationReport& simulation) {
  if (!simulation.outputs_equal) {
    return "not asked";
  }
  return *simulation.outputs_equal ? "yes" : "NO";
}

std::string simulate_table(const Report& report) {
  Table table({{"layer", Align::kLeft},
               {"shape", Align::kLeft},
               {"cycles"},
               {"model"},
               {"difference"},
               {"utilisation"},
               {"energy"},
               {"top stalls", Align::kLeft},
               {"outputs equal the reference", Align::kLeft},
               {"simulated as", Align::kLeft}});
  const auto add = [&table](const LayerReport& layer) {
    const SimulationReport& simulation = *layer.simulation;
    const auto model = static_cast<double>(simulation.model_cycles);
    table.add_row({times(layer), layer.shape, grouped(layer.cycles), grouped(simulation.model_cycles),
                   percent(model > 0 ? static_cast<double>(layer.cycles) / model - 1 : 0),
                   percent(layer.utilization), human(Picojoules(layer.energy_pj)), top_stalls(layer),
                   layer.kind == "vector" ? "no array work" : yes_or_no(simulation), simulation.same_as});
  };
  for (const LayerReport& layer : report.layers) {
    add(layer);
  }
  add(report.total);
  const SimulationReport& total = *report.total.simulation;
  std::string text = table.text() +
                     "\nmodel: cycles by the analytic model; difference: simulated / model - 1.\n"
                     "top stalls: cycles without array work by cause, as shares of the cycles. simulated as: "
                     "layers of the same\n"
                     "shape are simulated once, under the name of the first.\n";
  text += fmt::format("outputs equal the reference: {}\n", yes_or_no(total));
  text += fmt::format("words moved equal the model's: {}\n", total.counts_equal ? "yes" : "NO");
  text += total.coarsened ? "tiles were merged to stay within --max-steps: counts are exact, overlap inside "
                            "a merged step is not\n"
                          : "";
  return text;
}

std::string zeros(const LayerReport& total) {
  if (total.gated == 0 && total.skipped == 0) {
    return "";
  }
  const auto all = static_cast<double>(total.macs);
  return fmt::format("\nzeros: {} of the MACs skipped, {} gated; utilisation is of those not skipped\n",
                     percent(static_cast<double>(total.skipped) / all),
                     percent(static_cast<double>(total.gated) / all));
}

std::string imbalance(const LayerReport& total) {
  if (!total.imbalance) {
    return "";
  }
  return fmt::format(
      "expected: units that wait for the slowest one keep the array {:.2f} times as long as if all had "
      "as much to do\n          (not in the cycles above; weft simulate takes real positions)\n",
      *total.imbalance);
}

std::string totals(const Report& report) {
  const LayerReport& total = report.total;
  Table table({{"total", Align::kLeft}, {"value"}, {"unit", Align::kLeft}, {"what it is", Align::kLeft}});
  table.add_row({"latency", significant(1e3 * report.latency_s), "ms", "cycles of all layers / clock"});
  table.add_row({"energy", significant(1e-9 * total.energy_pj), "mJ",
                 "all levels, networks, compute, vector work, leakage"});
  table.add_row({"throughput", significant(report.inferences_per_s), "inferences/s", "batch / latency"});
  table.add_row({"power", significant(1e3 * report.power_w), "mW", "energy / latency"});
  table.add_row({"EDP", significant(total.edp_js), "J s", "energy x latency"});
  table.add_row(
      {"area", significant(1e-6 * report.area_um2), "mm2", "memories, units, networks, control, clock"});
  const double all = total.energy_pj > 0 ? total.energy_pj : 1;
  for (const LevelReport& level : total.levels) {
    table.add_row({"energy " + level.name, significant(100 * level.energy_pj / all, 3), "%",
                   "of the energy: its memories, network, leakage"});
  }
  table.add_row({"energy compute",
                 significant(100 * (total.compute.macs_pj + total.compute.leak_pj) / all, 3), "%",
                 "of the energy: MACs and leakage"});
  table.add_row({"energy vector", significant(100 * total.compute.vector_pj / all, 3), "%",
                 "of the energy: post-operations and their traffic"});
  return "\n" + table.text();
}

}  // namespace

std::string text_header(const Report& report, const Setup& setup) {
  const Accelerator& machine = setup.accelerator;
  const Network& network = setup.network;
  std::string text =
      fmt::format("{}: {}, seed {}\n", version_line(), name_of(report.verb), setup.arguments.seed);
  text += fmt::format("accelerator  {}: {} compute units, {}\n", with_hash(setup.arch_source),
                      machine.compute_units(), human(SquareMicrons(report.area_um2)));
  const std::string layer =
      setup.arguments.layer.empty() ? "" : fmt::format(", layer {} only (one copy)", setup.arguments.layer);
  text += fmt::format("network      {}: {}batch {}, {}, {} parameters{}\n", with_hash(setup.network_source),
                      network.name == setup.network_source.name ? "" : network.name + ", ",
                      setup.arguments.batch, human_count(static_cast<double>(macs(network)), "MAC"),
                      grouped(parameters(network)), layer);
  text += fmt::format("mappings     {}\n", method(setup));
  if (!setup.constraints.empty()) {
    text += fmt::format("constraints  {}: every mapping meets them\n", with_hash(setup.constraints_source));
  }
  text +=
      fmt::format("assumptions  {}, {}, {}; words (weights/inputs/outputs) {}; energy table {}; {} counts\n",
                  to_string(machine.clock), to_string(machine.technology), to_string(machine.voltage),
                  common_widths(network), setup.table.name(), setup.arguments.convention);
  for (const UnknownOperator& unknown : network.unknown) {
    text += fmt::format("not modelled {} (node {})\n", unknown.op_type, unknown.node);
  }
  for (const std::string& warning : report.warnings) {
    text += "warning      " + warning + "\n";
  }
  return text + "\n";
}

std::string print_text(const Report& report, const Setup& setup) {
  std::string text = text_header(report, setup);
  if (report.verb == Verb::kSimulate) {
    text += simulate_table(report);
    text += stall_sentences(report, setup.accelerator);
    text += report.back_to_back ? back_to_back_text(report, setup.accelerator) : "";
    text += states_mechanisms(setup.accelerator)
                ? "this accelerator's commands, requests, caches, fetches, "
                  "accumulations, banks and links cost time that the model does not know\n"
                : "";
  } else if (report.verb == Verb::kMap) {
    text += map_table(report, setup);
  } else {
    text += estimate_table(report, setup.accelerator.levels.front().name);
  }
  text += zeros(report.total);
  return text + (report.verb == Verb::kSimulate ? "" : imbalance(report.total)) + totals(report);
}

}  // namespace weft::cli
