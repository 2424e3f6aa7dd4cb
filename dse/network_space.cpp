// What all spaces of networks share, and the space of a table's rows.
// SPDX-License-Identifier: Apache-2.0
#include "dse/network_space.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace weft {

namespace {

class TableSpace final : public NetworkSpace {
 public:
  TableSpace(const NetworkFamily& family, std::vector<NetworkPoint> rows)
      : family_(family), rows_(std::move(rows)) {
    NetworkGene gene{"network", {}};
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      gene.values.push_back(static_cast<double>(row));
    }
    genes_.push_back(std::move(gene));
  }

  Network build(const Genome& genome) const override { return family_.build(row(genome).parameters); }
  void blocks(const Genome& genome, std::vector<std::uint64_t>& keys) const override {
    keys.assign(1, static_cast<std::uint64_t>(genome.front()));
  }
  Network block(const Genome& genome, std::size_t) const override { return build(genome); }
  std::string describe(const Genome& genome) const override { return weft::describe(family_, row(genome)); }
  std::vector<std::string> columns() const override { return family_.parameters; }
  std::vector<std::optional<double>> cells(const Genome& genome) const override {
    return {row(genome).parameters.begin(), row(genome).parameters.end()};
  }

 private:
  const NetworkPoint& row(const Genome& genome) const {
    return rows_.at(static_cast<std::size_t>(genome.front()));
  }
  NetworkFamily family_;
  std::vector<NetworkPoint> rows_;
};

bool matches(const std::string& name, const std::string& pattern) {
  const bool open = !pattern.empty() && pattern.back() == '*';
  return open ? name.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0 : name == pattern;
}

void restrict_gene(NetworkGene& gene, const std::vector<double>& values) {
  for (const double value : values) {
    if (std::count(gene.values.begin(), gene.values.end(), value) == 0) {
      throw std::invalid_argument(
          fmt::format("'{}' cannot be {}; it is one of {}", gene.name, value, fmt::join(gene.values, ", ")));
    }
  }
  gene.values = values;
}

}  // namespace

bool NetworkSpace::active(const Genome&, std::size_t) const {
  return true;
}

void NetworkSpace::canonicalise(Genome& genome) const {
  for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
    if (genome[gene] != 0 && !active(genome, gene)) {
      genome[gene] = 0;
    }
  }
}

double NetworkSpace::size() const {
  double product = 1;
  for (const NetworkGene& gene : genes_) {
    product *= static_cast<double>(gene.values.size());
  }
  return product;
}

std::vector<std::string> NetworkSpace::columns() const {
  std::vector<std::string> names;
  for (const NetworkGene& gene : genes_) {
    names.push_back(gene.name);
  }
  return names;
}

std::vector<std::optional<double>> NetworkSpace::cells(const Genome& genome) const {
  std::vector<std::optional<double>> cells(genes_.size());
  for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
    if (active(genome, gene)) {
      cells[gene] = value(genome, gene);
    }
  }
  return cells;
}

void restrict_genes(std::vector<NetworkGene>& genes, const std::vector<GeneChoice>& choices) {
  for (const GeneChoice& choice : choices) {
    bool found = false;
    for (NetworkGene& gene : genes) {
      if (matches(gene.name, choice.pattern)) {
        restrict_gene(gene, choice.values);
        found = true;
      }
    }
    if (!found) {
      throw std::invalid_argument(fmt::format("the networks have no gene '{}'", choice.pattern));
    }
  }
}

std::shared_ptr<const NetworkSpace> table_space(const NetworkFamily& family, std::vector<NetworkPoint> rows) {
  return std::make_shared<TableSpace>(family, std::move(rows));
}

}  // namespace weft
