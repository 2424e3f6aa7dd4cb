// A space of networks: genes with numeric options, and the network that a choice of them makes. A network
// falls into blocks whose layers few genes decide; blocks are what the explorer maps, remembers and looks up.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dse/accuracy_table.hpp"
#include "workload/network.hpp"

namespace weft {

// One choice per gene, as an index into its options.
using Genome = std::vector<int>;

struct NetworkGene {
  std::string name;
  std::vector<double> values;
};

class NetworkSpace {
 public:
  virtual ~NetworkSpace() = default;

  [[nodiscard]] const std::vector<NetworkGene>& genes() const { return genes_; }
  [[nodiscard]] double value(const Genome& genome, std::size_t gene) const {
    return genes_[gene].values[static_cast<std::size_t>(genome[gene])];
  }
  // Whether a gene decides anything, the others being as they are. All functions below ignore what follows
  // the network's genes in a genome.
  [[nodiscard]] virtual bool active(const Genome& genome, std::size_t gene) const;
  // The same network with all genes that decide nothing at their first option.
  void canonicalise(Genome& genome) const;
  // Distinct networks; as a double, because spaces are larger than 2^63.
  [[nodiscard]] virtual double size() const;

  [[nodiscard]] virtual Network build(const Genome& genome) const = 0;
  // A key for every block, in order. Equal keys of one space: equal layers but for names and edges.
  virtual void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const = 0;
  // The layers of a block.
  [[nodiscard]] virtual Network block(const Genome& genome, std::size_t index) const = 0;

  [[nodiscard]] virtual std::string describe(const Genome& genome) const = 0;
  // What spreadsheets show of a network; empty where a gene decides nothing.
  [[nodiscard]] virtual std::vector<std::string> columns() const;
  [[nodiscard]] virtual std::vector<std::optional<double>> cells(const Genome& genome) const;

 protected:
  std::vector<NetworkGene> genes_;
};

// Options left of a space's genes: "resolution", or "kernel*" for all genes that begin so.
struct GeneChoice {
  std::string pattern;
  std::vector<double> values;
};
// Throws std::invalid_argument with a sentence: no gene has the name, or no such option.
void restrict_genes(std::vector<NetworkGene>& genes, const std::vector<GeneChoice>& choices);

// The rows of an accuracy table, one gene.
[[nodiscard]] std::shared_ptr<const NetworkSpace> table_space(const NetworkFamily& family,
                                                              std::vector<NetworkPoint> rows);

// Supernets: spaces whose genes are those of the accuracy predictors' tables.
struct Supernet {
  std::vector<NetworkGene> genes;
  std::shared_ptr<const NetworkSpace> (*make)(std::vector<NetworkGene> genes);
  std::string score = "top1";  // what tables of its sub-networks measure
};
[[nodiscard]] const Registry<Supernet>& supernets();
// Its sub-networks by their genes, for tables of those that somebody trained and measured. `build` also
// throws std::invalid_argument where a gene has no such option.
[[nodiscard]] NetworkFamily family_of(const Supernet& supernet);

// Any network with chosen widths and densities.
struct Layerwise {
  enum class Per : std::uint8_t { kLayer, kNetwork };
  Network network;
  Per per = Per::kLayer;  // a gene for each layer with a problem, or one for all
  std::vector<double> weight_bits{}, activation_bits{};        // empty: the network's own
  std::vector<double> weight_density{}, activation_density{};  // (0, 1]
  // Shares of channels kept, (0, 1], for all that go together (workload/channel_widths.hpp): a multiple of
  // `channel_step` channels, at least that many or all there are.
  std::vector<double> channel_keep{};
  std::int64_t channel_step = 8;
};
// Throws std::invalid_argument: no layer can lose channels, or more combinations than keys hold. Genes:
// weight_bits.LAYER and so on, or weight_bits. A layer's activations are its inputs; its outputs have the
// width of the widest layer that reads them (the network's own where none does). Density is of stored words.
[[nodiscard]] std::shared_ptr<const NetworkSpace> layerwise_space(Layerwise spec);

}  // namespace weft
