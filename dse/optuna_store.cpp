// Writes Optuna's tables.
// SPDX-License-Identifier: Apache-2.0
#include "dse/optuna_store.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dse/optuna_schema.hpp"
#include "dse/sqlite.hpp"
#include "dse/study_front.hpp"

namespace weft {

namespace {

using Json = nlohmann::ordered_json;
using sqlite::Database;
using sqlite::Insert;

constexpr std::int64_t kStudy = 1;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// A parameter with the JSON of its distribution: all its options are categories.
struct Parameter {
  std::string name;
  std::vector<double> numbers;  // options of the network's parameters; empty for knobs
  std::string distribution;
};

std::string categories(const Json& choices) {
  return dump({{"name", "CategoricalDistribution"}, {"attributes", {{"choices", choices}}}});
}

// Options of the network's columns: those of the genes, or of the rows of a table (one gene, other columns).
std::vector<Parameter> network_parameters(const NetworkSpace& network) {
  const std::vector<std::string> names = network.columns();
  std::vector<std::set<double>> options(names.size());
  const bool genes = names.size() == network.genes().size() && names.front() == network.genes().front().name;
  if (genes) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      options[i].insert(network.genes()[i].values.begin(), network.genes()[i].values.end());
    }
  } else {
    for (std::size_t row = 0; row < network.genes().front().values.size(); ++row) {
      const auto cells = network.cells({static_cast<int>(row)});
      for (std::size_t i = 0; i < names.size(); ++i) {
        options[i].insert(cells[i].value_or(0));
      }
    }
  }
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::vector<double> numbers(options[i].begin(), options[i].end());
    parameters.push_back({"network." + names[i], numbers, categories(numbers)});
  }
  return parameters;
}

std::vector<Parameter> knob_parameters(const DesignSpace& space) {
  std::vector<Parameter> parameters;
  for (const Knob& knob : space.knobs) {
    Json labels = Json::array();
    for (const Knob::Option& option : knob.options) {
      labels.push_back(option.label);
    }
    parameters.push_back({"knob." + knob.name, {}, categories(labels)});
  }
  return parameters;
}

// Rows of a table of attributes: own id, owner, key, JSON.
class Attributes {
 public:
  Attributes(Database& database, const std::string& table) : insert_(database, table, 4) {}
  void add(std::int64_t owner, const std::string& key, const Json& value) {
    insert_.add(++id_).add(owner).add(key).add(dump(value)).row();
  }

 private:
  Insert insert_;
  std::int64_t id_ = 0;
};

class Writer {
 public:
  Writer(Database& database, const MergedStudy& study)
      : study_(study),
        space_(study.space),
        networks_(space_.network->genes().empty() ? std::vector<Parameter>{}
                                                  : network_parameters(*space_.network)),
        knobs_(knob_parameters(space_)),
        trials_(database, "trials", 6),
        values_(database, "trial_values", 5),
        params_(database, "trial_params", 5),
        attributes_(database, "trial_user_attributes") {
    for (std::size_t place = 0; place < study.front.size(); ++place) {
      on_front_.insert(study.front[place]);
    }
  }

  void trial(std::size_t index) {
    const StudyPoint& point = study_.points[index];
    ++trial_;
    trials_.add(trial_).add(point.id).add(kStudy).add(std::string(point.feasible ? "COMPLETE" : "FAIL"));
    trials_.add_nothing().add_nothing().row();
    for (std::size_t i = 0; point.feasible && i < space_.objectives.size(); ++i) {
      values_.add(++value_).add(trial_).add(static_cast<std::int64_t>(i));
      values_.add(figure_value(space_.objectives[i], point)).add(std::string("FINITE")).row();
    }
    parameters(point);
    figures(point, on_front_.count(index) > 0);
  }

 private:
  void parameter(const Parameter& parameter, std::int64_t option) {
    params_.add(++param_).add(trial_).add(parameter.name).add(static_cast<double>(option));
    params_.add(parameter.distribution).row();
  }

  void parameters(const StudyPoint& point) {
    const auto cells = space_.network->cells(point.genome);
    for (std::size_t i = 0; i < networks_.size(); ++i) {
      if (cells[i]) {
        const auto& numbers = networks_[i].numbers;
        parameter(networks_[i], std::find(numbers.begin(), numbers.end(), *cells[i]) - numbers.begin());
      }
    }
    for (std::size_t k = 0; k < knobs_.size(); ++k) {
      parameter(knobs_[k], point.genome.at(space_.network_genes() + k));
    }
  }

  void figures(const StudyPoint& point, bool on_front) {
    attributes_.add(trial_, "network", space_.network->describe(point.genome));
    attributes_.add(trial_, "complete", point.complete);
    attributes_.add(trial_, "front", on_front);
    if (space_.accuracy != nullptr) {
      attributes_.add(trial_, figure_name(Metric::kAccuracy), point.accuracy);
    }
    attributes_.add(trial_, figure_name(Metric::kArea), point.area_um2);
    if (point.complete) {
      attributes_.add(trial_, "cycles", point.cycles);
      for (const Metric metric : {Metric::kLatency, Metric::kEnergy, Metric::kEdp}) {
        attributes_.add(trial_, figure_name(metric), figure_value(metric, point));
      }
    }
  }

  const MergedStudy& study_;
  const DesignSpace& space_;
  std::vector<Parameter> networks_, knobs_;
  Insert trials_, values_, params_;
  Attributes attributes_;
  std::set<std::size_t> on_front_;
  std::int64_t trial_ = 0, value_ = 0, param_ = 0;
};

void write_head(Database& database, const MergedStudy& study) {
  const DesignSpace& space = study.space;
  Insert(database, "studies", 2).add(kStudy).add(space.name).row();
  Insert directions(database, "study_directions", 4);
  Json names = Json::array();
  for (std::size_t i = 0; i < space.objectives.size(); ++i) {
    const bool more = space.objectives[i] == Metric::kAccuracy;
    directions.add(static_cast<std::int64_t>(i) + 1).add(std::string(more ? "MAXIMIZE" : "MINIMIZE"));
    directions.add(kStudy).add(static_cast<std::int64_t>(i)).row();
    names.push_back(figure_name(space.objectives[i]));
  }
  Attributes(database, "study_system_attributes").add(kStudy, "study:metric_names", names);
  Attributes attributes(database, "study_user_attributes");
  attributes.add(kStudy, "objectives", names);
  attributes.add(kStudy, "summary", space.summary);
  attributes.add(kStudy, "accuracy", space.accuracy == nullptr ? "not known" : space.accuracy->what());
  attributes.add(kStudy, "seed", space.seed);
  attributes.add(kStudy, "search", search_kind_names()[static_cast<std::size_t>(space.search)]);
  attributes.add(kStudy, "revision", study.revision);
}

}  // namespace

void write_optuna(const std::filesystem::path& file, const MergedStudy& study) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  Database database(file);
  database.run("BEGIN");
  database.run(kOptunaTables);
  write_head(database, study);
  Writer writer(database, study);
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    writer.trial(i);
  }
  database.run("COMMIT");
}

}  // namespace weft
