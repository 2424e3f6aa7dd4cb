// Whose output channels are whose: sets of channels that have to be pruned together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/network.hpp"

namespace weft::compress {

// The channels of every layer's result, as stretches of sets. A set is made by filters, or stays whole.
class Channels {
 public:
  explicit Channels(const Network& network);

  using Stretches = std::vector<int>;  // sets, one after the other
  // Of the layer's result; empty: not known.
  [[nodiscard]] Stretches result(int layer) const { return named(results_[static_cast<std::size_t>(layer)]); }
  // Of what its problem reads, when that is known to follow them; empty: the layer keeps all its inputs.
  [[nodiscard]] Stretches read(int layer) const { return named(read_[static_cast<std::size_t>(layer)]); }
  // Is the result what the layer's own filters make? A depthwise layer passes on what it reads.
  [[nodiscard]] bool makes(int layer) const { return makes_[static_cast<std::size_t>(layer)]; }
  [[nodiscard]] bool whole(int set) const { return sets_[static_cast<std::size_t>(set)].whole; }
  [[nodiscard]] std::int64_t size(int set) const { return sets_[static_cast<std::size_t>(set)].channels; }
  [[nodiscard]] std::int64_t size(const Stretches& stretches) const;
  [[nodiscard]] int sets() const { return static_cast<int>(sets_.size()); }

 private:
  struct Set {
    int parent = 0;
    std::int64_t channels = 0;
    bool whole = false;
  };
  [[nodiscard]] int root(int set) const;
  [[nodiscard]] Stretches named(Stretches stretches) const;
  int make(std::int64_t channels, bool whole);
  void keep(const Stretches& stretches);
  void keep_inputs(const Layer& layer, std::size_t from = 0);
  // The same channels from now on, or all of both whole when they do not match.
  void tie(const Stretches& a, const Stretches& b);
  Stretches of_problem(const Layer& layer, std::size_t index);
  Stretches of_vector_work(const Layer& layer);

  std::vector<Set> sets_;
  std::vector<Stretches> results_, read_;
  std::vector<bool> makes_;
};

}  // namespace weft::compress
