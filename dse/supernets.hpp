// The supernets, each from the file that knows it. For the registry alone (network_space.hpp: supernets()).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dse/network_space.hpp"

namespace weft {

[[nodiscard]] Supernet ofa_mobilenet_v3_supernet();
[[nodiscard]] Supernet ofa_resnet50_supernet();
[[nodiscard]] Supernet hat_supernet();

// Adds genes stem0, stem1 ...: `count` of them, numbered from `from`.
void add_genes(std::vector<NetworkGene>& genes, const std::string& stem, int from, int count,
               const std::vector<double>& values);

// Packs small numbers into a key.
class KeyPacker {
 public:
  KeyPacker& add(std::uint64_t value, int bits) {
    key_ = (key_ << bits) | value;
    return *this;
  }
  [[nodiscard]] std::uint64_t key() const { return key_; }

 private:
  std::uint64_t key_ = 0;
};

}  // namespace weft
