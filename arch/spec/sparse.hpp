// What a machine does about zeros: how a memory writes tensors down, and which multiplications the compute
// units gate or skip. A description only; docs/design.md 4.10 says what it means.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "workload/problem.hpp"

namespace weft {

// How the words of a fiber are written down.
//   uncompressed  every word
//   bitmask       a bit for every word, then the non-zeros
//   run-length    per token: how many zeros come before it (at most 2^run - 1), and a word. A longer run
//   takes
//                 tokens whose word is a padding zero. Zeros behind the last non-zero are not written.
//   coordinate    per non-zero: its place in the fiber, and the word
//   offsets       as coordinate, and a pointer to each fiber (CSR, CSC)
//   relative      as run-length, and a pointer to each fiber (EIE)
enum class FormatKind : std::uint8_t {
  kUncompressed,
  kBitmask,
  kRunLength,
  kCoordinate,
  kOffsets,
  kRelative
};
[[nodiscard]] std::string_view name_of(FormatKind kind);

// What a codec does with a tensor that compression would enlarge.
enum class Compress : std::uint8_t { kAlways, kWhenSmaller };

struct TensorFormat {
  FormatKind kind = FormatKind::kUncompressed;
  Bits run{4};                       // run-length, relative: width of the run
  std::optional<Bits> coordinate{};  // coordinate, offsets: its width; none: what the fiber's length needs
  Bits pointer{16};                  // offsets, relative: of each fiber
  std::optional<Bits> packet{};      // run-length: whole tokens in packets of so many bits
  // Words written down together: so many, or the tensor's extent along the dims of a class (as in
  // allowed_dims, interleaved: each instance of the level has its share); none: the tensor's last rank.
  std::int64_t fiber = 0;
  std::string along{};
  bool interleaved = false;
  Compress compress = Compress::kAlways;
  friend bool operator==(const TensorFormat&, const TensorFormat&) = default;
};
[[nodiscard]] inline bool has_runs(FormatKind kind) {
  return kind == FormatKind::kRunLength || kind == FormatKind::kRelative;
}
[[nodiscard]] inline bool has_pointers(FormatKind kind) {
  return kind == FormatKind::kOffsets || kind == FormatKind::kRelative;
}

// A zero of one of these operands switches the multiplication off: its cycle passes, the accesses of the
// other tensors at the innermost keepers and the MAC do not happen.
struct Gate {
  PerRole<bool> by{};       // weights, inputs
  double energy_share = 0;  // of a MAC's energy that a gated one still takes, 0 to 1
  friend bool operator==(const Gate&, const Gate&) = default;
};

// A product of two sparse matrices, made as outer products: column k of the inputs times row k of the weights
// is a partial matrix, and a merge tree sorts so many of them into one and adds what has the same coordinates
// (Z. Zhang et al., SpArch, HPCA 2020; S. Pal et al., OuterSPACE, HPCA 2018).
struct Merge {
  std::int64_t ways = 64;      // partial matrices that a round takes
  std::int64_t elements = 16;  // of them, that pass the tree in a cycle
  // Non-zeros of each row of the inputs are pushed together: the n-th ones of all rows make a partial matrix,
  // and each takes its row of the weights again.
  bool condensed = false;
  bool smallest_first = false;  // order of rounds: a Huffman tree; else as the matrices come
  bool streamed = true;         // products go into the tree; else all of them pass the outermost level first
  // Of the weights' rows, the least recently used one goes; none: the rows always come again.
  std::optional<Bits> buffer{};
  friend bool operator==(const Merge&, const Merge&) = default;
};

// Multiplications with a zero of one of these operands take no cycle either.
//
// Every compute unit has a list of what is left for it. Between two barriers it works at its own pace; at a
// barrier it waits until no other is `window` or more of them behind. Barriers are where a loop over one of
// the dims of `barrier` advances (all dims: every iteration, so the units move in lock-step and `window` is
// how far they look ahead); without dims a step of the program is one stretch. Steps are always barriers.
struct Skip {
  PerRole<bool> by{};                  // weights, inputs
  std::vector<std::string> barrier{};  // dims or classes; "all"
  std::int64_t window = 1;
  // Padding tokens of the weights' format at the innermost keeper take a cycle each.
  bool padding = false;
  // Cartesian product: units along the filters and along the positions form one multiplier array that takes
  // `vectors[0]` non-zero weights times `vectors[1]` non-zero inputs of one channel each cycle. {0, 0}: not
  // so.
  std::array<std::int64_t, 2> vectors{};
  // Banks that a Cartesian product's sums lie in, word by word, and products that wait before each: a bank
  // adds one in a cycle, the array stands still while one has no room. 0 banks: never.
  std::int64_t banks = 0, queue = 0;
  std::optional<Merge> merge{};
  friend bool operator==(const Skip&, const Skip&) = default;
};

// What a memory does not hand to the next one that keeps the tensor, led by zeros of the other operand: words
// of weights that meet only zeros of the inputs while they lie there, words of inputs that meet only zeros of
// the weights. Padding is no zero. `gate`: neither read, carried nor written, their time passes; `skip`: nor
// does it. Both operands leading is the intersection: only words with a partner move.
struct Sieve {
  PerRole<bool> gate{}, skip{};  // by the leading operand
  [[nodiscard]] bool any() const { return gate[0] || gate[1] || skip[0] || skip[1]; }
  friend bool operator==(const Sieve&, const Sieve&) = default;
};

struct ZeroHandling {
  std::optional<Gate> gate{};
  std::optional<Skip> skip{};
  friend bool operator==(const ZeroHandling&, const ZeroHandling&) = default;
};

// What zeros of one layer do to a machine, in expectation: constants that the analytic model works with.
struct SparseEffect {
  struct Level {
    // Bits as written down over bits of all words, for what passes the level's memory.
    PerRole<double> stored{1, 1, 1};
    // Of the accesses that serve the compute units, the share that happens (energy) and that takes port time.
    PerRole<double> accesses{1, 1, 1}, slots{1, 1, 1};
    // Of an operand's words that the next keeper asks this memory for, and of those asked for to be brought
    // here: the share that moves (energy) and that takes port time. Of the layer: the least that any mapping
    // can have; of a mapping: mapping_effect.hpp.
    PerRole<double> sent{1, 1, 1}, sent_slots{1, 1, 1};
    PerRole<double> arriving{1, 1, 1}, arriving_slots{1, 1, 1};
    friend bool operator==(const Level&, const Level&) = default;
  };
  std::vector<Level> levels;
  std::int64_t gated = 0, skipped = 0;  // of the layer's MACs
  double cycles = 1;                    // of the array over its iterations
  friend bool operator==(const SparseEffect&, const SparseEffect&) = default;
};

}  // namespace weft
