// What weft says when it is asked nothing, and its manual page.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "cli/command_words.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

constexpr const char* kFirstSteps = R"(First steps

  weft estimate --arch eyeriss --network alexnet            what a network costs on an accelerator
  weft map --arch gemmini --network tiny_cnn --layer conv1  the best mapping of a layer, with a proof
  weft simulate --arch eyeriss --network tiny_cnn           the same on a machine that moves real numbers
  weft explore quickstart --out runs/first                  network, accelerator and mappings together
  weft report runs/first                                    all of that on one page for the browser

  weft init accelerator my.yaml                             a commented file of your own to start from
  weft list                                                 what ships: accelerators, networks, spaces ...
  weft doctor                                               is everything in place?
)";

// For man(7): a backslash, and a dot or quote that begins a line, would be commands.
std::string roff(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  }
  const bool command = !result.empty() && (result.front() == '.' || result.front() == '\'');
  return command ? "\\&" + result : result;
}

std::string usage(const VerbWords& verb) {
  std::string text;
  for (const std::string& place : verb.places) {
    text += " " + place;
  }
  return text;
}

}  // namespace

std::string overview(const std::vector<VerbWords>& verbs) {
  std::string text =
      version_line() + ": simulate, map and co-design deep-learning accelerators\n\n" + kFirstSteps;
  text += "\nVerbs\n\n";
  for (const VerbWords& verb : verbs) {
    text += fmt::format("  {:<10} {}\n", verb.name, verb.summary);
  }
  return text + "\n'weft VERB --help' lists the options of a verb.\n";
}

std::string manual(const std::vector<VerbWords>& verbs) {
  std::string text = fmt::format(".TH WEFT 1 \"\" \"weft {}\" \"User commands\"\n.SH NAME\n", version());
  text += "weft \\- simulate, map and co\\-design deep\\-learning accelerators\n";
  text += ".SH SYNOPSIS\n.B weft\n.I VERB\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n";
  text +=
      "Weft maps neural networks onto described accelerators, says what they cost and how far from optimal "
      "the\n";
  text +=
      "mappings are, and executes them on a simulated machine. Results go to standard output, progress and\n";
  text += "diagnostics to standard error.\n.SH VERBS\n";
  for (const VerbWords& verb : verbs) {
    text += fmt::format(".SS weft {}{}\n{}.\n", roff(verb.name), roff(usage(verb)), roff(verb.summary));
    for (const OptionWords& option : verb.options) {
      text += fmt::format(".TP\n.B {}{}\n{}\n", roff(option.name), option.value ? " \\fIVALUE\\fR" : "",
                          roff(option.summary));
    }
  }
  text +=
      ".SH EXIT STATUS\n0: done. 1: ran, but without a legal mapping, with an empty front, outputs that "
      "differ or a\n";
  text += "claim that is missed. 2: bad usage or configuration. 70: a bug of weft.\n";
  text +=
      ".SH ENVIRONMENT\n.TP\n.B WEFT_CONFIGS\nfolder of the presets, instead of the one that came with "
      "weft\n";
  return text + ".TP\n.B WEFT_QUIET\nset to anything but 0: as \\-\\-quiet\n";
}

}  // namespace weft::cli
