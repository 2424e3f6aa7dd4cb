// The registry of supernets, and their sub-networks as a table's networks.
// SPDX-License-Identifier: Apache-2.0
#include "dse/supernets.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace weft {

namespace {

Registry<Supernet> make_supernets() {
  Registry<Supernet> registry("supernet");
  registry.add("ofa_mobilenet_v3", "Once-for-All MobileNetV3, width 1.2", ofa_mobilenet_v3_supernet());
  registry.add("ofa_resnet50", "Once-for-All ResNet-50D", ofa_resnet50_supernet());
  registry.add("hat_wmt14", "HAT encoder-decoder Transformers for WMT'14", hat_supernet());
  return registry;
}

}  // namespace

const Registry<Supernet>& supernets() {
  static const Registry<Supernet> registry = make_supernets();
  return registry;
}

void add_genes(std::vector<NetworkGene>& genes, const std::string& stem, int from, int count,
               const std::vector<double>& values) {
  for (int i = 0; i < count; ++i) {
    genes.push_back({fmt::format("{}{}", stem, from + i), values});
  }
}

NetworkFamily family_of(const Supernet& supernet) {
  NetworkFamily family;
  family.score = supernet.score;
  for (const NetworkGene& gene : supernet.genes) {
    family.parameters.push_back(gene.name);
  }
  family.build = [space = supernet.make(supernet.genes)](const std::vector<double>& parameters) {
    Genome genome;
    for (std::size_t gene = 0; gene < space->genes().size(); ++gene) {
      const std::vector<double>& values = space->genes()[gene].values;
      const auto found = std::find(values.begin(), values.end(), parameters.at(gene));
      if (found == values.end()) {
        throw std::invalid_argument(fmt::format("'{}' cannot be {}; it is one of {}",
                                                space->genes()[gene].name, parameters[gene],
                                                fmt::join(values, ", ")));
      }
      genome.push_back(static_cast<int>(found - values.begin()));
    }
    return space->build(genome);
  };
  return family;
}

}  // namespace weft
