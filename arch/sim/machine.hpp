// The SystemC machine of one accelerator: ports and slots of every memory, the engines between them, the
// array and the vector unit. Elaborated once, runs many programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arch/sim/array.hpp"
#include "arch/sim/mover.hpp"
#include "arch/sim/vector_unit.hpp"

namespace weft::sim {

class Machine final : public sc_core::sc_module {
 public:
  Machine(const sc_core::sc_module_name& name, Accelerator accelerator, const Options& options);
  // As in the façade.
  [[nodiscard]] Result run(const Program& program, const Operands* operands);
  [[nodiscard]] std::int64_t run_vector(const Simulator::VectorWork& work);
  // Slots of a tensor at a level, null where there is no memory for it or at the outermost level. For
  // tests that break the credits on purpose.
  [[nodiscard]] TileSlots* slots(Role role, int level);

 private:
  void build_level(int level);
  void build_engines();
  [[nodiscard]] Place place(const Problem& problem, Role role, int level);
  void connect(const Job& job, Values* values);
  void go(Job& job, const std::vector<Engine*>& engines);
  void fill_result(Job& job);
  [[nodiscard]] std::string states() const;

  Accelerator accelerator_;
  Arbiter arbiter_;
  TileWindow window_;
  CacheStart cache_start_;
  std::vector<std::vector<MemoryPorts>> ports_;                // [level][memory]
  PerRole<std::vector<std::unique_ptr<TileSlots>>> slots_;     // [role][level]
  PerRole<std::vector<std::unique_ptr<LoadEngine>>> loaders_;  // [role][level], null: none
  std::vector<std::unique_ptr<StoreEngine>> storers_;          // [level], null: none
  std::unique_ptr<Array> array_;
  std::unique_ptr<VectorEngine> vector_;
  std::vector<Engine*> all_;  // but for the vector unit
  bool stuck_ = false;        // after a deadlock the processes cannot be woken properly
};

}  // namespace weft::sim
