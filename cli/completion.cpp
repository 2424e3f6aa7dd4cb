// Completion for shells. Names of presets are asked for when they are needed: weft list knows them.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command_words.hpp"

namespace weft::cli {
namespace {

// What completes the value of an option: a kind of `weft list`, words, or files.
struct Values {
  const char* option;
  const char* kind;   // of weft list; empty: none
  const char* words;  // besides
};
constexpr Values kValues[] = {
    {"--arch", "archs", ""},
    {"--network", "networks", ""},
    {"--energy", "energy", ""},
    {"--constraints", "constraints", ""},
    {"--search", "searches", ""},
    {"--objective", "", "energy latency edp ed2p"},
    {"--format", "", "text json csv"},
    {"--convention", "", "weft timeloop"},
    {"--to", "", "weft timeloop optuna"},
};

constexpr const char* kBash = R"(# Completion of weft for bash: source <(weft completion bash)
_weft_names() { weft list "$1" 2> /dev/null | tail -n +3 | cut -d ' ' -f 1; }
_weft() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} words=
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "@VERBS@ --help --version" -- "$word"))
    return
  fi
  case $before in
@VALUES@    *) case $verb in
@OPTIONS@    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case $verb in
    list | validate | doctor | completion | manual) ;;
    *) [[ $word == -* ]] || COMPREPLY+=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _weft weft
)";

constexpr const char* kZsh = R"(#compdef weft
# Completion of weft for zsh: put it into a folder of fpath as _weft, or: source <(weft completion zsh)
_weft_names() { weft list "$1" 2> /dev/null | tail -n +3 | cut -d ' ' -f 1 }
_weft() {
  local -a verbs
  verbs=(@DESCRIBED@)
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local before=${words[CURRENT-1]} verb=${words[2]} choices=
  case $before in
@VALUES@    *) case $verb in
@OPTIONS@    esac ;;
  esac
  compadd -- ${=choices}
  _files
}
(( $+functions[compdef] )) && compdef _weft weft
)";

std::string replaced(std::string text, const std::string& mark, const std::string& by) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

}  // namespace

std::string completion(const std::vector<VerbWords>& verbs, const std::string& shell) {
  std::string names, described, values, options;
  for (const VerbWords& verb : verbs) {
    names += (names.empty() ? "" : " ") + verb.name;
    described +=
        fmt::format("\n    '{}:{}'", verb.name, replaced(replaced(verb.summary, "'", ""), ":", "\\:"));
    std::string list;
    for (const OptionWords& option : verb.options) {
      list += " " + option.name;
    }
    const char* kinds = verb.name == "list"
                            ? " archs networks spaces searches constraints energy objectives validations"
                        : verb.name == "explore"    ? " $(_weft_names spaces)"
                        : verb.name == "validate"   ? " $(_weft_names validations)"
                        : verb.name == "init"       ? " accelerator network space"
                        : verb.name == "completion" ? " bash zsh"
                        : verb.name == "convert"    ? " weft timeloop scalesim maestro onnx"
                                                    : "";
    options +=
        fmt::format("      {}) words=\"{}{}\" ;;\n", verb.name, list.empty() ? "" : list.substr(1), kinds);
  }
  for (const Values& value : kValues) {
    const std::string names_of = *value.kind == '\0' ? "" : fmt::format("$(_weft_names {})", value.kind);
    values += fmt::format("    {}) words=\"{}{}\" ;;\n", value.option, names_of, value.words);
  }
  const bool zsh = shell == "zsh";
  std::string text = zsh ? kZsh : kBash;
  if (zsh) {  // where `words` is the line
    values = replaced(values, " words=", " choices=");
    options = replaced(options, " words=", " choices=");
  }
  text = replaced(replaced(text, "@VERBS@", names), "@DESCRIBED@", described + "\n  ");
  return replaced(replaced(text, "@VALUES@", values), "@OPTIONS@", options);
}

}  // namespace weft::cli
