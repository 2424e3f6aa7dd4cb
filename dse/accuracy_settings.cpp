// Accuracy of one network under other widths or densities, from a table of uniform settings.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "dse/accuracy.hpp"

namespace weft {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct WeighedLayer {
  double share = 0;                // of the network's MACs
  std::vector<std::size_t> genes;  // per column of the table; kNone: the layer has none
};

class SettingsAccuracy final : public AccuracyModel {
 public:
  SettingsAccuracy(std::string name, std::vector<NetworkPoint> rows, std::vector<WeighedLayer> layers)
      : name_(std::move(name)), rows_(std::move(rows)), layers_(std::move(layers)) {}

  double percent(const NetworkSpace& space, const Genome& genome) const override {
    double sum = 0;
    for (const WeighedLayer& layer : layers_) {
      sum += layer.share * of_setting(space, genome, layer);
    }
    return sum;
  }
  std::string what() const override {
    return fmt::format(
        "table {}: published top-1 where all layers have one setting; else the mean over layers by their "
        "MACs, an assumption; settings not published count as the best published one that is no finer",
        name_);
  }

 private:
  [[nodiscard]] double of_setting(const NetworkSpace& space, const Genome& genome,
                                  const WeighedLayer& layer) const {
    double best = 0;
    for (const NetworkPoint& row : rows_) {
      bool reached = true;
      for (std::size_t i = 0; i < layer.genes.size(); ++i) {
        reached =
            reached && (layer.genes[i] == kNone || row.parameters[i] <= space.value(genome, layer.genes[i]));
      }
      best = reached ? std::max(best, row.accuracy) : best;
    }
    return best;
  }

  std::string name_;
  std::vector<NetworkPoint> rows_;
  std::vector<WeighedLayer> layers_;
};

}  // namespace

std::vector<std::string> setting_columns(const NetworkSpace& space) {
  std::vector<std::string> columns;
  for (const NetworkGene& gene : space.genes()) {
    const std::string stem = gene.name.substr(0, gene.name.find('.'));
    const bool varies = gene.values.size() > 1;
    if (varies && std::find(columns.begin(), columns.end(), stem) == columns.end()) {
      columns.push_back(stem);
    }
  }
  return columns;
}

std::shared_ptr<const AccuracyModel> settings_accuracy(const std::string& name,
                                                       std::vector<NetworkPoint> rows,
                                                       const NetworkSpace& space) {
  std::map<std::string, std::size_t> gene_of;
  for (std::size_t gene = 0; gene < space.genes().size(); ++gene) {
    gene_of[space.genes()[gene].name] = gene;
  }
  const auto find = [&gene_of](const std::string& gene) {
    const auto found = gene_of.find(gene);
    return found == gene_of.end() ? kNone : found->second;
  };
  std::vector<WeighedLayer> layers;
  double total = 0;
  for (const Layer& layer : space.build(Genome(space.genes().size(), 0)).layers) {
    if (!layer.problem) {
      continue;
    }
    WeighedLayer weighed;
    weighed.share = static_cast<double>(macs(*layer.problem)) * static_cast<double>(layer.repeat);
    for (const std::string& column : setting_columns(space)) {
      const std::size_t own = find(column + "." + layer.name);
      weighed.genes.push_back(own != kNone ? own : find(column));
    }
    total += weighed.share;
    layers.push_back(std::move(weighed));
  }
  for (WeighedLayer& layer : layers) {
    layer.share /= total;
  }
  return std::make_shared<SettingsAccuracy>(name, std::move(rows), std::move(layers));
}

}  // namespace weft
