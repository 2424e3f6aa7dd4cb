// weft explore: searches a design space and prints the Pareto front.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "cli/explore_report.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

StudyRequest request_of(const ExploreArguments& arguments) {
  StudyRequest request;
  request.space = arguments.space;
  request.out = arguments.out;
  request.resume = arguments.resume;
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  request.threads = arguments.jobs > 0 ? static_cast<int>(arguments.jobs) : cores;
  if (arguments.seed >= 0) {
    request.seed = static_cast<std::uint64_t>(arguments.seed);
  }
  if (arguments.budget >= 0) {
    request.evaluations = arguments.budget;
  }
  request.revision = revision();
  request.allow_commands = arguments.allow_commands;
  request.simulate = !arguments.no_simulation;
  return request;
}

bool all_match(const StudyResult& result) {
  return std::all_of(result.simulated.begin(), result.simulated.end(),
                     [](const auto& layer) { return layer.values_match; });
}

}  // namespace

Outcome run_explore(const ExploreArguments& arguments) {
  const Format format = parse_format(arguments.format);
  StudyRequest request = request_of(arguments);
  std::optional<Progress> bar;
  request.progress = [&bar](std::int64_t done, std::int64_t total, const std::string& note) {
    if (!bar) {
      bar.emplace("exploring", total);
    }
    bar->advance(done, note);
  };
  const StudyResult result = run_study(request);
  bar.reset();
  Outcome outcome{.results = print_study(result, arguments, format)};
  if (result.resumed > 0) {
    outcome.notes += fmt::format("{} evaluations taken from the journal\n", result.resumed);
  }
  if (result.front.empty()) {
    outcome.notes += to_string({.where = {arguments.space},
                                .code = "empty-front",
                                .message = "no design evaluated meets the constraints",
                                .hint = "allow more, or evaluate more designs with --budget"});
    outcome.exit_code = kExitFailed;
  } else if (!all_match(result)) {
    outcome.exit_code = kExitFailed;
  }
  return outcome;
}

}  // namespace weft::cli
