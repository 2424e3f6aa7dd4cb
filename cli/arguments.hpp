// The command line as plain data. CLI11 stays inside arguments.cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::cli {

enum class Verb : std::uint8_t {
  kHelp,
  kEstimate,
  kMap,
  kSimulate,
  kExplore,
  kCheck,
  kList,
  kValidate,
  kReport,
  kConvert,
  kCompress,
  kInit,
  kDoctor,
  kCompletion,
  kManual
};
[[nodiscard]] std::string name_of(Verb verb);

// What estimate, map and simulate share. Names are checked where they are used.
struct RunArguments {
  std::string arch{};     // preset or file
  std::string network{};  // preset or file
  std::int64_t batch = 1;
  std::int64_t resolution = 0;  // 0: the network's own
  std::string layer{};          // empty: all
  std::string mapping{};        // file of one layer, or folder with <layer>.yaml; empty: search
  std::string objective = "edp";
  std::string search{};         // empty: the verb's own
  std::int64_t max_nodes = -1;  // exact search: partial mappings before it gives up; 0: never; -1: its own
  std::string constraints{};    // preset or file; empty: none
  std::int64_t stop_after = 0;  // random search: legal mappings in a row without a better one; 0: never
  std::uint64_t seed = 1;
  std::int64_t jobs = 0;  // 0: all cores
  std::int64_t budget = 20000;
  std::string energy{};             // table preset or file; empty: the default table
  std::string bits{};               // "W,A"; empty: the network's own
  std::string weights{}, inputs{};  // densities, as density.hpp reads them; empty: the network's own
  std::string save{};               // folder for the mappings; empty: none
  std::string format = "text";
  std::string convention = "weft";
  bool bound_only = false, ski_slope = false, front = false;  // map only
  std::string start{};           // map only: "exact", a mapping file, or a folder; empty: the search's own
  bool explain = false;          // estimate only
  bool no_values = false;        // simulate only
  std::string detail = "tiles";  // simulate only; or "rows"
  std::string trace{};           // simulate only: file; empty: none
  std::string trace_window{};    // simulate only: "A:B"; empty: all
  double time_limit = 0;         // simulate only: seconds of a simulation; 0: none
  std::int64_t jitter = -1;      // simulate only: seed of random back-pressure; -1: none
  std::int64_t max_steps = 16384;

  [[nodiscard]] bool by_rows() const { return detail == "rows"; }
};

struct ExploreArguments {
  std::string space{};  // preset or file
  std::string out{};
  std::string network{};  // empty: the space's
  bool resume = false;
  std::int64_t jobs = 0;
  bool no_simulation = false;
  std::int64_t top = 5;         // designs of the front simulated again
  double watts = 0;             // of the computer that searches; 0: not said
  double grid = 0;              // grams of CO2 equivalent per kWh; 0: not said
  std::int64_t inferences = 0;  // of a deployment; 0: not said
  bool allow_commands = false;
  bool prove = false;
  std::string shard = "1/1";
  bool mpi = false;
  std::int64_t budget = -1;  // -1: the study file's
  std::int64_t seed = -1;    // -1: the study file's
  std::string format = "text";
};

struct CheckArguments {
  std::vector<std::string> files{};
  bool effective = false;
  std::string arch{}, network{}, layer{};  // what a mapping file is checked against
};

struct ValidateArguments {
  std::vector<std::string> names{};  // of suites
  bool all = false;
  bool markdown = false;
  std::string format = "text";
  std::string table{};  // other rows for the one suite named; empty: its own
};

struct ReportArguments {
  std::string path{};        // folder of a study, or a JSON report
  std::string out{};         // empty: report.html in the folder, or the file with .html
  std::string validation{};  // JSON of weft validate, whose errors the page shows; empty: none
  std::string slope{};       // JSON of weft map --ski-slope; empty: none
  std::string format = "html";
};

struct ConvertArguments {
  std::string format{};  // of the file that is read
  std::string in{};
  std::string out{};                       // empty: standard output
  std::string to = "weft";                 // or timeloop
  std::string part{};                      // of a Timeloop file with several
  std::string arch{}, network{}, layer{};  // what a mapping or problem belongs to
};

struct CompressArguments {
  std::string network{};  // preset or file
  std::string out{};      // folder
  std::int64_t batch = 1;
  double channels = 0, rank = 0;  // shares that stay; 0: not this step
  std::string prune{};            // density of what stays, as density.hpp reads it; empty: not this step
  std::int64_t share = 0;         // values per layer; 0: not this step
  // Of attention, as text: what stays of tokens, heads and values, keys in two parts; empty: not this step.
  std::string tokens{}, heads{}, values{}, key_parts{};
  std::vector<std::string> layers{};  // patterns; empty: all
  std::string arch{};                 // price before and after on it; empty: no
  std::string format = "text";
};

struct InitArguments {
  std::string kind{};  // accelerator, network or space
  std::string file{};  // empty: standard output
};

struct Arguments {
  Verb verb = Verb::kHelp;
  std::string help{};  // kHelp: what to print
  RunArguments run{};
  ExploreArguments explore{};
  CheckArguments check{};
  ReportArguments report{};
  ConvertArguments convert{};
  CompressArguments compress{};
  InitArguments init{};
  std::string shell{};  // completion
  bool quiet = false;   // no progress, no notes
  std::string list_kind{};
  ValidateArguments validate{};
};

// Throws ConfigError (code bad-usage) with a did-you-mean hint. argv[0] is skipped.
[[nodiscard]] Arguments parse_arguments(int argc, const char* const* argv);

}  // namespace weft::cli
