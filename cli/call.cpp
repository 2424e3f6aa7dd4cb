// Runs one verb; exit codes are decided here and in the verbs.
// SPDX-License-Identifier: Apache-2.0
#include "cli/call.hpp"

#include <cstdlib>
#include <exception>
#include <utility>

#include "base/checked.hpp"
#include "base/progress.hpp"
#include "cli/arguments.hpp"
#include "cli/command_words.hpp"

namespace weft::cli {
namespace {

Outcome dispatch(const Arguments& arguments, const StudyProgress& progress) {
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
      return run_explore(arguments.explore, progress);
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

Outcome run(int argc, const char* const* argv, const StudyProgress& progress) {
  const Arguments arguments = parse_arguments(argc, argv);
  if (arguments.quiet) {
    setenv("WEFT_QUIET", "1", 1);  // before any thread
  }
  Outcome outcome = dispatch(arguments, progress);
  const bool good = outcome.exit_code == kExitOk;
  return quiet() && good ? Outcome{.results = std::move(outcome.results)} : outcome;
}

Answer refusal(const ConfigError& error) {
  return {.outcome = {.exit_code = kExitUsage, .notes = error.what()}, .diagnostics = error.diagnostics()};
}

}  // namespace

Answer answer_of(const std::function<Outcome()>& work) {
  try {
    return {.outcome = work()};
  } catch (const ConfigError& error) {
    return refusal(error);
  } catch (const OverflowError& error) {
    return refusal(ConfigError({}, "count-overflow",
                               std::string("the sizes given are too large: ") + error.what(),
                               "smaller sizes, or a smaller --batch"));
  } catch (const std::exception& error) {
    return {
        .outcome = {
            .exit_code = kExitInternal,
            .notes = std::string("internal error: ") + error.what() +
                     "\n  this is a bug of weft: please report it with the command line and the files\n"}};
  }
}

Answer call(int argc, const char* const* argv, const StudyProgress& progress) {
  return answer_of([&] { return run(argc, argv, progress); });
}

}  // namespace weft::cli
