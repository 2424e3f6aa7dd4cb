// The program `weft`: reads the command line, runs one verb, prints what it hands back. Exit codes are
// decided here and nowhere else.
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "base/progress.hpp"
#include "cli/arguments.hpp"
#include "cli/command_words.hpp"
#include "cli/verbs.hpp"

// The SystemC library wants this symbol and brings a main that calls it; ours is linked first.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return weft::cli::kExitInternal;
}

namespace {

using namespace weft::cli;

Outcome dispatch(const Arguments& arguments) {
  switch (arguments.verb) {
    case Verb::kHelp:
      return {.results = arguments.help};
    case Verb::kEstimate:
      return run_estimate(arguments.run);
    case Verb::kMap:
      return run_map(arguments.run);
    case Verb::kSimulate:
      return run_simulate(arguments.run);
    case Verb::kExplore:
      return run_explore(arguments.explore);
    case Verb::kCheck:
      return run_check(arguments.check);
    case Verb::kList:
      return run_list(arguments.list_kind);
    case Verb::kValidate:
      return run_validate(arguments.validate);
    case Verb::kReport:
      return run_report(arguments.report);
    case Verb::kConvert:
      return run_convert(arguments.convert);
    case Verb::kCompress:
      return run_compress(arguments.compress);
    case Verb::kInit:
      return run_init(arguments.init);
    case Verb::kDoctor:
      return run_doctor();
    case Verb::kCompletion:
      return run_completion(arguments.shell);
    case Verb::kManual:
      return {.results = manual(command_words())};
  }
  return {.exit_code = kExitInternal};
}

Outcome run(int argc, char** argv) {
  try {
    const Arguments arguments = parse_arguments(argc, argv);
    if (arguments.quiet) {
      setenv("WEFT_QUIET", "1", 1);  // before any thread
    }
    Outcome outcome = dispatch(arguments);
    const bool good = outcome.exit_code == kExitOk;
    return weft::quiet() && good ? Outcome{.results = std::move(outcome.results)} : outcome;
  } catch (const weft::ConfigError& error) {
    return {.exit_code = kExitUsage, .notes = error.what()};
  } catch (const weft::OverflowError& error) {
    return {
        .exit_code = kExitUsage,
        .notes = weft::to_string({.where = {},
                                  .code = "count-overflow",
                                  .message = std::string("the sizes given are too large: ") + error.what(),
                                  .hint = "smaller sizes, or a smaller --batch"})};
  } catch (const std::exception& error) {
    return {.exit_code = kExitInternal,
            .notes = std::string("internal error: ") + error.what() +
                     "\n  this is a bug of weft: please report it with the command line and the files\n"};
  }
}

// A reader that stops reading ("weft list | head -1") is no error; a full disk is.
int print(const Outcome& outcome) {
  std::fwrite(outcome.notes.data(), 1, outcome.notes.size(), stderr);
  errno = 0;
  const bool written =
      std::fwrite(outcome.results.data(), 1, outcome.results.size(), stdout) == outcome.results.size() &&
      std::fflush(stdout) == 0;
  if (!written && errno != EPIPE) {
    const std::string text =
        weft::to_string({.where = {},
                         .code = "cannot-write",
                         .message = "the results could not be written to standard output",
                         .hint = ""});
    std::fwrite(text.data(), 1, text.size(), stderr);
    return kExitUsage;
  }
  return outcome.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);  // before any elaboration
  return print(run(argc, argv));
}
