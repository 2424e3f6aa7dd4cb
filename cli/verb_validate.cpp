// weft validate: published numbers beside ours; fails where a stated tolerance is missed.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"
#include "validation/print.hpp"

namespace weft::cli {
namespace {

using validation::NamedResult;
using validation::Suite;
using validation::suites;

// "gemmini-rtl" for gemmini_rtl.
std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> chosen(const ValidateArguments& arguments) {
  if (arguments.all) {
    return suites().names();
  }
  if (arguments.names.empty()) {
    throw ConfigError({}, "bad-usage", "no validation named", "'weft list validations', or --all");
  }
  std::vector<std::string> names;
  for (const std::string& name : arguments.names) {
    names.push_back(underscored(name));
    (void)suites().at(names.back());
  }
  return names;
}

validation::SuiteOptions options_of(const ValidateArguments& arguments,
                                    const std::vector<std::string>& names) {
  validation::SuiteOptions options = validation::default_options();
  if (!arguments.table.empty()) {
    if (names.size() != 1) {
      throw ConfigError({}, "bad-usage", "--table is for one suite", "name it alone");
    }
    if (suites().at(names.front()).table.empty()) {
      throw ConfigError({}, "bad-usage",
                        "'" + names.front() + "' has no table that another could stand in for");
    }
    options.table = arguments.table;
  }
  return options;
}

std::string printed(const std::vector<NamedResult>& results, const ValidateArguments& arguments,
                    const validation::SuiteOptions& options) {
  if (arguments.markdown) {
    return print_markdown(results, options, arguments.all);
  }
  switch (parse_format(arguments.format)) {
    case Format::kText:
      return print_text(results);
    case Format::kJson:
      return print_json(results);
    case Format::kCsv:
      return print_csv(results);
  }
  return "";
}

}  // namespace

Outcome run_validate(const ValidateArguments& arguments) {
  (void)parse_format(arguments.format);
  const std::vector<std::string> names = chosen(arguments);
  const validation::SuiteOptions options = options_of(arguments, names);
  std::vector<NamedResult> results;
  Progress progress("validating", static_cast<std::int64_t>(names.size()));
  bool met = true;
  for (const auto& entry : suites().entries()) {
    if (std::find(names.begin(), names.end(), entry.name) == names.end()) {
      continue;
    }
    progress.advance(static_cast<std::int64_t>(results.size()), entry.name);
    results.push_back({entry.name, entry.summary, entry.item.run(options)});
    met = met && results.back().result.met();
  }
  progress.finish();
  return {.exit_code = met ? kExitOk : kExitFailed, .results = printed(results, arguments, options)};
}

}  // namespace weft::cli
