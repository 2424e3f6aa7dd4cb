// The command line, read with CLI11; its errors become diagnostics of ours.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/arguments_options.hpp"
#include "cli/command_words.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

using Word = std::pair<Verb, std::string_view>;
constexpr std::array kVerbs = {
    Word{Verb::kEstimate, "estimate"}, Word{Verb::kMap, "map"},         Word{Verb::kSimulate, "simulate"},
    Word{Verb::kExplore, "explore"},   Word{Verb::kCheck, "check"},     Word{Verb::kValidate, "validate"},
    Word{Verb::kReport, "report"},     Word{Verb::kConvert, "convert"}, Word{Verb::kCompress, "compress"},
    Word{Verb::kInit, "init"},         Word{Verb::kDoctor, "doctor"},   Word{Verb::kCompletion, "completion"},
    Word{Verb::kManual, "manual"},     Word{Verb::kList, "list"},
};

// The words a user may have meant: the verb's options, or the verbs.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(verb->get_name());
  }
  return words;
}

// The verb the line names, or the program when it names none.
const CLI::App& addressed(const CLI::App& app, int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
      if (verb->get_name() == argv[i]) {
        return *verb;
      }
    }
  }
  return app;
}

[[noreturn]] void throw_unknown_word(const CLI::App& verb, std::string word) {
  word = word.substr(0, word.find('='));
  const bool option = word.rfind('-', 0) == 0;
  const std::string close = nearest(word, known_words(verb));
  const std::string help = "weft " + (verb.get_name() == "weft" ? "" : verb.get_name() + " ") + "--help";
  throw ConfigError({}, "bad-usage",
                    std::string(option ? "unknown option '" : "unexpected word '") + word + "'",
                    close.empty() ? "see " + help : "did you mean '" + close + "'?");
}

[[noreturn]] void throw_usage(const CLI::App& app, const CLI::ParseError& error, int argc,
                              const char* const* argv) {
  const CLI::App& verb = addressed(app, argc, argv);
  if (&verb == &app && argc > 1) {
    throw_unknown_word(app, argv[1]);
  }
  // An unknown option is the likelier slip than the required one that it was meant to be.
  const std::vector<std::string> known = known_words(verb);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string name = word.substr(0, word.find('='));
    if (name.rfind("--", 0) == 0 && std::find(known.begin(), known.end(), name) == known.end()) {
      throw_unknown_word(verb, word);
    }
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::string text = error.what();  // "...: first second"
    const std::string words = text.substr(text.rfind(": ") + 2);
    throw_unknown_word(verb, words.substr(0, words.find(' ')));
  }
  if (&verb == &app) {
    throw ConfigError({}, "bad-usage", "no verb given", "'weft' alone lists them");
  }
  throw ConfigError({}, "bad-usage", error.what(), "see weft " + verb.get_name() + " --help");
}

Verb verb_of(const CLI::App& app) {
  const std::string name = app.get_subcommands().front()->get_name();
  for (const auto& [verb, word] : kVerbs) {
    if (word == name) {
      return verb;
    }
  }
  throw InternalError(__FILE__, __LINE__, "verb", "unhandled verb " + name);
}

}  // namespace

std::string name_of(Verb verb) {
  for (const auto& [known, word] : kVerbs) {
    if (known == verb) {
      return std::string(word);
    }
  }
  return "help";
}

std::vector<VerbWords> command_words() {
  Arguments arguments;
  CLI::App app("weft", "weft");
  build(app, arguments);
  std::vector<VerbWords> verbs;
  for (const CLI::App* from : app.get_subcommands([](const CLI::App*) { return true; })) {
    VerbWords verb{.name = from->get_name(), .summary = from->get_description()};
    for (const CLI::Option* option : from->get_options()) {
      if (option->get_lnames().empty()) {
        verb.places.push_back(option->get_name());
      } else {
        const bool value = option->get_items_expected_max() > 0;
        verb.options.push_back({"--" + option->get_lnames().front(), option->get_description(), value});
      }
    }
    verbs.push_back(std::move(verb));
  }
  return verbs;
}

Arguments parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  if (argc == 1) {
    arguments.help = overview(command_words());
    return arguments;
  }
  CLI::App app("weft: simulate, map and co-design deep-learning accelerators", "weft");
  build(app, arguments);
  try {
    app.parse(argc, argv);
    arguments.verb = verb_of(app);
  } catch (const CLI::CallForVersion&) {
    arguments.help = version_line() + "\n" + libraries() + "\n";
  } catch (const CLI::CallForHelp&) {
    arguments.help = app.help();
  } catch (const CLI::ParseError& error) {
    throw_usage(app, error, argc, argv);
  }
  return arguments;
}

}  // namespace weft::cli
