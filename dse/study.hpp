// A study: network, accelerator and mapping searched together. Runs the search, keeps the journal, writes
// the result folder and simulates the design chosen from the front.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dse/space.hpp"

namespace weft {

// One of several processes that work on one study in one folder: `index` of 1..count.
struct Shard {
  int index = 1, count = 1;
};

struct StudyRequest {
  std::string space;                        // a preset's name (configs/space) or a file
  std::filesystem::path out;                // result folder, made when absent
  std::string network{};                    // in place of the space's network.file; empty: that one
  bool resume = false;                      // continue from the folder's journal
  int threads = 1;                          // changes no byte of the results
  Shard shard;                              // changes no byte of the results; the first one writes them
  bool mpi = false;                         // one of the processes of mpirun; changes no byte of the results
  const std::atomic<bool>* stop = nullptr;  // once set, the study ends with what it has
  bool prove = false;                       // goes on until no design is left that could be on the front
  std::optional<std::uint64_t> seed;        // replaces the space's
  std::optional<std::int64_t> evaluations;  // replaces the space's
  std::string revision;                     // of the program, for study.yaml
  bool allow_commands = false;              // a space may name a program that says how accurate networks are
  bool simulate = true;                     // the chosen design in SystemC; at most once in a process
  std::int64_t top = 5;                     // designs of the front simulated, each in a process of its own
  // Called from one thread at a time; `note` says what is going on.
  std::function<void(std::int64_t done, std::int64_t total, const std::string& note)> progress;
};

// One evaluated design.
struct StudyPoint {
  std::int64_t id = 0;  // order of evaluation, from 0
  Genome genome;
  double accuracy = 0;      // per cent
  std::int64_t cycles = 0;  // whole network, batch 1
  double latency_s = 0;
  double energy_pj = 0;
  double area_um2 = 0;
  bool complete = false;  // every layer has a mapping; otherwise the figures above are not comparable
  bool feasible = false;  // complete, and within the limits of latency and energy
};

// The chosen design's distinct layers in the simulator: array work only, one copy of each.
struct SimulatedLayer {
  std::string name;
  std::int64_t count = 1;  // layers of this shape, repeats included
  std::int64_t model_cycles = 0;
  std::int64_t simulated_cycles = 0;
  bool counts_match = false;  // every measured count equals the model's
  bool values_match = false;  // outputs equal to the reference, word for word
};

// How the search went, after each batch.
struct TraceRow {
  std::int64_t evaluations = 0;
  std::size_t front = 0;
  double hypervolume = 0;  // share of the box between reference and 0 (accuracy: 100 %) that is dominated
};

// What is known of every design of a finite space, among those that the constraints on accelerator and
// network admit. Nothing open: no design of the space is better than the front, in this model with these
// searches.
struct FrontProof {
  double designs = 0;
  double evaluated = 0;   // mapped, or looked up
  double dominated = 0;   // cannot be on the front: even its bounds are dominated
  double infeasible = 0;  // even its bounds are outside the limits
  double open = 0;
  std::int64_t layers_mapped = 0;  // distinct layers mapped, over all accelerators; by this process
  std::int64_t layers = 0;         // and what mapping everything would take
  // Of the open designs, the best that each objective could be; empty when none is open.
  std::vector<double> best_open;
};

struct StudyResult {
  DesignSpace space;
  std::vector<StudyPoint> points;   // all evaluated, in order
  std::vector<std::size_t> front;   // into points: accuracy descending, then latency, energy, id
  std::optional<std::size_t> knee;  // into points; none: the front is empty
  std::int64_t rejected = 0;        // designs refused before mapping: area, units, storage, accuracy
  std::int64_t evaluations = 0;     // genomes evaluated: designs, or accelerators of a nested search
  std::vector<double> reference;    // of the hypervolume, in the objectives' units, all minimised
  std::vector<TraceRow> trace;
  std::optional<FrontProof> proof;
  bool interrupted = false;
  bool served = false;  // a rank of an MPI run that evaluated for rank 0: nothing else here is filled in
  std::vector<std::string> notes;  // what was passed over, for people
  std::int64_t resumed = 0;        // evaluations taken from the journal
  std::vector<SimulatedLayer> simulated;
  Resimulation resimulated;
  std::vector<ChoiceShares> importance;
  std::optional<BaselineAnswer> baseline;
  std::optional<TargetAnswer> target;
  std::int64_t model_cycles = 0, simulated_cycles = 0;  // sums over the simulated layers and their counts
};

// Throws ConfigError: bad-search (a search that does not go with the space), whatever the space's files say,
// study-exists (the folder holds a study and `resume` is not set), study-mismatch (the journal belongs to
// another study), no-journal (nothing to resume), command-refused (the space runs a program and that is not
// allowed).
[[nodiscard]] StudyResult run_study(const StudyRequest& request);

}  // namespace weft
