// What a study found, as HTML.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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

const Json* figure_of(const Json& study, const std::string& name) {
  for (const Json& figure : study.at("figures")) {
    if (figure.at("name") == name) {
      return &figure;
    }
  }
  return nullptr;
}

std::string heading_cards(const Json& study) {
  std::vector<Card> list = {
      {grouped(static_cast<long long>(study.at("designs").size())), "designs evaluated"},
      {grouped(static_cast<long long>(study.at("front").size())), "on the front"}};
  if (!study.at("chosen").is_null()) {
    const auto chosen = study.at("chosen").get<std::size_t>();
    for (const Json& objective : study.at("objectives")) {
      const auto name = objective.get<std::string>();
      if (const Json* figure = figure_of(study, name)) {
        list.push_back({figure_text(name, figure->at("values").at(chosen).get<double>()),
                        figure_label(name) + " of the chosen design"});
      }
    }
  }
  return cards(list);
}

std::string front_table(const Json& study) {
  std::vector<Column> columns = {{"design"}};
  for (const Json& figure : study.at("figures")) {
    columns.push_back({figure_label(figure.at("name").get<std::string>())});
  }
  for (const Json& choice : study.at("choices")) {
    columns.push_back({figure_label(choice.at("name").get<std::string>()), false});
  }
  std::vector<std::vector<std::string>> rows;
  for (const Json& member : study.at("front")) {
    const auto i = member.get<std::size_t>();
    const bool chosen = study.at("chosen") == member;
    std::vector<std::string> row = {
        fmt::format("{}{}", chosen ? "★ " : "", study.at("designs").at(i).get<std::int64_t>())};
    for (const Json& figure : study.at("figures")) {
      row.push_back(
          figure_text(figure.at("name").get<std::string>(), figure.at("values").at(i).get<double>()));
    }
    for (const Json& choice : study.at("choices")) {
      row.push_back(choice.at("labels").at(choice.at("of").at(i).get<std::size_t>()).get<std::string>());
    }
    rows.push_back(std::move(row));
  }
  return "<div id=\"designs\">" + table("The front; ★ is the design chosen", columns, rows) + "</div>\n";
}

std::string importance_table(const Json& study) {
  std::vector<Column> columns = {{"choice", false}};
  std::vector<std::string> figures;
  for (const Json& figure : study.at("figures")) {
    figures.push_back(figure.at("name").get<std::string>());
    columns.push_back({figure_label(figures.back())});
  }
  std::vector<std::vector<std::string>> rows;
  for (const Json& choice : study.at("choices")) {
    std::vector<std::string> row = {figure_label(choice.at("name").get<std::string>())};
    for (const std::string& name : figures) {
      for (const Json& entry : study.at("importance")) {
        if (entry.at("figure") == name && entry.at("choice") == choice.at("name")) {
          row.push_back(entry.at("share").is_null() ? "–" : percent(entry.at("share").get<double>()));
        }
      }
    }
    rows.push_back(std::move(row));
  }
  return table("Share of a figure's variance that one choice explains alone", columns, rows);
}

std::string progress_table(const Json& study) {
  const Json& progress = study.at("progress");
  const Json& evaluations = progress.at("evaluations");
  std::vector<std::vector<std::string>> rows;
  const std::size_t step = std::max<std::size_t>(1, evaluations.size() / 12);
  for (std::size_t i = 0; i < evaluations.size(); ++i) {
    if (i % step == 0 || i + 1 == evaluations.size()) {
      rows.push_back({grouped(evaluations[i].get<long long>()),
                      percent(progress.at("hypervolume")[i].get<double>()),
                      grouped(progress.at("front")[i].get<long long>())});
    }
  }
  return table("Progress of the search", {{"evaluations"}, {"hypervolume"}, {"designs on the front"}}, rows);
}

std::string simulated(const Json& study) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : study.at("simulated")) {
    const auto model = row.at("model_cycles").get<double>();
    const auto seen = row.at("simulated_cycles").get<double>();
    rows.push_back({row.at("layer").get<std::string>(), grouped(row.at("count").get<long long>()),
                    grouped(row.at("model_cycles").get<long long>()),
                    grouped(row.at("simulated_cycles").get<long long>()),
                    percent(model > 0 ? seen / model - 1 : NAN),
                    row.at("outputs_equal").get<bool>() ? "yes" : "NO"});
  }
  if (rows.empty()) {
    return "";
  }
  return section("simulated", "The chosen design, simulated",
                 table("Array work, one copy of each shape: what the model said and the simulator measured",
                       {{"layer", false},
                        {"layers of this shape"},
                        {"cycles, model"},
                        {"cycles, simulated"},
                        {"difference"},
                        {"outputs equal the reference", false}},
                       rows));
}

std::string resimulated(const Json& study) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : study.at("resimulated")) {
    const auto model = row.at("model_cycles").get<double>();
    const auto seen = row.at("simulated_cycles").get<double>();
    rows.push_back(
        {grouped(row.at("design").get<long long>()), grouped(row.at("model_cycles").get<long long>()),
         grouped(row.at("simulated_cycles").get<long long>()), percent(seen > 0 ? model / seen - 1 : NAN)});
  }
  if (rows.empty()) {
    return "";
  }
  return section(
      "resimulated", "The best designs, simulated",
      table("Designs of the front, nearest to the chosen one first: array work of the whole network",
            {{"design"}, {"cycles, model"}, {"cycles, simulated"}, {"error of the model"}}, rows));
}

}  // namespace

std::string study_sections(const Json& study) {
  const std::string points = front_svg(study);
  std::string text = heading_cards(study);
  text += section("front", "Which trade-offs are there?",
                  "<div id=\"front-controls\"></div>\n" +
                      chart("front", "Every design evaluated; the front stands out", points) +
                      chart("parallel", "Choices and figures of the same designs", "") + front_table(study));
  text += section("search", "Did the search find enough, and what mattered?",
                  chart("progress", "Share of the box from best to worst that the front dominates", "") +
                      folded_tables("progress as a table", progress_table(study)) +
                      chart("importance", "What one choice alone explains of a figure's variance", "") +
                      folded_tables("importance as a table", importance_table(study)) +
                      "<p class=\"note\">Hypervolume: objectives scaled from the best (0) to the worst "
                      "design of this study (1), "
                      "logarithms where "
                      "all values are above zero; estimated with random points, standard error 0.4 % at "
                      "most. Variance: epsilon squared over the designs "
                      "evaluated. A search looks where designs are good, so shares say what mattered there, "
                      "not in the whole "
                      "space; choices that act only together can have small shares.</p>\n");
  return text + resimulated(study) + simulated(study);
}

std::string study_recipe(const Json& study) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& entry : study.at("recipe")) {
    rows.push_back({entry.at("label").get<std::string>(), entry.at("text").get<std::string>()});
  }
  return table("The study", {{"what", false}, {"value", false}}, rows) +
         folded("the space as understood (study.yaml)", study.at("space").get<std::string>());
}

}  // namespace weft::report
