// The SystemC machine behind a façade that does not include SystemC. It executes programs and measures
// what the analytic model predicts. One elaboration per process: construct one Simulator in a process
// and run as many programs on it as needed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "arch/program.hpp"
#include "arch/sim/result.hpp"
#include "arch/spec/accelerator.hpp"
#include "workload/ranking.hpp"
#include "workload/tensor.hpp"

namespace weft::sim {

struct Operands {
  Tensor weights, inputs;
};

struct Options {
  // Random back-pressure on every channel, of a seed: tiles, credits, transfers and steps are held back by 0
  // to `max_jitter_cycles` each. Changes cycles and nothing else. 0: none.
  std::int64_t max_jitter_cycles = 0;
  std::uint64_t seed = 1;
  // Caches hold what an earlier run of the same program has left in them; else nothing.
  bool warm_caches = false;
  // Every transfer is asked for in two halves, one after the other: what a model that rounds would not
  // survive.
  bool split_transfers = false;
  // kRows: a process for every row of the array, with buffers, ports, loads and stores of its own (Y axis of
  // the outermost fan-out that has one); programs must say what rows do (Program::rows). Timing and counts of
  // single programs, without values or zeros.
  enum class Detail : std::uint8_t { kTiles, kRows };
  Detail detail = Detail::kTiles;
};

// Where the non-zeros of the operands are: what formats, gating and skipping go by.
struct Positions {
  Bitmap weights, inputs;
};

// A layer of a network that runs as a whole.
struct Piece {
  std::shared_ptr<const Program> program{};  // null: vector work only
  // Operands that no earlier layer makes: they are in the outermost level from the start.
  PerRole<bool> given{};
  std::vector<std::size_t> after{};              // earlier pieces whose results it reads
  std::shared_ptr<const Positions> positions{};  // of the operands' non-zeros; none: zeros are as any number
  // Vector work beside the array, and after it (run_vector says how long it takes).
  std::int64_t fused_cycles = 0, standalone_cycles = 0;
};

class Simulator {
 public:
  explicit Simulator(const Accelerator& accelerator, Options options = {});
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  // Executes the program from time zero of its own; values move when operands are given.
  // Throws InternalError on deadlock (with every channel's state) or a program that does not fit the machine.
  // `positions` must be those of the operands when both are given; without them zeros are as good as any
  // number.
  [[nodiscard]] Result run(const Program& program, const Operands* operands = nullptr,
                           const Positions* positions = nullptr);
  // Executes pieces in order on one machine, each as soon as what it needs is there (docs/design.md, section
  // 4.9); timing only. `piece` is asked for them one after the other, not before they are needed.
  [[nodiscard]] Result run_network(std::size_t pieces, const std::function<Piece(std::size_t)>& piece,
                                   const std::optional<TraceRequest>& trace = {});
  // Cycles of vector work beside or after the array, in the same machine: `elements` scalar operations and
  // words of traffic at the vector unit's level.
  struct VectorWork {
    double operations = 0;
    std::int64_t bits_read = 0, bits_written = 0;
    std::vector<Ranking> rankings{};  // of the ranking unit, with pivots drawn from `seed`
    std::uint64_t seed = 1;
  };
  [[nodiscard]] std::int64_t run_vector(const VectorWork& work);

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace weft::sim
