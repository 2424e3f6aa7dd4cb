// Answers as text.
// SPDX-License-Identifier: Apache-2.0
#include "cli/explore_answers.hpp"

#include <algorithm>
#include <sys/resource.h>

#include <fmt/format.h>

#include "base/table.hpp"
#include "dse/study_front.hpp"

namespace weft::cli {

// An objective as people read it; accuracy is kept negated.
std::string shown(Metric metric, double value) {
  switch (metric) {
    case Metric::kAccuracy:
      return fmt::format("accuracy {} %", significant(-value));
    case Metric::kLatency:
      return fmt::format("latency {} ms", significant(1e3 * value));
    case Metric::kEnergy:
      return fmt::format("energy {} mJ", significant(1e-9 * value));
    case Metric::kArea:
      return fmt::format("area {} mm2", significant(1e-6 * value));
    case Metric::kEdp:
      return fmt::format("EDP {} J s", significant(1e-12 * value));
  }
  return "";
}

namespace {

constexpr std::size_t kChoices = 8;  // rows of the table of importance
constexpr std::size_t kChanges = 6;
constexpr double kJoulesPerKwh = 3.6e6;

const std::string& name_of_metric(Metric metric) {
  return metric_names()[static_cast<std::size_t>(metric)];
}

std::string figure_text(Metric metric, const StudyPoint& point) {
  const double value =
      metric == Metric::kEdp ? point.energy_pj * point.latency_s : figure_value(metric, point);
  return shown(metric, metric == Metric::kAccuracy ? -value : value);
}

std::string importance_text(const StudyResult& result) {
  if (result.importance.empty()) {
    return "";
  }
  std::vector<Table::Column> columns = {{"choice", Align::kLeft}};
  for (const Metric metric : result.space.objectives) {
    columns.push_back({name_of_metric(metric) + " %"});
  }
  Table table(std::move(columns));
  const std::size_t rows = std::min(kChoices, result.importance.size());
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<std::string> cells = {result.importance[i].choice};
    for (const double share : result.importance[i].shares) {
      cells.push_back(significant(100 * share, 3));
    }
    table.add_row(std::move(cells));
  }
  return "\nWhat each choice alone explains of an objective's variance over the whole space, as a forest "
         "fitted to the "
         "designs\nevaluated predicts it (all but accuracy as logarithms); what is missing to 100 % acts "
         "jointly\n\n" +
         table.text() +
         (rows < result.importance.size()
              ? fmt::format("... the first {} of {} choices\n", rows, result.importance.size())
              : "");
}

std::string baseline_text(const StudyResult& result) {
  if (!result.baseline) {
    return "";
  }
  const BaselineAnswer& answer = *result.baseline;
  if (!answer.complete) {
    return fmt::format("\nThe baseline {} has a layer without a mapping: nothing is compared.\n",
                       answer.name);
  }
  std::string text = fmt::format(
      "\nBaseline {}: {} units, {} KiB on the chip, {} mm2; latency {} ms, energy {} mJ, EDP {} J s\n",
      answer.name, grouped(answer.units), significant(answer.storage_bits / 8192),
      significant(1e-6 * answer.area_um2), significant(1e3 * answer.latency_s),
      significant(1e-9 * answer.energy_pj), significant(1e-12 * answer.energy_pj * answer.latency_s));
  for (const BaselineAnswer::Gain& gain : answer.gains) {
    const StudyPoint& point = result.points[gain.point];
    text += fmt::format("  best {:<8} {} x: design {} with {}, {} units, {} KiB, {} mm2\n",
                        name_of_metric(gain.metric), significant(gain.factor), point.id,
                        figure_text(gain.metric, point), grouped(gain.units),
                        significant(gain.storage_bits / 8192), significant(1e-6 * point.area_um2));
  }
  if (answer.gains.empty()) {
    text += "  no design of the front is as accurate\n";
  }
  return text + (result.space.baseline->accuracy ? fmt::format("  among designs of {} % accuracy and more\n",
                                                               *result.space.baseline->accuracy)
                                                 : "");
}

std::string target_text(const StudyResult& result) {
  if (!result.target) {
    return "";
  }
  const TargetAnswer& answer = *result.target;
  const StudyPoint& point = result.points[answer.nearest];
  std::string text =
      answer.excess <= 0
          ? fmt::format("\nThe target is met by design {}, with most to spare:", point.id)
          : fmt::format("\nNo design evaluated meets the target; design {} is nearest:", point.id);
  for (std::size_t i = 0; i < answer.misses.size(); ++i) {
    const TargetAnswer::Miss& miss = answer.misses[i];
    const bool accuracy = miss.metric == Metric::kAccuracy;
    const std::string wanted = shown(miss.metric, accuracy ? -miss.wanted : miss.wanted);
    text += fmt::format("{} {} ({} {})", i > 0 ? "," : "", figure_text(miss.metric, point),
                        accuracy ? "at least" : "at most", wanted.substr(wanted.find(' ') + 1));
  }
  text += "\n";
  for (std::size_t i = 0; i < std::min(kChanges, answer.changes.size()); ++i) {
    const TargetAnswer::Change& change = answer.changes[i];
    text += fmt::format("  {} {} instead of {}: {}{}\n", change.choice, change.to, change.from,
                        change.excess <= 0
                            ? "meets it"
                            : fmt::format("misses it by {} %", significant(100 * change.excess, 3)),
                        change.refused.empty() ? "" : ", but " + change.refused);
  }
  if (answer.changes.empty()) {
    text += "  no single change brings it nearer\n";
  }
  for (const std::string& knob : answer.at_end) {
    text += fmt::format("  {} is at an end of its options\n", knob);
  }
  return text;
}

std::string resimulated_text(const StudyResult& result) {
  const Resimulation& all = result.resimulated;
  if (all.designs.empty()) {
    return "";
  }
  Table table({{"design"}, {"model ms"}, {"simulated ms"}, {"error %"}, {"counts equal", Align::kLeft}});
  for (const ResimulatedDesign& design : all.designs) {
    table.add_row({fmt::format("{}", result.points[design.point].id), significant(1e3 * design.model_s),
                   significant(1e3 * design.simulated_s),
                   significant(100 * (design.model_s / design.simulated_s - 1), 3),
                   design.counts_match ? "yes" : "NO"});
  }
  return "\nDesigns of the front, nearest to the knee first, simulated: array work of the whole network, "
         "layer by layer\n\n" +
         table.text() + fmt::format("\n{} of {} pairs change places\n", all.inversions, all.pairs);
}

// Energy of a deployment in kWh.
double deployed_kwh(const StudyResult& result, const ExploreArguments& arguments) {
  return 1e-12 * result.points[*result.knee].energy_pj * static_cast<double>(arguments.inferences) /
         kJoulesPerKwh;
}

std::string emission(double kwh, double grid) {
  return grid > 0
             ? fmt::format(", {} kg of CO2 at {} g/kWh", significant(1e-3 * kwh * grid), significant(grid))
             : "";
}

}  // namespace

std::string answers_text(const StudyResult& result, const ExploreArguments& arguments) {
  std::string text =
      importance_text(result) + baseline_text(result) + target_text(result) + resimulated_text(result);
  if (result.knee && arguments.inferences > 0) {
    const double kwh = deployed_kwh(result, arguments);
    text += fmt::format("\n{} inferences of the chosen design: {} kWh{}\n", grouped(arguments.inferences),
                        significant(kwh), emission(kwh, arguments.grid));
  }
  return text;
}

void add_answers(nlohmann::ordered_json& json, const StudyResult& result, const ExploreArguments& arguments) {
  using Json = nlohmann::ordered_json;
  json["importance"] = Json::array();
  for (const ChoiceShares& entry : result.importance) {
    Json shares = Json::object();
    for (std::size_t i = 0; i < entry.shares.size(); ++i) {
      shares[name_of_metric(result.space.objectives[i])] = entry.shares[i];
    }
    json["importance"].push_back({{"choice", entry.choice}, {"shares", shares}});
  }
  if (const auto& answer = result.baseline) {
    json["baseline"] = {{"name", answer->name},           {"complete", answer->complete},
                        {"units", answer->units},         {"storage_bits", answer->storage_bits},
                        {"area_um2", answer->area_um2},   {"cycles", answer->cycles},
                        {"latency_s", answer->latency_s}, {"energy_pj", answer->energy_pj},
                        {"gains", Json::array()}};
    for (const BaselineAnswer::Gain& gain : answer->gains) {
      json["baseline"]["gains"].push_back({{"metric", name_of_metric(gain.metric)},
                                           {"design", result.points[gain.point].id},
                                           {"factor", gain.factor},
                                           {"units", gain.units},
                                           {"storage_bits", gain.storage_bits}});
    }
  }
  if (const auto& answer = result.target) {
    json["target"] = {{"met", answer->excess <= 0}, {"nearest", result.points[answer->nearest].id},
                      {"excess", answer->excess},   {"misses", Json::array()},
                      {"changes", Json::array()},   {"at_end", answer->at_end}};
    for (const TargetAnswer::Miss& miss : answer->misses) {
      json["target"]["misses"].push_back({{"figure", figure_name(miss.metric)},
                                          {"value", miss.value},
                                          {"wanted", miss.wanted},
                                          {"excess", miss.excess}});
    }
    for (const TargetAnswer::Change& change : answer->changes) {
      json["target"]["changes"].push_back({{"choice", change.choice},
                                           {"from", change.from},
                                           {"to", change.to},
                                           {"excess", change.excess},
                                           {"refused", change.refused}});
    }
  }
  if (!result.resimulated.designs.empty()) {
    json["resimulated"] = {{"pairs", result.resimulated.pairs},
                           {"inversions", result.resimulated.inversions},
                           {"designs", Json::array()}};
    for (const ResimulatedDesign& design : result.resimulated.designs) {
      json["resimulated"]["designs"].push_back({{"id", result.points[design.point].id},
                                                {"model_cycles", design.model_cycles},
                                                {"simulated_cycles", design.simulated_cycles},
                                                {"model_s", design.model_s},
                                                {"simulated_s", design.simulated_s},
                                                {"counts_equal", design.counts_match}});
    }
  }
  if (result.knee && arguments.inferences > 0) {
    const double kwh = deployed_kwh(result, arguments);
    json["deployment"] = {{"inferences", arguments.inferences}, {"kwh", kwh}};
    json["deployment"]["kg_co2"] = arguments.grid > 0 ? Json(1e-3 * kwh * arguments.grid) : Json(nullptr);
  }
}

std::string search_energy(const ExploreArguments& arguments) {
  if (arguments.watts <= 0) {
    return "";
  }
  double seconds = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (getrusage(who, &usage) == 0) {
      for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
        seconds += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
      }
    }
  }
  const double kwh = seconds * arguments.watts / kJoulesPerKwh;
  return fmt::format("this search: {} s of CPU time, {} kWh at {} W{}\n", significant(seconds),
                     significant(kwh), significant(arguments.watts), emission(kwh, arguments.grid));
}

}  // namespace weft::cli
