// weft explore: searches a design space and prints the Pareto front.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <csignal>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/progress.hpp"
#include "base/worker_pool.hpp"
#include "cli/explore_answers.hpp"
#include "cli/explore_report.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

// Set by Ctrl-C and by a polite kill: the study ends after the evaluations it has begun.
std::atomic<bool> stop{false};

void ask_to_stop(int) {
  stop = true;
}

// A second Ctrl-C ends the program at once.
void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is an error of write(), with a message
}

Shard parse_shard(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto index = parse_number<int>(std::string_view(text).substr(0, slash));
  const auto count = parse_number<int>(std::string_view(text).substr(std::min(slash + 1, text.size())));
  if (!index || !count || *index < 1 || *index > *count) {
    throw ConfigError({}, "bad-usage", fmt::format("--shard is i/n with i of 1 to n, not '{}'", text),
                      "three processes take 1/3, 2/3 and 3/3");
  }
  return {.index = *index, .count = *count};
}

StudyRequest request_of(const ExploreArguments& arguments) {
  StudyRequest request;
  request.space = arguments.space;
  request.out = arguments.out;
  request.network = arguments.network;
  request.resume = arguments.resume;
  request.mpi = arguments.mpi;
  request.threads = arguments.jobs > 0 ? static_cast<int>(arguments.jobs)
                    : arguments.mpi    ? 1
                                       : static_cast<int>(all_cores());
  if (arguments.seed >= 0) {
    request.seed = static_cast<std::uint64_t>(arguments.seed);
  }
  if (arguments.budget >= 0) {
    request.evaluations = arguments.budget;
  }
  request.revision = revision();
  request.allow_commands = arguments.allow_commands;
  request.prove = arguments.prove;
  request.shard = parse_shard(arguments.shard);
  if (request.mpi && request.shard.count > 1) {
    throw ConfigError({}, "bad-usage", "--mpi and --shard are two ways to share one study",
                      "give one of them");
  }
  request.stop = &stop;
  request.simulate = !arguments.no_simulation;
  request.top = arguments.top;
  return request;
}

bool all_match(const StudyResult& result) {
  return std::all_of(result.simulated.begin(), result.simulated.end(),
                     [](const auto& layer) { return layer.values_match; });
}

}  // namespace

Outcome run_explore(const ExploreArguments& arguments, const StudyProgress& progress) {
  const Format format = parse_format(arguments.format);
  StudyRequest request = request_of(arguments);
  std::optional<Progress> bar;
  request.progress = [&](std::int64_t done, std::int64_t total, const std::string& note) {
    if (progress) {
      progress(done, total, note);
    }
    if (!bar) {
      bar.emplace("exploring", total);
    }
    bar->advance(done, note);
  };
  listen_to_signals();
  const StudyResult result = run_study(request);
  bar.reset();
  if (result.served) {
    return {};
  }
  Outcome outcome{.results = print_study(result, arguments, format)};
  if (result.resumed > 0) {
    outcome.notes += fmt::format("{} evaluations taken from the journal\n", result.resumed);
  }
  for (const std::string& note : result.notes) {
    outcome.notes += note + "\n";
  }
  outcome.notes += search_energy(arguments);
  if (result.interrupted) {
    outcome.notes +=
        fmt::format("stopped; everything evaluated is kept: --resume with --out {} goes on\n", arguments.out);
    outcome.exit_code = kExitStopped;
    return outcome;
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
