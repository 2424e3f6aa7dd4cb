// The options of every verb, as CLI11 takes them.
// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <limits>

#include "base/parse_number.hpp"
#include "cli/arguments_options.hpp"
#include "cli/version.hpp"

namespace weft::cli {
namespace {

constexpr double kHuge = 1e18;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// Refuses what is no whole number from `low` to `high`, in our words.
std::function<std::string(const std::string&)> whole(std::int64_t low, std::int64_t high = kLargest) {
  return [low, high](const std::string& text) -> std::string {
    const auto value = parse_number<std::int64_t>(text);
    if (value && *value >= low && *value <= high) {
      return "";
    }
    const std::string range = high == kLargest
                                  ? "at least " + std::to_string(low)
                                  : "from " + std::to_string(low) + " to " + std::to_string(high);
    return "needs a whole number, " + range + ", not '" + text + "'";
  };
}

// Refuses what is no number above 0 and at most `most`, in our words.
std::function<std::string(const std::string&)> number_to(double most, const std::string& words) {
  return [most, words](const std::string& text) -> std::string {
    const auto value = parse_number<double>(text);
    const bool good = value && *value > 0 && *value <= most;
    return good ? "" : "needs " + words + ", not '" + text + "'";
  };
}

void add_run_options(CLI::App& verb, RunArguments& run) {
  verb.add_option("--arch", run.arch, "accelerator: a preset's name or a file")->required();
  verb.add_option("--network", run.network, "network: a preset's name or a file (.yaml, .onnx)")->required();
  verb.add_option("--batch", run.batch, "inferences at once (1)")->check(whole(1));
  verb.add_option("--resolution", run.resolution, "input size or sequence length of a preset network")
      ->check(whole(1));
  verb.add_option("--layer", run.layer, "this layer only, one copy");
  verb.add_option("--mapping", run.mapping, "mapping file of the layer, or a folder with <layer>.yaml");
  verb.add_option("--objective", run.objective, "energy, latency, edp or ed2p (edp)");
  verb.add_option(
      "--search", run.search,
      "how mappings are found: see 'weft list searches' (map: exact; estimate, simulate: default)");
  verb.add_option("--max-nodes", run.max_nodes,
                  "exact search: partial mappings of a layer before it gives up (500000000; 0: never)")
      ->check(whole(0));
  verb.add_option("--constraints", run.constraints, "what mappings may be: a preset's name or a file");
  verb.add_option("--stop-after", run.stop_after,
                  "random search: stop after so many legal mappings without a better one (never)")
      ->check(whole(1));
  verb.add_option("--seed", run.seed, "of everything random (1)")->check(whole(0));
  verb.add_option("--jobs", run.jobs,
                  "threads, for simulate also processes; results do not depend on it (all cores)")
      ->check(whole(1, 1024));
  verb.add_option("--budget", run.budget, "mappings a heuristic search evaluates per layer (20000)")
      ->check(whole(1));
  verb.add_option("--energy", run.energy, "energy table: a preset's name or a file");
  verb.add_option("--bits", run.bits,
                  "widths of weights and activations, as 8,8, or a file that says them by layer");
  verb.add_option("--weights", run.weights,
                  "non-zeros of trained weights: sparse:0.3, 2:4, block:0.3:16, file:weights.npy ...");
  verb.add_option("--inputs", run.inputs, "non-zeros of the inputs of every layer, in the same words");
  verb.add_option("--save", run.save, "folder to write every layer's mapping to, as <layer>.yaml");
  verb.add_option("--format", run.format, "text, json or csv (text)");
  verb.add_option("--convention", run.convention, "how words are counted: weft or timeloop (weft)");
}

// What map prints instead of mappings; nothing is searched, so options about mappings make no sense with it.
void add_bound_options(CLI::App& verb, RunArguments& run) {
  CLI::Option* bound = verb.add_flag("--bound-only", run.bound_only,
                                     "what no mapping can beat: compute, traffic, energy; no search");
  CLI::Option* slope = verb.add_flag("--ski-slope", run.ski_slope,
                                     "least traffic of the outermost level for every buffer size; no search");
  bound->excludes(slope);
  for (const char* other : {"--mapping", "--save", "--constraints"}) {
    bound->excludes(verb.get_option(other));
    slope->excludes(verb.get_option(other));
  }
}

// Where the searches of map begin, and the front, which is no single mapping.
void add_search_options(CLI::App& verb, RunArguments& run) {
  verb.add_option("--start", run.start,
                  "where a heuristic search begins, never to end worse: exact, a mapping file, or a folder")
      ->excludes(verb.get_option("--mapping"));
  CLI::Option* front =
      verb.add_flag("--front", run.front, "every best trade of energy for latency, by the exact search");
  for (const char* other :
       {"--mapping", "--save", "--search", "--objective", "--start", "--bound-only", "--ski-slope"}) {
    front->excludes(verb.get_option(other));
  }
}

void add_explore(CLI::App& app, ExploreArguments& explore) {
  CLI::App* verb = app.add_subcommand("explore", "search networks, accelerators and mappings together");
  verb->add_option("space", explore.space, "design space: a preset's name or a file")->required();
  verb->add_option("--out", explore.out, "folder of the study's results")->required();
  verb->add_option("--network", explore.network, "network in place of the space's network.file");
  verb->add_flag("--resume", explore.resume, "continue the study in --out");
  verb->add_option("--jobs", explore.jobs, "threads; results do not depend on it (all cores)")
      ->check(whole(1, 1024));
  verb->add_flag("--no-simulation", explore.no_simulation, "do not simulate designs");
  verb->add_option("--simulate-top", explore.top,
                   "designs of the front that are simulated, those nearest to the knee first (5)")
      ->check(whole(1, 10'000));
  verb->add_option("--inferences", explore.inferences, "energy of so many inferences of the chosen design")
      ->check(whole(1));
  verb->add_option("--watts", explore.watts, "power of this computer: energy of the search itself")
      ->check(number_to(kHuge, "a number above 0"));
  verb->add_option("--grid", explore.grid, "grams of CO2 per kWh: what those energies emit")
      ->check(number_to(kHuge, "a number above 0"));
  verb->add_flag("--allow-commands", explore.allow_commands,
                 "run the program that the space names for accuracies");
  verb->add_flag("--prove", explore.prove,
                 "then look at every design of the space, until the front is proven");
  verb->add_option("--shard", explore.shard, "i/n: this process is one of n that work on the study in --out");
  verb->add_flag("--mpi", explore.mpi,
                 "under mpirun: the first process searches, the others evaluate for it");
  verb->add_option("--budget", explore.budget, "designs to evaluate (the file's)")->check(whole(1));
  verb->add_option("--seed", explore.seed, "of everything random (the file's)")->check(whole(0));
  verb->add_option("--format", explore.format, "text, json or csv (text)");
}

void add_check(CLI::App& app, CheckArguments& check) {
  CLI::App* verb = app.add_subcommand("check", "diagnose files without running anything");
  verb->add_option("files", check.files,
                   "accelerators, networks, mappings, constraints, spaces, energy tables, ONNX models")
      ->required();
  verb->add_flag("--effective", check.effective, "print each configuration as understood");
  verb->add_option("--arch", check.arch, "for mapping and constraint files: the accelerator");
  verb->add_option("--network", check.network, "for mapping and constraint files: the network");
  verb->add_option("--layer", check.layer, "for mapping and constraint files: the layer");
}

void add_validate(CLI::App& app, ValidateArguments& validate) {
  CLI::App* verb =
      app.add_subcommand("validate", "published numbers beside ours; fails where a claim is missed");
  CLI::Option* names = verb->add_option("names", validate.names, "suites: see 'weft list validations'");
  verb->add_flag("--all", validate.all, "every suite")->excludes(names);
  CLI::Option* markdown =
      verb->add_flag("--markdown", validate.markdown, "as a page, like docs/validation.md");
  verb->add_option("--format", validate.format, "text, json or csv (text)")->excludes(markdown);
  verb->add_option("--table", validate.table,
                   "other rows for one suite: a CSV file with its table's columns");
}

void add_report(CLI::App& app, ReportArguments& report) {
  CLI::App* verb = app.add_subcommand("report", "one HTML page about a study or a run, for any browser");
  verb->add_option("path", report.path, "folder of a study, or JSON of estimate, map or simulate")
      ->required();
  verb->add_option("--out", report.out, "file to write (report.html in the folder, or beside the JSON)");
  verb->add_option("--validation", report.validation,
                   "JSON of weft validate: the page shows how far the models are from published numbers");
  verb->add_option("--slope", report.slope, "JSON of weft map --ski-slope: the page shows it");
  verb->add_option("--format", report.format, "html, or json: the page's data on standard output (html)");
}

void add_convert(CLI::App& app, ConvertArguments& convert) {
  CLI::App* verb =
      app.add_subcommand("convert", "files of other tools into ours, and some of ours into theirs");
  verb->add_option("format", convert.format, "of the file: weft, timeloop, scalesim, maestro or onnx")
      ->required();
  verb->add_option("file", convert.in, "the file or study's folder that is read")->required();
  verb->add_option("--out", convert.out, "file to write (standard output)");
  verb->add_option("--to", convert.to,
                   "weft; timeloop: problems and mappings; optuna: a study's folder (weft)");
  verb->add_option("--part", convert.part,
                   "of a Timeloop file with several: architecture, problem or mapping");
  verb->add_option("--arch", convert.arch, "for mappings: the accelerator");
  verb->add_option("--network", convert.network, "for mappings: the network or problem");
  verb->add_option("--layer", convert.layer, "the layer, where the network has several");
}

void add_compress(CLI::App& app, CompressArguments& compress) {
  CLI::App* verb =
      app.add_subcommand("compress", "prune, factorise and share a network's weights into a new network");
  verb->add_option("network", compress.network, "a preset's name or a file; an ONNX model's words are used")
      ->required();
  verb->add_option("--out", compress.out, "folder for the network and its weights")->required();
  verb->add_option("--channels", compress.channels, "share of each layer's filters that stays")
      ->check(number_to(1, "a share above 0 and at most 1"));
  verb->add_option("--rank", compress.rank, "share of the full rank: SVD of products, Tucker-2 of kernels")
      ->check(number_to(1, "a share above 0 and at most 1"));
  verb->add_option("--prune", compress.prune, "by magnitude, to sparse:0.3, 2:4 or block:0.3:16");
  verb->add_option("--share", compress.share, "different weights per layer, by k-means")
      ->check(whole(2, 65536));
  verb->add_option(
      "--tokens", compress.tokens,
      "share of the tokens that the last attention has, fewer from one to the next: 0.3, or 0.3:0.15 "
      "to leave the first 15 % of the attentions whole");
  verb->add_option("--heads", compress.heads, "the same for heads");
  verb->add_option("--values", compress.values, "share of its values that each attention takes");
  verb->add_option("--key-parts", compress.key_parts,
                   "8+4:0.1: keys come with 8 bits, 4 more follow for that share of the heads");
  verb->add_option("--layers", compress.layers, "these layers only; * stands for any characters (all)");
  verb->add_option("--batch", compress.batch, "inferences at once (1)")->check(whole(1));
  verb->add_option("--arch", compress.arch, "price the network before and after on this accelerator");
  verb->add_option("--format", compress.format, "text or json (text)");
}

// What helps with the program itself.
void add_help(CLI::App& app, Arguments& arguments) {
  CLI::App* init = app.add_subcommand("init", "a commented accelerator, network or space to start from");
  init->add_option("kind", arguments.init.kind, "accelerator, network or space")->required();
  init->add_option("file", arguments.init.file, "file to write (standard output)");
  app.add_subcommand("doctor", "is everything that weft needs in place?");
  app.add_subcommand("completion", "a script that completes words on the command line")
      ->add_option("shell", arguments.shell, "bash or zsh")
      ->required();
  app.add_subcommand("manual", "the manual page, for man -l -");
}

}  // namespace

void build(CLI::App& app, Arguments& arguments) {
  app.require_subcommand(1);
  app.set_version_flag("--version", version_line());
  CLI::App* estimate =
      app.add_subcommand("estimate", "cost of a network on an accelerator, by the analytic model");
  add_run_options(*estimate, arguments.run);
  estimate->add_flag(
      "--explain", arguments.run.explain,
      "every energy as count x energy per action, and every area, with their sources and ranges");
  CLI::App* map =
      app.add_subcommand("map", "the best mapping of each layer, and how far from optimal it can be");
  add_run_options(*map, arguments.run);
  add_bound_options(*map, arguments.run);
  add_search_options(*map, arguments.run);
  CLI::App* simulate = app.add_subcommand("simulate", "execute the mappings on the simulated machine");
  add_run_options(*simulate, arguments.run);
  simulate
      ->add_option("--time-limit", arguments.run.time_limit,
                   "seconds that the simulation of a layer, or of all back to back, may take (no limit)")
      ->check(number_to(kHuge, "a number above 0"));
  simulate->add_flag("--no-values", arguments.run.no_values, "timing and counts only, no numbers");
  simulate
      ->add_option("--detail", arguments.run.detail,
                   "tiles, or rows: a process for every row of the array, timing and counts only (tiles)")
      ->check(CLI::IsMember({"tiles", "rows"}));
  simulate
      ->add_option("--max-steps", arguments.run.max_steps, "steps per layer before tiles are merged (16384)")
      ->check(whole(1));
  simulate->add_option(
      "--trace", arguments.run.trace,
      "what happened when, layers back to back: .json (Perfetto), .csv (tiles) or .vcd (signals)");
  simulate->add_option("--trace-window", arguments.run.trace_window, "only these cycles of it, as 1000:2000");
  simulate
      ->add_option("--jitter", arguments.run.jitter,
                   "seed of random delays of everything that moves: cycles change, values must not")
      ->check(whole(0));
  add_explore(app, arguments.explore);
  add_check(app, arguments.check);
  add_validate(app, arguments.validate);
  add_report(app, arguments.report);
  add_convert(app, arguments.convert);
  add_compress(app, arguments.compress);
  add_help(app, arguments);
  app.add_subcommand("list", "what ships with weft")
      ->add_option("kind", arguments.list_kind,
                   "archs, networks, spaces, searches, constraints, energy, objectives or validations");
  for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    verb->add_flag("--quiet", arguments.quiet, "no progress and no notes; errors only");
  }
}

}  // namespace weft::cli
