// One accelerator of a study with its table: what every block of a network costs on it, filled when first
// asked for. Layers are mapped once per shape; a network is a sum of look-ups. Safe to use from several
// threads; what it answers does not depend on what was asked before. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "arch/spec/accelerator.hpp"
#include "energy_model/energy.hpp"
#include "mapper/mapper.hpp"
#include "workload/network.hpp"

namespace weft {

// Of one copy of a block: its layers one after the other, vector work included.
struct BlockCost {
  std::int64_t cycles = 0;
  double energy_pj = 0;
  bool complete = true;  // every layer has a mapping
};

// How layers are mapped: a registered search and its request, of which problem, accelerator and table are set
// here.
struct MachineSetup {
  std::string search;
  MapRequest request;
  const EnergyTable* table = nullptr;
};

// Problems with equal text have equal costs (same_shape).
[[nodiscard]] std::string text_of(const Problem& problem);

class Machine {
 public:
  Machine(Accelerator accelerator, const MachineSetup& setup);

  [[nodiscard]] const Accelerator& accelerator() const { return accelerator_; }
  [[nodiscard]] double area_um2() const { return area_um2_; }
  [[nodiscard]] double storage_bits() const { return storage_bits_; }  // of all memories on the chip

  // The cost under `key`, which stands for the block that `make` gives when nobody asked for it before.
  template <class Make>
  [[nodiscard]] BlockCost cost(std::uint64_t key, const Make& make) const {
    if (const BlockCost* known = find(costs_, key)) {
      return *known;
    }
    return store(costs_, key, map(make()));
  }
  // What the block cannot cost less than, whatever the mappings: exact once cost() knows it.
  struct Bounded {
    BlockCost cost;
    bool known = false;
  };
  template <class Make>
  [[nodiscard]] Bounded bound(std::uint64_t key, const Make& make) const {
    if (const BlockCost* known = find(costs_, key)) {
      return {*known, true};
    }
    if (const BlockCost* known = find(bounds_, key)) {
      return {*known, false};
    }
    return {store(bounds_, key, bound(make())), false};
  }
  // Every layer's mapping, the same that cost() added up.
  [[nodiscard]] NetworkResult map_whole(const Network& network) const;
  [[nodiscard]] std::int64_t layers_mapped() const { return layers_mapped_; }

 private:
  using Table = std::unordered_map<std::uint64_t, BlockCost>;
  [[nodiscard]] const BlockCost* find(const Table& table, std::uint64_t key) const;
  BlockCost store(Table& table, std::uint64_t key, const BlockCost& cost) const;
  [[nodiscard]] BlockCost map(const Network& block) const;
  [[nodiscard]] BlockCost bound(const Network& block) const;
  // Of the array's work on a problem alone.
  [[nodiscard]] BlockCost array_cost(const Problem& problem) const;
  [[nodiscard]] MapRequest request_for(const Problem& problem) const;

  Accelerator accelerator_;
  MachineSetup setup_;
  double area_um2_ = 0;
  double storage_bits_ = 0;
  mutable std::shared_mutex mutex_;
  mutable Table costs_, bounds_;
  mutable std::map<std::string, BlockCost> shapes_, shape_bounds_;  // of the array's work, by problem
  mutable std::atomic<std::int64_t> layers_mapped_{0};
};

}  // namespace weft
