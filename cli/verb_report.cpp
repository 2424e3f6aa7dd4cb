// weft report: one HTML page about a study's folder, or about a JSON report of estimate, map or simulate.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/table.hpp"
#include "base/text_file.hpp"
#include "base/whole_file.hpp"
#include "cli/report.hpp"
#include "cli/solve.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "dse/merged_study.hpp"
#include "dse/study_front.hpp"
#include "report/page.hpp"
#include "report/study_json.hpp"
#include "report/study_results.hpp"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestJson = 256U << 20U;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

report::StudyFacts facts_of(const DesignSpace& space, const std::string& yaml) {
  report::StudyFacts facts{.name = space.name, .seed = space.seed, .space_yaml = yaml};
  std::string objectives;
  for (const Metric metric : space.objectives) {
    facts.objectives.push_back(figure_name(metric));
    objectives += (objectives.empty() ? "" : ", ") + metric_names()[static_cast<std::size_t>(metric)];
  }
  facts.recipe = {{"command", "weft explore study.yaml --out FOLDER"},
                  {"revision of the program that searched", revision_in(yaml)},
                  {"space", fmt::format("{}, {} designs in all", space.name, significant(space.size()))},
                  {"objectives", objectives},
                  {"search", search_kind_names()[static_cast<std::size_t>(space.search)]},
                  {"evaluations", grouped(space.evaluations)},
                  {"seed", std::to_string(space.seed)},
                  {"mapper", fmt::format("{}, objective {}, at most {} evaluations a layer", space.mapper,
                                         name_of(space.mapper_objective), space.mapper_evaluations)},
                  {"energy table", space.energy_table}};
  return facts;
}

// Energy times delay is no column of the database.
void add_edp(report::StudyResults& results) {
  const report::Figure* energy = results.figure("energy_pj");
  const report::Figure* latency = results.figure("latency_s");
  if (energy == nullptr || latency == nullptr || results.figure("edp_js") != nullptr) {
    return;
  }
  report::Figure edp{.name = "edp_js"};
  for (std::size_t i = 0; i < energy->values.size(); ++i) {
    edp.values.push_back(energy->values[i] * 1e-12 * latency->values[i]);
  }
  results.figures.push_back(std::move(edp));
}

Json study_of(const fs::path& folder, const DesignSpace& space) {
  report::StudyResults results = report::load_results(folder / "results.sqlite");
  for (report::Choice& choice : results.choices) {
    std::vector<std::string> order;
    for (const Knob& knob : space.knobs) {
      for (const Knob::Option& option : knob.options) {
        if (choice.name == "knob." + knob.name) {
          order.push_back(option.label);
        }
      }
    }
    report::sort_labels(choice, order);
  }
  add_edp(results);
  return study_json(results, facts_of(space, text_of(folder / "study.yaml")));
}

// The chosen design with the mappings of the study, priced again; null when the study chose none.
Json chosen_of(const fs::path& folder, const DesignSpace& space) {
  const fs::path chosen = folder / "chosen";
  std::error_code ignored;
  if (!fs::exists(chosen / "accelerator.yaml", ignored)) {
    return nullptr;
  }
  RunArguments run;
  run.arch = (chosen / "accelerator.yaml").string();
  run.network = (chosen / "network.yaml").string();
  run.mapping = (chosen / "mappings").string();
  run.energy = space.energy_table;
  run.objective = name_of(space.mapper_objective);
  Setup setup = prepare(run);
  setup.arch_source.name = "chosen/accelerator.yaml";
  setup.network_source.name = "chosen/network.yaml";
  setup.arguments.mapping = "chosen/mappings";
  return Json::parse(print_json(make_report(Verb::kEstimate, setup, solve(setup)), setup));
}

Json study_data(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "study.yaml", ignored)) {
    throw ConfigError({folder.string()}, "no-results", "the folder holds no study",
                      "name the folder that 'weft explore --out' wrote, or a JSON report");
  }
  const DesignSpace space = load_space((folder / "study.yaml").string());
  return report::page_data(version(), revision(), "Study " + space.name, study_of(folder, space),
                           chosen_of(folder, space));
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw ConfigError({file.string()}, "not-a-report", "no JSON report of estimate, map or simulate: " + why,
                    "make one with 'weft estimate ... --format json'");
}

Json run_data(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw ConfigError({file.string()}, "missing-file", "no such file or folder");
  }
  if (fs::file_size(file, ignored) > kLargestJson) {
    refuse(file, "it is larger than 256 MiB");
  }
  try {
    Json run = Json::parse(text_of(file));
    const auto schema = run.is_object() ? run.value("schema", "") : "";
    if (schema != "weft/1" || !run.contains("layers") || !run.contains("accelerator")) {
      refuse(file, "it has no layers on an accelerator");
    }
    const std::string title = run.at("run").at("verb").get<std::string>() + ": " +
                              run.at("run").at("network").at("name").get<std::string>() + " on " +
                              run.at("run").at("arch").at("name").get<std::string>();
    return report::page_data(version(), revision(), title, nullptr, std::move(run));
  } catch (const Json::exception& error) {
    refuse(file, error.what());
  }
}

// The series of a JSON of weft validate, without their rows.
Json validation_of(const fs::path& file) {
  Json list = Json::array();
  try {
    const Json json = Json::parse(read_text_file(file));
    for (const Json& suite : json.at("suites")) {
      for (const Json& series : suite.at("series")) {
        list.push_back({{"suite", suite.at("suite")},
                        {"met", suite.at("met")},
                        {"title", series.at("title")},
                        {"unit", series.at("unit")},
                        {"reference_kind", series.at("reference_kind")},
                        {"source", series.at("source")},
                        {"rows", series.at("rows").size()},
                        {"mean_absolute_error", series.at("mean_absolute_error")},
                        {"worst_error", series.at("worst_error")}});
      }
    }
  } catch (const Json::exception& error) {
    throw ConfigError({file.string()}, "not-a-report",
                      std::string("no JSON of weft validate: ") + error.what(),
                      "make one with 'weft validate --all --format json'");
  }
  return list;
}

// The ski slope of a JSON of weft map --ski-slope.
Json slope_of(const fs::path& file) {
  try {
    Json slope = Json::parse(read_text_file(file)).at("ski_slope");
    (void)slope.at("marks");
    return slope;
  } catch (const Json::exception& error) {
    throw ConfigError({file.string()}, "not-a-report",
                      std::string("no JSON of weft map --ski-slope: ") + error.what(),
                      "make one with 'weft map ... --ski-slope --format json'");
  }
}

fs::path default_out(const fs::path& path, bool folder) {
  return folder ? path / "report.html" : fs::path(path).replace_extension(".html");
}

}  // namespace

Outcome run_report(const ReportArguments& arguments) {
  const fs::path path = arguments.path;
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored);
  const bool json = choose("format", arguments.format, {"html", "json"}) == 1;
  Json data = folder ? study_data(path) : run_data(path);
  if (!arguments.validation.empty()) {
    data["validation"] = validation_of(arguments.validation);
  }
  if (!arguments.slope.empty()) {
    data["ski_slope"] = slope_of(arguments.slope);
  }
  if (json) {
    return {.results = data.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
  }
  const fs::path out = arguments.out.empty() ? default_out(path, folder) : fs::path(arguments.out);
  try {
    write_whole_file(out, report::page_of(data));
  } catch (const Json::exception& error) {
    refuse(path, error.what());
  }
  return {.results = "report written to " + out.string() + "\n"};
}

}  // namespace weft::cli
