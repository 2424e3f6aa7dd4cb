// Validations as the page docs/validation.md.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "validation/print.hpp"
#include "validation/print_parts.hpp"

namespace weft::validation {
namespace {

std::string file_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// '|' would end a cell.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

std::string truths_of(const SuiteResult& result) {
  std::set<std::string> seen;
  std::string text;
  for (const Series& series : result.series) {
    const std::string name(name_of(series.truth));
    if (seen.insert(name).second) {
      text += (text.empty() ? "" : ", ") + name;
    }
  }
  return text;
}

std::string overview(const std::vector<NamedResult>& results) {
  std::string text = "| suite | reference | claims | agreement |\n|---|---|---|---|\n";
  for (const NamedResult& named : results) {
    const auto met = std::count_if(named.result.claims.begin(), named.result.claims.end(),
                                   [](const Claim& claim) { return claim.met(); });
    std::string agreements;
    for (const Series& series : named.result.series) {
      agreements += (agreements.empty() ? "" : "<br>") + series.title + ": " + summary_line(series);
    }
    text += fmt::format("| [{0}](#{0}) | {1} | {2} of {3} met | {4} |\n", named.name, truths_of(named.result),
                        met, named.result.claims.size(), cell(agreements));
  }
  return text;
}

std::string table_of(const Series& series) {
  std::string text = fmt::format("**{}** [{}]. Reference: {}, {}. {}.\n\n", series.title, series.unit,
                                 name_of(series.truth), series.source, summary_line(series));
  text += series.summarised ? "The rows furthest off:\n\n" : "";
  const bool notes = !series.notes.empty();
  text += notes ? "| row | reference | ours | error | note |\n|---|---:|---:|---:|---|\n"
                : "| row | reference | ours | error |\n|---|---:|---:|---:|\n";
  for (const std::size_t i : shown_rows(series)) {
    const Comparison& row = series.rows[i];
    text += fmt::format("| {} | {} | {} | {} |{}\n", cell(row.what), number(row.reference), number(row.ours),
                        signed_error(row), notes ? " " + cell(series.notes[i]) + " |" : "");
  }
  return text + "\n";
}

std::string section(const NamedResult& named, const SuiteOptions& options) {
  const SuiteResult& result = named.result;
  std::string text = fmt::format("## {0}\n\n{1}. Run it: `weft validate {0}`. Ran: {2}.\n\n", named.name,
                                 named.summary, result.machine);
  for (const Series& series : result.series) {
    text += table_of(series);
  }
  text += "Claims:\n\n";
  for (const Claim& claim : result.claims) {
    text += "- " + claim_line(claim) + "\n";
  }
  text += "\nRows that informed the model: " + result.informed + "\n\nNot modelled:\n\n";
  for (const std::string& item : result.not_modelled) {
    text += "- " + item + "\n";
  }
  const std::string more = file_text(options.data / (named.name + ".md"));
  return text + (more.empty() ? "" : "\n" + more) + "\n";
}

}  // namespace

std::string print_markdown(const std::vector<NamedResult>& results, const SuiteOptions& options, bool whole) {
  std::string text = whole ? file_text(options.data / "page_head.md") + "\n" : "";
  text += overview(results) + "\n";
  for (const NamedResult& named : results) {
    text += section(named, options);
  }
  return text + (whole ? file_text(options.data / "page_end.md") : "");
}

}  // namespace weft::validation
