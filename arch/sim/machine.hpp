// The SystemC machine of one accelerator: ports and slots of every memory, the engines between them, the
// array and the vector unit. Elaborated once, runs many programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arch/sim/array.hpp"
#include "arch/sim/mover.hpp"
#include "arch/sim/reasons.hpp"
#include "arch/sim/vector_unit.hpp"

namespace weft::sim {

class Machine final : public sc_core::sc_module {
 public:
  Machine(const sc_core::sc_module_name& name, Accelerator accelerator, const Options& options);
  // As in the façade.
  [[nodiscard]] Result run(const Program& program, const Operands* operands, const Positions* positions);
  [[nodiscard]] Result run_network(std::size_t pieces, const std::function<Piece(std::size_t)>& piece,
                                   const std::optional<TraceRequest>& trace);
  [[nodiscard]] std::int64_t run_vector(const Simulator::VectorWork& work);
  // A run in two halves, for a platform that has the kernel in its own hands. `run` stays where it is; the
  // second half is called by a process, in which it waits until all engines have finished. An engine's
  // exception comes out only if the others still finish.
  struct ProgramRun {
    Job job;
    Part* only = nullptr;
    std::optional<Values> values;
  };
  void prepare(ProgramRun& run, const Program& program, const Operands* operands, const Positions* positions);
  [[nodiscard]] Result run_in_platform(ProgramRun& run, OuterMemory& memory);
  // Slots of a tensor at a level (of a row), null where there is no memory for it or at the outermost level.
  // For tests that break the credits on purpose.
  [[nodiscard]] TileSlots* slots(Role role, int level, std::size_t row = 0);

 private:
  // What one program's zeros made of its words.
  static void count_zeros(const Part& part, Result& result);
  void build_level(int level);
  void build_rows();
  void build_row_engines(std::size_t row);
  void build_engines();
  void build_movers(Role role, int level);
  [[nodiscard]] Station station(Role role, int level, std::size_t row = 0);
  // Row mode: of the rows from the second on; levels above the rows' fan-out are those of the first.
  [[nodiscard]] bool own(int level) const { return row_level_ && level > *row_level_; }
  [[nodiscard]] MemoryPorts& ports(int level, std::size_t port, std::size_t row);
  void link_rows(Part& part);
  [[nodiscard]] Reasons make_reasons() const;
  [[nodiscard]] Place place(const Problem& problem, Role role, int level);
  // The wires between a level and one further in (the depth: the compute units) that words of a tensor take.
  void add_wires(Place& above, const Program& program, Role role, int below);
  [[nodiscard]] LevelWires& wires(int level, std::size_t row);

  // Parts of a run (machine_parts.cpp).
  [[nodiscard]] std::unique_ptr<Part> make_part(std::size_t number, Piece piece, Job& job);
  void link(Part& part, Role role, int level);
  void set_early(Part& part);
  struct Footprint {  // bits of one tile per tensor; 0: not kept
    PerRole<double> bits{};
    bool known = true;
  };
  [[nodiscard]] Footprint footprint(const Part& part, int level, std::size_t memory) const;
  void let_early(Part& part, int level, std::size_t memory, const Footprint& before, const Footprint& own);

  // Running and measuring (machine_run.cpp).
  [[nodiscard]] Result finish(ProgramRun& run);
  void go(Job& job, const std::vector<Engine*>& engines);
  void reset(Job& job);
  void start(Job& job, const std::vector<Engine*>& engines);
  void fill_result(Job& job, const Part* last);
  void fill_components(Job& job, Ticks total) const;
  // What a deadlock leaves: every engine and whom it waits for, every buffer, every port (deadlock.cpp).
  [[nodiscard]] std::string states() const;
  [[nodiscard]] std::string awaited(const Engine& engine) const;
  [[nodiscard]] std::string awaited_by_load(Role role, int level, Doing doing) const;
  [[nodiscard]] std::string awaited_by_store(int level, Doing doing) const;
  // The engine that serves the next keeper further out, or further in: the array at the end of the chain.
  [[nodiscard]] std::string loader_above(Role role, int level) const;
  [[nodiscard]] std::string user_below(Role role, int level) const;
  // Ports of memories, f(level, port); wires, f(port).
  template <class F>
  void for_each_port(const F& f);
  template <class F>
  void for_each_wire(const F& f);

  Accelerator accelerator_;
  Options options_;
  Arbiter arbiter_;
  TileWindow window_;
  Sequence sequence_;
  CacheStart cache_start_;
  std::vector<std::vector<MemoryPorts>> ports_;                // [level][set of ports]
  std::vector<LevelWires> wires_;                              // [level]: below it
  PerRole<std::vector<std::unique_ptr<TileSlots>>> slots_;     // [role][level]
  PerRole<std::vector<std::unique_ptr<LoadEngine>>> loaders_;  // [role][level], null: none
  std::vector<std::unique_ptr<StoreEngine>> storers_;          // [level], null: none
  struct Row {
    std::vector<std::vector<MemoryPorts>> ports;             // [level][set of ports]
    std::vector<LevelWires> wires;                           // [level]
    PerRole<std::vector<std::unique_ptr<TileSlots>>> slots;  // [role][level]
    std::vector<std::unique_ptr<Engine>> engines;
  };
  std::optional<int> row_level_;
  std::vector<Row> rows_;
  std::unique_ptr<Array> array_;
  std::unique_ptr<VectorEngine> vector_;
  std::vector<Engine*> all_;  // the vector unit last
  std::unique_ptr<Reasons> reasons_;
  // Of the parts made so far in this run: the footprints of the last one, its tiles and those before.
  std::vector<std::vector<Footprint>> footprints_;  // [level][memory]
  PerRole<std::vector<std::int64_t>> tiles_before_last_;
  std::int64_t steps_ = 0;
  bool stuck_ = false;  // after a deadlock the processes cannot be woken properly
};

}  // namespace weft::sim
