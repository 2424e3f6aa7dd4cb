// What a run found, as HTML.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

double number(const Json& value) {
  return value.is_number() ? value.get<double>() : NAN;
}

std::string count(const Json& value) {
  return value.is_number() ? grouped(value.get<long long>()) : "–";
}

std::string text(const Json& value) {
  return value.is_null() ? "–" : value.is_string() ? value.get<std::string>() : value.dump();
}

std::string heading_cards(const Json& run) {
  const Json& network = run.at("network");
  std::vector<Card> list = {
      {si(number(network.at("latency_s")), "s"), count(network.at("cycles")) + " cycles"},
      {si(number(network.at("energy_pj")) * 1e-12, "J"), "energy"},
      {significant(number(network.at("area_um2")) * 1e-6) + " mm²", "area"},
      {percent(number(network.at("utilization"))), "utilisation"},
      {percent(number(network.at("bound").at("gap"))), "gap to the proven bound"}};
  if (!network.at("simulation").is_null()) {
    const double model = number(network.at("simulation").at("model_cycles"));
    list.push_back({percent(number(network.at("cycles")) / model - 1), "simulator against model, cycles"});
  }
  return cards(list);
}

std::string layer_table(const Json& run) {
  const bool simulated = !run.at("network").at("simulation").is_null();
  std::vector<Column> columns = {{"layer", false},
                                 {"shape", false},
                                 {"copies"},
                                 {"cycles"},
                                 {"energy"},
                                 {"utilisation"},
                                 {"bound"},
                                 {"gap"},
                                 {"words at the outermost level"},
                                 {"bottleneck", false}};
  if (simulated) {
    columns.push_back({"cycles, model"});
  }
  std::vector<std::vector<std::string>> rows;
  for (const Json& layer : run.at("layers")) {
    std::vector<std::string> row = {text(layer.at("name")),
                                    text(layer.at("shape")),
                                    count(layer.at("repeat")),
                                    count(layer.at("cycles")),
                                    si(number(layer.at("energy_pj")) * 1e-12, "J"),
                                    percent(number(layer.at("utilization"))),
                                    significant(number(layer.at("bound").at("cost"))),
                                    percent(number(layer.at("bound").at("gap"))),
                                    count(layer.at("outer_words")),
                                    text(layer.at("timing").at("bottleneck"))};
    if (simulated) {
      row.push_back(layer.at("simulation").is_null() ? "–"
                                                     : count(layer.at("simulation").at("model_cycles")));
    }
    rows.push_back(std::move(row));
  }
  const std::string objective = text(run.at("run").at("objective"));
  return table("One copy of each layer. bound: no mapping of the space costs less (" + objective + ")",
               columns, rows);
}

// Why the array waited, in the simulator's words: the twelve causes that cost most.
std::string reasons(const Json& run) {
  const Json& stalls = run.at("network").at("stalls");
  if (stalls.is_null() || !stalls.contains("reasons") || stalls.at("reasons").empty()) {
    return "";
  }
  constexpr std::size_t kMost = 12;
  std::vector<std::vector<std::string>> rows;
  for (const Json& reason : stalls.at("reasons")) {
    if (rows.size() < kMost) {
      rows.push_back({text(reason.at("words")), significant(number(reason.at("cycles"))),
                      percent(number(reason.at("share")))});
    }
  }
  return table("Why the array waited, all layers", {{"the array", false}, {"cycles"}, {"of all cycles"}},
               rows);
}

// Drawings of the array and of time, with what they mean.
std::string drawing(const std::string& svg, const std::string& caption) {
  return svg.empty() ? ""
                     : "<figure><div class=\"scroll\">" + svg + "</div><figcaption>" + caption +
                           "</figcaption></figure>\n";
}

std::string over_time(const Json& run) {
  const Json& network = run.at("network");
  if (!network.contains("back_to_back") || !network.at("back_to_back").is_object() ||
      !network.at("back_to_back").contains("timeline")) {
    return "";
  }
  const Json& whole = network.at("back_to_back");
  const double share = number(whole.at("timeline").at("cycles")) / number(whole.at("cycles"));
  const std::string cut = share < 0.999 ? " Drawn: the first " + percent(share) +
                                              " of the run, which has more events than are kept."
                                        : "";
  return section(
      "time", "What happened when?",
      drawing(
          timeline_svg(whole),
          "The layers back to back on the simulated machine. Top: share of the time in which the "
          "array worked, and what it waited for. Ports: share in which they moved words. Below: "
          "places of each buffer (how many it has) that were taken. weft simulate --trace has every event." +
              cut));
}

std::string nests(const Json& run) {
  std::string all;
  for (const Json& layer : run.at("layers")) {
    if (!layer.at("loop_nest").is_null()) {
      all += folded(text(layer.at("name")) + "  " + text(layer.at("shape")),
                    layer.at("loop_nest").get<std::string>());
    }
  }
  return all.empty() ? "<p>No layer has a mapping.</p>\n" : all;
}

std::string notes(const Json& run) {
  std::string items;
  for (const Json& unknown : run.at("unknown_operators")) {
    items += "<li>not modelled: operator " + escaped(text(unknown.at("op_type"))) + "</li>";
  }
  for (const Json& warning : run.at("warnings")) {
    items += "<li>" + escaped(text(warning)) + "</li>";
  }
  return items.empty() ? "" : "<ul class=\"warnings\">" + items + "</ul>\n";
}

}  // namespace

std::string run_sections(const Json& run) {
  const std::string stalls = run.at("network").at("stalls").is_null()
                                 ? ""
                                 : chart("stalls", "Where the cycles went, simulated", "") + reasons(run);
  std::string page = section(
      "run", text(run.at("run").at("network").at("name")) + " on " + text(run.at("accelerator").at("name")),
      heading_cards(run) + notes(run));
  page += section("accelerator", "The accelerator",
                  "<figure>" + machine_svg(run.at("accelerator"), run.at("area_um2")) +
                      "<figcaption>From the outermost level to the array. W, I, O: weights, inputs, outputs. "
                      "Sizes and bandwidths are "
                      "those of one instance.</figcaption></figure>\n");
  page += section(
      "layers", "Where do energy and time go?",
      chart("energy", "Energy of each layer, all copies", energy_svg(run)) +
          chart("cycles", "Cycles of each layer, all copies, and the utilisation of the array", "") + stalls +
          chart("gaps", "How far a better mapping could be: gap to the proven bound", "") +
          chart("roofline", "Roofline: work per byte that passes the outermost level", "") +
          drawing(array_svg(run),
                  "How busy each unit of the array is: the stronger, the larger the share of the cycles in "
                  "which it has a MAC. The position is that of the mapping's spatial loops; the number is "
                  "the mean. First all layers, then those that take longest.") +
          layer_table(run));
  page += over_time(run);
  return page + section("mappings", "Loop nests", nests(run));
}

std::string run_recipe(const Json& run) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"program", "weft " + text(run.at("version")) + " (" + text(run.at("revision")) + ")"});
  for (const auto& [key, value] : run.at("run").items()) {
    const bool source = value.is_object() && value.contains("name");
    rows.push_back({key, !source ? text(value)
                         : value.at("hash").is_null()
                             ? text(value.at("name"))
                             : text(value.at("name")) + "  (hash " + text(value.at("hash")) + ")"});
  }
  return table("The run", {{"what", false}, {"value", false}}, rows);
}

}  // namespace weft::report
