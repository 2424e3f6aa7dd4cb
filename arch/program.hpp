// What the hardware executes: a command stream without loops or dims of a network, only regions of
// tensors, word counts and cycles. dataflow/lower.hpp makes it from a mapping; arch/sim runs it.
//
// A program is a sequence of steps. In every step the array computes one block of MACs; before it, tiles
// move down (loads) and afterwards finished or partial outputs move up (stores). A tile stays in place
// until the next load of the same tensor at the same level replaces it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/precision.hpp"
#include "workload/problem.hpp"

namespace weft {

// Sorted coordinates along one rank of a tensor, or sorted indices of one dim. Held in tables of the
// program, referred to by index, because the same few sets recur in every step.
using IndexSet = std::vector<std::int64_t>;

// A box of words of one tensor: one coordinate set per rank (indices into Program::rank_sets[role][rank]).
struct Region {
  std::vector<std::int32_t> sets;
};

// Tile of one tensor replaced at one level, or fetched again by a level that always fetches whole tiles: such
// a load has the tile that is there already and counts only what a level that keeps it would move (so
// counts are those of the mapping; the port times are the simulator's business). Counts are words.
struct Load {
  Role role = Role::kWeights;
  int level = 0;                  // receiving storage level
  int parent = 0;                 // the keeper above it
  Region tile;                    // words the level holds afterwards, over all its instances (union)
  std::int64_t parent_reads = 0;  // words leaving the parent, all instances
  std::int64_t fills = 0;         // words entering the level, all instances
  // Outputs only: the tile that begins here will be stored later with these counts.
  std::int64_t drains = 0;   // words leaving the level, all instances
  std::int64_t updates = 0;  // words arriving at the parent after reduction, all instances
  // The same for the first instance of the parent (reads, updates) and of the level (fills, drains): time.
  std::int64_t port_reads = 0, port_fills = 0, port_drains = 0, port_updates = 0;
  // Where the level always fetches whole tiles: distinct words of the tiles that the first instance of the
  // parent feeds, words of the tile of the first instance of the level.
  std::int64_t whole_reads = 0, whole_fills = 0;
};

// Operand traffic of one step's MACs at the innermost keeper of a tensor.
struct Operand {
  int level = 0;
  std::int64_t reads = 0;      // words, all instances (outputs: partial sums read for accumulation)
  std::int64_t updates = 0;    // outputs only
  std::int64_t delivered = 0;  // words received by (inputs, weights) or sent by (outputs) all compute units
  std::int64_t read_back = 0;  // outputs only: partial sums delivered to compute units
  std::int64_t port_reads = 0, port_updates = 0;  // first instance of the level
};

struct Step {
  std::vector<Load> loads;  // outer levels first, then by role
  std::int64_t cycles = 0;  // temporal iterations of the array
  std::int64_t run = 0;     // how many of them follow each other along a command's dim; 0: all
  std::int64_t macs = 0;
  PerRole<Operand> operands{};
  // Cycles by which its results are out sooner than the program's skew says, because it uses fewer instances.
  std::int64_t nearer = 0;
  std::vector<std::int32_t> iteration;  // per dim: index into Program::dim_sets[dim], the block computed
};

// Which compute unit an index belongs to: along `dim`, digit (index / stride) mod bound of the fan-out below
// a level.
struct Spread {
  int dim = 0;
  int level = 0;
  std::int64_t stride = 1, bound = 1;
  // 0: X, 1: Y. An instance's place on an axis is the mixed-radix number of its digits there, in the order of
  // the list.
  int axis = 0;
};

// What single rows of the array do, for the simulator's row mode. A row is the instances of one Y coordinate
// of a fan-out; what is said of it is said of its first instance.
struct Rows {
  int level = 0;           // the fan-out below this level spreads them
  std::int64_t count = 1;  // rows in use
  // [role][row]: rows with the same number want the same words of an operand, or add to the same outputs.
  PerRole<std::vector<std::int32_t>> group;
  std::vector<std::int64_t> cycles;  // [step * count + row], as Step::cycles; 0: the row sits out
  // [role][keeper][tile * count + row]: words that are new to the row, at the levels below.
  PerRole<std::vector<std::vector<std::int64_t>>> words;
};

struct Program {
  Problem problem;  // projections and widths the array computes with
  std::vector<Step> steps;
  PerRole<std::vector<std::vector<IndexSet>>> rank_sets;  // [role][rank][set]
  std::vector<std::vector<IndexSet>> dim_sets;            // [dim][set]
  PerRole<std::vector<int>> keepers;                      // [role]: levels that keep it, outermost first
  // [role][keeper]: words of the largest tile that one instance of the keeper holds; empty: not stated, and
  // nothing of another program is brought into its memory before this one's tiles have left it.
  PerRole<std::vector<std::int64_t>> tile_words;
  std::vector<std::int64_t> instances_used;  // per level, then compute units
  std::vector<Spread> spread;                // digits that number the compute units
  // First steps of the iterations of the outermost level's loops, where the controller limits how many of
  // them are under way; else empty.
  std::vector<std::int64_t> tile_starts;
  // Cycles until the farthest instance has its first operand (systolic networks) / until the last result is
  // out (systolic networks and the pipeline of the compute unit). Steps follow each other at the first
  // instance; everything there happens that much later at the farthest one.
  std::int64_t skew_in = 0, skew_out = 0;
  // What the memory that accumulates holds of a sum.
  int accumulator_bits = 64;
  Overflow overflow = Overflow::kIgnored;
  // True when several natural tiles were merged into one load to stay within the step budget: counts stay
  // exact, the overlap inside a merged step is not modelled.
  bool coarsened = false;
  std::optional<Rows> rows;  // when asked for
};

}  // namespace weft
