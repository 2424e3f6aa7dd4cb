// A network by how many channels its layers keep (He et al., AMC, ECCV 2018): shapes alone, no words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workload/network.hpp"

namespace weft {

class ChannelWidths {
 public:
  explicit ChannelWidths(Network network);

  // Channels that are kept or dropped together, because layers add or multiply them; each by the first layer
  // that makes them. What prune_channels() (compress.hpp) leaves whole is not here.
  struct Set {
    std::string layer;
    std::int64_t channels = 0;
  };
  [[nodiscard]] const std::vector<Set>& sets() const { return sets_; }

  // Of a layer, when every set keeps so many (1 to its channels, in the order of sets()): what it reads and
  // what its result has, of how many; `of` is 0 where nothing is known of them.
  struct Width {
    std::int64_t in = 0, in_of = 0, out = 0, out_of = 0;
  };
  [[nodiscard]] Width width(std::size_t layer, const std::vector<std::int64_t>& kept) const;
  // The layer itself at that width.
  [[nodiscard]] Layer layer(std::size_t index, const Width& width) const;

 private:
  struct Reach {
    std::int64_t fixed = 0, all = 0;  // channels outside of the sets; all channels
    std::vector<std::size_t> sets;
  };
  Network network_;
  std::vector<Set> sets_;
  std::vector<Reach> in_, out_;
  std::vector<bool> makes_;  // the layer's own filters make its result
};

}  // namespace weft
