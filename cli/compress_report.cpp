// See compress_report.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/compress_report.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/table.hpp"
#include "cli/human_bytes.hpp"

namespace weft::cli {
namespace {

std::string percent(double share) {
  return significant(100 * share, 3) + " %";
}

std::string ratio(double before, double after) {
  return after == 0 ? "–" : significant(before / after, 3) + "x";
}

std::string bytes(double amount) {
  return human_bytes(std::llround(8 * amount));
}

std::string count(double value) {
  return grouped(std::llround(value));
}

std::string steps_table(const std::vector<Compressed>& steps) {
  Table table({{"layer", Align::kLeft},
               {"step", Align::kLeft},
               {"what is left", Align::kLeft},
               {"weights before"},
               {"after"},
               {"error"}});
  for (const Compressed& step : steps) {
    table.add_row({step.layer, step.step, step.what, grouped(step.words_before), grouped(step.words_after),
                   step.error ? percent(*step.error) : "–"});
  }
  return table.text();
}

std::string totals_table(const NetworkFigures& before, const NetworkFigures& after) {
  Table table({{"network", Align::kLeft}, {"before"}, {"after"}, {"less by"}});
  const auto row = [&table](const char* what, double b, double a, const std::string& bt,
                            const std::string& at) {
    table.add_row({what, bt, at, ratio(b, a)});
  };
  const auto counts = [&row](const char* what, double b, double a) { row(what, b, a, count(b), count(a)); };
  counts("MACs", static_cast<double>(before.macs), static_cast<double>(after.macs));
  counts("MACs with a non-zero weight", before.effectual_macs, after.effectual_macs);
  counts("parameters", static_cast<double>(before.parameters), static_cast<double>(after.parameters));
  counts("non-zero weights", before.nonzero_weights, after.nonzero_weights);
  row("weights, dense", before.dense_bytes, after.dense_bytes, bytes(before.dense_bytes),
      bytes(after.dense_bytes));
  row("weights, non-zeros only", before.bytes, after.bytes, bytes(before.bytes), bytes(after.bytes));
  if (before.cycles && after.cycles) {
    counts("cycles", static_cast<double>(*before.cycles), static_cast<double>(*after.cycles));
    row("latency", before.latency_s, after.latency_s, significant(before.latency_s * 1e3) + " ms",
        significant(after.latency_s * 1e3) + " ms");
    row("energy", before.energy_pj, after.energy_pj, significant(before.energy_pj * 1e-6) + " uJ",
        significant(after.energy_pj * 1e-6) + " uJ");
  }
  return table.text();
}

}  // namespace

NetworkFigures figures_of(const Network& network) {
  NetworkFigures figures{.macs = macs(network), .parameters = parameters(network)};
  for (const Layer& layer : network.layers) {
    if (!layer.problem) {
      continue;
    }
    const TensorShape& weights = layer.problem->tensor(Role::kWeights);
    const bool trained = layer.problem->kind != "matmul";
    const auto copies = static_cast<double>(layer.repeat);
    const double density = trained ? weights.density : 1;
    figures.effectual_macs += copies * density * static_cast<double>(macs(*layer.problem));
    if (trained) {
      const double all = copies * static_cast<double>(words(weights));
      figures.nonzero_weights += all * density;
      figures.dense_bytes += all * weights.bits / 8;
      figures.bytes += all * density * weights.bits / 8;
    }
  }
  return figures;
}

std::string print_compress_text(const CompressReport& report) {
  std::string text =
      fmt::format("network {}: {} layers with trained weights, the words of {} in the file\n\n",
                  report.network, report.layers, report.known);
  text += steps_table(report.steps);
  text += "\n" + totals_table(report.before, report.after);
  text +=
      "\nerror: |before - after| / |before| of the layer's words in that step (Frobenius); –: no words "
      "known.\n";
  text += "nothing is trained afterwards: what it does to accuracy is not known here.\n";
  return text + "\nwritten to " + report.file + "\n";
}

}  // namespace weft::cli
