// Puts a page together.
// SPDX-License-Identifier: Apache-2.0
#include "report/page.hpp"

#include <nlohmann/json.hpp>

#include "report/bundle.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace weft::report {
namespace {

using Json = nlohmann::ordered_json;

// Nothing is fetched, whatever the data says.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

// JSON inside a script element: no '<' may end it. The data stays the same, \u003c is '<'.
std::string embedded(const Json& data) {
  std::string text;
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    text += c == '<' ? "\\u003c" : std::string(1, c);
  }
  return text;
}

std::string head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
         std::string(kPolicy) + "\">\n<title>" + escaped(title) + "</title>\n<style>\n" +
         std::string(style_sheet()) + "</style>\n</head>\n";
}

std::string contents(const Json& data) {
  std::string text = "<nav aria-label=\"Contents\">";
  const auto link = [&text](const char* id, const char* name) {
    text += std::string("<a href=\"#") + id + "\">" + name + "</a>";
  };
  if (!data.at("study").is_null()) {
    link("front", "Front");
    link("search", "Search");
  }
  if (!data.at("run").is_null()) {
    link("accelerator", "Accelerator");
    link("layers", "Layers");
    link("mappings", "Mappings");
  }
  if (data.contains("ski_slope")) {
    link("slope", "Buffer sizes");
  }
  if (!data.at("validation").is_null()) {
    link("validation", "Validation");
  }
  link("recipe", "Recipe");
  return text + "</nav>\n";
}

}  // namespace

std::string page_of(const Json& data) {
  const auto title = data.at("title").get<std::string>();
  const Json& study = data.at("study");
  const Json& run = data.at("run");
  std::string body = "<body>\n<header><h1>" + escaped(title) +
                     "</h1><button id=\"theme\" type=\"button\" hidden>" +
                     "light or dark</button></header>\n" + contents(data) + "<main>\n";
  body += study.is_null() ? "" : study_sections(study);
  body += run.is_null() ? "" : run_sections(run);
  body += data.contains("ski_slope") ? slope_section(data.at("ski_slope")) : "";
  body += data.at("validation").is_null() ? "" : validation_section(data.at("validation"));
  body += section("recipe", "How to get this again",
                  (study.is_null() ? "" : study_recipe(study)) + (run.is_null() ? "" : run_recipe(run)));
  body += "</main>\n<footer>weft " + escaped(data.at("version").get<std::string>()) + " (" +
          escaped(data.at("revision").get<std::string>()) + ")</footer>\n";
  body += "<script type=\"application/json\" id=\"weft-data\">" + embedded(data) + "</script>\n";
  if (!script().empty()) {
    body += "<script>" + std::string(script()) + "</script>\n";
  }
  return head(title) + body + "</body>\n</html>\n";
}

Json page_data(const std::string& version, const std::string& revision, const std::string& title, Json study,
               Json run) {
  return {{"schema", "weft-report/1"}, {"version", version},    {"revision", revision}, {"title", title},
          {"study", std::move(study)}, {"run", std::move(run)}, {"validation", nullptr}};
}

}  // namespace weft::report
