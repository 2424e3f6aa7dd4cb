// Columns, progress and importance of a study.
// SPDX-License-Identifier: Apache-2.0
#include "report/study_json.hpp"

#include <algorithm>
#include <cmath>

#include "report/hypervolume.hpp"
#include "report/importance.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kSamples = 16384;  // standard error of a share: 0.4 % at most

// The objectives' figures; names that the results do not hold are left out.
std::vector<const Figure*> objective_figures(const StudyResults& results, const StudyFacts& facts) {
  std::vector<const Figure*> figures;
  for (const std::string& name : facts.objectives) {
    if (const Figure* figure = results.figure(name)) {
      figures.push_back(figure);
    }
  }
  return figures;
}

// 0: best of all complete designs, 1: worst; of logarithms where by_logarithm() says so.
std::vector<double> scaled(const Figure& figure, const std::vector<bool>& complete) {
  std::vector<double> values(figure.values.size());
  double low = INFINITY, high = -INFINITY;
  const bool logarithm = by_logarithm(figure, complete);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = !complete[i] ? 0 : logarithm ? std::log10(figure.values[i]) : figure.values[i];
    values[i] *= more_is_better(figure.name) ? -1 : 1;
    if (complete[i]) {
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
  }
  for (double& value : values) {
    value = high > low ? (value - low) / (high - low) : 0;
  }
  return values;
}

Json progress_json(const StudyResults& results, const StudyFacts& facts) {
  std::vector<std::vector<double>> columns;
  for (const Figure* figure : objective_figures(results, facts)) {
    columns.push_back(scaled(*figure, results.complete));
  }
  std::vector<std::vector<double>> points(results.ids.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const std::vector<double>& column : columns) {
      if (results.complete[i]) {
        points[i].push_back(column[i]);
      }
    }
  }
  Json json = {{"samples", kSamples},
               {"evaluations", Json::array()},
               {"hypervolume", Json::array()},
               {"front", Json::array()}};
  for (const FrontStep& step : progress_of(points, kSamples, 1)) {
    json["evaluations"].push_back(step.evaluations);
    json["hypervolume"].push_back(step.hypervolume);
    json["front"].push_back(step.front);
  }
  return json;
}

Json importance_json(const StudyResults& results) {
  Json list = Json::array();
  for (const Figure& figure : results.figures) {
    const bool logarithm = by_logarithm(figure, results.complete);
    for (const Choice& choice : results.choices) {
      std::vector<double> values;
      std::vector<std::size_t> groups;
      for (std::size_t i = 0; i < results.ids.size(); ++i) {
        if (results.complete[i]) {
          values.push_back(logarithm ? std::log10(figure.values[i]) : figure.values[i]);
          groups.push_back(choice.of[i]);
        }
      }
      const auto share = explained_share(values, groups);
      list.push_back({{"figure", figure.name},
                      {"choice", choice.name},
                      {"share", share ? Json(*share) : Json(nullptr)}});
    }
  }
  return list;
}

Json simulated_json(const StudyResults& results) {
  Json list = Json::array();
  for (const SimulatedRow& row : results.simulated) {
    list.push_back({{"layer", row.layer},
                    {"count", row.count},
                    {"model_cycles", row.model_cycles},
                    {"simulated_cycles", row.simulated_cycles},
                    {"outputs_equal", row.values_match}});
  }
  return list;
}

Json recipe_json(const StudyFacts& facts) {
  Json list = Json::array();
  for (const auto& [label, text] : facts.recipe) {
    list.push_back({{"label", label}, {"text", text}});
  }
  return list;
}

}  // namespace

bool more_is_better(const std::string& figure) {
  return figure.find("accuracy") != std::string::npos || figure.find("per_s") != std::string::npos;
}

bool by_logarithm(const Figure& figure, const std::vector<bool>& complete) {
  bool above_zero = figure.name.find("percent") == std::string::npos;
  for (std::size_t i = 0; i < figure.values.size(); ++i) {
    above_zero = above_zero && (!complete[i] || figure.values[i] > 0);
  }
  return above_zero;
}

Json study_json(const StudyResults& results, const StudyFacts& facts) {
  Json json = {{"name", facts.name}, {"seed", facts.seed}, {"objectives", facts.objectives}};
  json["designs"] = results.ids;
  json["choices"] = Json::array();
  for (const Choice& choice : results.choices) {
    json["choices"].push_back({{"name", choice.name}, {"labels", choice.labels}, {"of", choice.of}});
  }
  json["figures"] = Json::array();
  for (const Figure& figure : results.figures) {
    json["figures"].push_back({{"name", figure.name},
                               {"better", more_is_better(figure.name) ? "more" : "less"},
                               {"values", figure.values}});
  }
  json["complete"] = results.complete;
  json["front"] = results.front;
  json["chosen"] = results.chosen ? Json(*results.chosen) : Json(nullptr);
  json["progress"] = progress_json(results, facts);
  json["importance"] = importance_json(results);
  json["simulated"] = simulated_json(results);
  json["resimulated"] = Json::array();
  for (const ResimulatedRow& row : results.resimulated) {
    json["resimulated"].push_back({{"design", row.design},
                                   {"model_cycles", row.model_cycles},
                                   {"simulated_cycles", row.simulated_cycles}});
  }
  json["recipe"] = recipe_json(facts);
  json["space"] = facts.space_yaml;
  return json;
}

}  // namespace weft::report
