// What computes: a validated, immutable description. A tree drawn as a chain of storage levels from the
// outermost (DRAM) to the innermost; each level holds one memory or several side by side (one tensor
// each), and below each level a fan-out spreads tiles over instances of the next level, the last one
// over the compute units.
//
//   DRAM ──► GLB ──► fan-out 14 x 12 ──► {ifmap, weight, psum spads} ──► MAC
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arch/spec/precision.hpp"
#include "arch/spec/sparse.hpp"
#include "arch/spec/timing.hpp"
#include "base/units.hpp"
#include "workload/problem.hpp"

namespace weft {

// Technology class of a memory: which laws give its energy and area when the file states none.
enum class MemoryKind : std::uint8_t { kDram, kSram, kRegfile };
[[nodiscard]] std::string_view name_of(MemoryKind kind);  // "dram", "sram", "regfile"

// How a level's tiles share its capacity with those that arrive:
//   single  fill, then use, then fill: serialised; the whole capacity holds a tile
//   double  two halves: fills overlap use; a tile may take half of the capacity
//   buffet  fine-grained credits (Pellauer et al., ASPLOS 2019): fills overlap use, whole capacity
enum class Buffering : std::uint8_t { kSingle, kDouble, kBuffet };
[[nodiscard]] std::string_view name_of(Buffering buffering);

// What happens to the part of a sliding window that the next tile shares with this one.
enum class Halo : std::uint8_t { kReuse, kRefetch };

enum class PowerGating : std::uint8_t { kNone, kUnused };

// Energy per action stated by the file itself, in pJ per access of `width` bits (reads, writes,
// updates, drains) and pJ per cycle and instance (leak). Absent: the energy model's laws.
struct StatedEnergy {
  std::optional<Picojoules> read{}, write{}, update{}, drain{}, leak{};
  friend bool operator==(const StatedEnergy&, const StatedEnergy&) = default;
};

// Per instance; one that is not stated is unlimited. `shared` limits reads + writes together.
struct Bandwidths {
  std::optional<BitsPerCycle> read, write, shared;
  friend bool operator==(const Bandwidths&, const Bandwidths&) = default;
};

struct Memory {
  std::string name;
  MemoryKind kind = MemoryKind::kSram;
  std::optional<Bits> capacity;  // per instance; none: unbounded
  Bits width{64};                // one access, charged as a whole: block
  PerRole<bool> holds{};         // which tensors this memory may keep
  // As Bandwidths, of all tensors together that have no ports of their own.
  std::optional<BitsPerCycle> read_bandwidth, write_bandwidth, shared_bandwidth;
  PerRole<std::optional<Bandwidths>> ports{};  // of one tensor: a network that only its words take
  Buffering buffering = Buffering::kDouble;
  Halo halo = Halo::kReuse;
  // Width at which outputs are held here while they accumulate; none: that of the tensor.
  std::optional<Bits> accumulator_width;
  // Words take whole granules here (byte-addressed memories: 8 b); none: packed bit by bit.
  std::optional<Bits> granule;
  // Leakage: of every instance of the machine, or only of those a mapping uses.
  PowerGating power_gating = PowerGating::kNone;
  int banks = 1;
  std::optional<Banking> banking;  // accesses that meet in a bank wait; none: they do not
  Fetch fetch = Fetch::kChanges;   // of operands held here
  // From the end of a load's time on the ports until its words have arrived; others use the ports meanwhile.
  Cycles latency{0};
  std::optional<Requests> requests;
  std::optional<Cache> cache;  // lines of the memory's words, in front of its ports
  PerRole<TensorFormat> formats{};
  Sieve sieve;
  StatedEnergy energy;
  std::string dram_type;  // for kDram: "lpddr4", "ddr3" ...; empty: the table's default
  friend bool operator==(const Memory&, const Memory&) = default;
};

// How a fan-out delivers an operand, or collects outputs.
//   unicast    one word per receiver (outputs: one update per sender)
//   multicast  one word for all receivers at once (not for outputs)
//   systolic   as multicast, but handed from neighbour to neighbour: adds the skew of a hop per instance
//              (outputs: accumulated from neighbour to neighbour)
//   reducing   outputs only: an adder tree, one update per reduced word
enum class NetworkKind : std::uint8_t { kUnicast, kMulticast, kSystolic, kReducing };
[[nodiscard]] std::string_view name_of(NetworkKind kind);

// What counts as one word to a multicast: each distinct word (word), or only tiles that are wanted whole by
// several receivers (tile: overlapping halos are sent once per receiver, as Timeloop counts).
enum class MulticastUnit : std::uint8_t { kWord, kTile };

// Where results leave an axis that hands them on: behind the last instance in use, or at the far end of the
// array, past the instances that a mapping leaves idle (a cycle each).
enum class Outlet : std::uint8_t { kUsed, kEdge };

struct FanOut {
  std::string name;
  std::int64_t x = 1, y = 1;
  PerRole<NetworkKind> network{NetworkKind::kMulticast, NetworkKind::kMulticast, NetworkKind::kReducing};
  MulticastUnit multicast_unit = MulticastUnit::kWord;
  Outlet outlet = Outlet::kUsed;
  std::optional<Links> links;  // wires that tensors share; none: as wide as what they carry
  // Dims (by name, or by class: filters, reduction, positions, groups) that may be spread over the axis;
  // empty: any.
  std::array<std::vector<std::string>, 2> allowed_dims;
  std::optional<Picojoules> energy_per_word;  // stated; absent: the energy model's wire law
  [[nodiscard]] std::int64_t size() const { return x * y; }
  friend bool operator==(const FanOut&, const FanOut&) = default;
};

// Bits one word of the tensor takes in the memory, written down plainly: its own width, or the memory's
// accumulator width, in whole granules.
[[nodiscard]] int stored_bits(const Memory& memory, const Problem& problem, Role role);

struct StorageLevel {
  std::string name;
  std::vector<Memory> memories;  // one, or several that hold one tensor each
  PerRole<bool> may_bypass{};    // mappings may choose; a tensor no memory holds is always bypassed
  FanOut fanout;                 // below this level
  // The memory that may hold `role`, or null.
  [[nodiscard]] const Memory* memory_for(Role role) const;
  [[nodiscard]] int memory_index(Role role) const;  // -1: none
  // Sets of ports: one of each memory, in their order, then those of single tensors.
  [[nodiscard]] int ports() const;
  [[nodiscard]] int port_index(Role role) const;  // -1: no memory holds the tensor
  [[nodiscard]] Bandwidths bandwidths(int port) const;
  [[nodiscard]] std::string port_name(int port) const;
  friend bool operator==(const StorageLevel&, const StorageLevel&) = default;
};

struct Compute {
  std::string name = "mac";
  int weight_bits = 8, input_bits = 8, output_bits = 32;  // native operand widths
  std::int64_t latency_cycles = 1;                        // pipeline depth, added once
  // Cycles that a unit's adder takes for each partial sum on its way out of the innermost memory, when it is
  // added to the one from outside instead of a product. A mechanism (timing.hpp): the simulator obeys it.
  std::int64_t accumulate_cycles = 0;
  Precision precision;
  // Of the memory that accumulates: its accumulator width, else output_bits.
  Overflow overflow = Overflow::kIgnored;
  std::optional<Picojoules> energy;  // stated, per MAC of native widths
  std::optional<Picojoules> leak;    // per cycle and instance
  // Of a view (layer_machine.hpp), not of files: lanes that the last fan-out counts as units, cycles of an
  // iteration.
  bool viewed = false;
  std::int64_t lanes = 1, iteration_cycles = 1;
  ZeroHandling zeros;
  friend bool operator==(const Compute&, const Compute&) = default;
};

// Post-operations run here; `level` names the storage level it reads from and writes to.
struct VectorUnit {
  std::int64_t lanes = 16;  // scalar operations per cycle
  int level = 0;
  std::optional<Picojoules> energy;  // per scalar operation
  // Scores that a ranking unit beside the lanes compares in a cycle (workload/ranking.hpp); 0: lanes do.
  std::int64_t ranking = 0;
  // Sits in the stream of results and works on whole rows while the array makes the next ones: all but a
  // standalone top-k, which needs every row, goes on beside the array.
  bool streams = false;
  friend bool operator==(const VectorUnit&, const VectorUnit&) = default;
};

struct Accelerator {
  std::string name;
  std::string summary;
  Hertz clock{1e9};
  Nanometres technology{45};
  Volts voltage{0.9};
  std::vector<StorageLevel> levels;  // outermost first, at least one
  Compute compute;
  VectorUnit vector_unit;
  Controller controller;
  // Of the layer at hand (sparse_effect.hpp), for the analytic model; none: zeros are as good as any number.
  // Not part of the description: no file states it.
  std::optional<SparseEffect> effect;

  [[nodiscard]] int depth() const { return static_cast<int>(levels.size()); }
  // Instances of level `level` (levels.size(): compute units): product of the fan-outs above it. Throws
  // OverflowError where validate() would complain.
  [[nodiscard]] std::int64_t instances(int level) const;
  // Units as built: lanes are parts of one.
  [[nodiscard]] std::int64_t compute_units() const { return instances(depth()) / compute.lanes; }
  friend bool operator==(const Accelerator&, const Accelerator&) = default;
};

// Reads and validates a file (configs/README.md, "accelerator files"). Throws ConfigError.
[[nodiscard]] Accelerator load_accelerator_file(const std::filesystem::path& file);
[[nodiscard]] Accelerator parse_accelerator(std::string text, std::string file_name);
// A preset's name (a file of configs/arch) or a path.
[[nodiscard]] Accelerator load_accelerator(const std::string& name_or_file);
// The presets: name and one-line summary, in alphabetical order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> accelerator_presets();

// The accelerator as understood, defaults written out: YAML that loads to an equal accelerator.
[[nodiscard]] std::string print_yaml(const Accelerator& accelerator);
// Does it state a format or an action of sparse.hpp?
[[nodiscard]] bool states_sparsity(const Accelerator& accelerator);
// Does a memory of it leave words out on their way to the next one? Mapping decides how many.
[[nodiscard]] bool states_sieves(const Accelerator& accelerator);
// The operand whose zeros make words of `follower` useless.
[[nodiscard]] Role leader_of(Role follower);
// Does the memory at the level leave out words of the tensor, and the time they would take?
[[nodiscard]] bool sieves(const Accelerator& accelerator, int level, Role follower);
[[nodiscard]] bool sieve_skips(const Accelerator& accelerator, int level, Role follower);
// Does it state any mechanism of timing.hpp?
[[nodiscard]] bool states_mechanisms(const Accelerator& accelerator);
// The first broken invariant in words, or empty (for accelerators built in code).
[[nodiscard]] std::string validate(const Accelerator& accelerator);

}  // namespace weft
