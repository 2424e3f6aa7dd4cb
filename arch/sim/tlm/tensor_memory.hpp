// The outermost level of a run in a platform: turns the words of a tile into runs of bytes at the tensors'
// addresses, and keeps what memory answers where the engines find it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/sim/core/traffic.hpp"
#include "arch/sim/core/values.hpp"
#include "arch/sim/outer_memory.hpp"
#include "arch/sim/tlm/memory_master.hpp"

namespace weft::sim {

struct TensorPlace {
  std::uint64_t base = 0;   // byte address
  unsigned word_bytes = 0;  // 1..8
};

class TensorMemory final : public OuterMemory {
 public:
  // Keeps references.
  TensorMemory(MemoryMaster& master, const Program& program, const TileTable& tiles, Values& values,
               PerRole<TensorPlace> places);
  void load(Role role, std::size_t tile) override;
  void store(std::size_t tile) override;
  void read_sums(std::size_t tile) override;

 private:
  // Bytes of the runs, one run after the other, and where they belong.
  struct Image {
    std::vector<std::uint8_t> bytes;
    std::vector<ByteRun> runs;
  };
  [[nodiscard]] Image image(Role role, const WordRuns& runs) const;
  [[nodiscard]] const TensorPlace& place(Role role) const {
    return places_[static_cast<std::size_t>(index_of(role))];
  }
  MemoryMaster& master_;
  Values& values_;
  Traffic traffic_;
  PerRole<TensorPlace> places_;
};

}  // namespace weft::sim
