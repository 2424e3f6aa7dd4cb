// Reads and evaluates fitted predictors.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dse/accuracy.hpp"

namespace weft {

namespace {

class TableAccuracy final : public AccuracyModel {
 public:
  TableAccuracy(std::string name, std::vector<NetworkPoint> rows)
      : name_(std::move(name)), rows_(std::move(rows)) {}
  double percent(const NetworkSpace&, const Genome& genome) const override {
    return rows_.at(static_cast<std::size_t>(genome.front())).accuracy;
  }
  std::string what() const override {
    return fmt::format("table {}: {} measured networks, looked up", name_, rows_.size());
  }

 private:
  std::string name_;
  std::vector<NetworkPoint> rows_;
};

// weights[from * outputs + to], so that an input that is one adds a row.
struct Dense {
  std::size_t inputs = 0, outputs = 0;
  std::vector<double> weights, bias;
};

class Surrogate final : public AccuracyModel {
 public:
  // Throws nlohmann::json::exception or std::invalid_argument.
  Surrogate(const nlohmann::json& json, const NetworkSpace& space) {
    if (json.at("predictor") != "weft-mlp/1") {
      throw std::invalid_argument("not a predictor of format weft-mlp/1");
    }
    json.at("what").get_to(what_);
    cap_ = json.value("cap", 100.0);
    for (const auto& item : json.at("layers")) {
      Dense layer;
      item.at("inputs").get_to(layer.inputs);
      item.at("weights").get_to(layer.weights);
      item.at("bias").get_to(layer.bias);
      layer.outputs = layer.bias.size();
      const std::size_t before = layers_.empty() ? layer.inputs : layers_.back().outputs;
      if (layer.inputs != before || layer.outputs == 0 ||
          layer.weights.size() != layer.inputs * layer.outputs) {
        throw std::invalid_argument("the sizes of the layers do not fit");
      }
      layers_.push_back(std::move(layer));
    }
    if (layers_.empty() || layers_.back().outputs != 1) {
      throw std::invalid_argument("the last layer has one output");
    }
    match(json.at("genes"), space);
  }

  double percent(const NetworkSpace& space, const Genome& genome) const override {
    const Dense& first = layers_.front();
    std::vector<double> values = first.bias;
    for (std::size_t gene = 0; gene < rows_.size(); ++gene) {
      if (space.active(genome, gene)) {
        const double* row =
            first.weights.data() + rows_[gene][static_cast<std::size_t>(genome[gene])] * first.outputs;
        for (std::size_t to = 0; to < first.outputs; ++to) {
          values[to] += row[to];
        }
      }
    }
    for (std::size_t at = 1; at < layers_.size(); ++at) {
      const Dense& layer = layers_[at];
      std::vector<double> next = layer.bias;
      for (std::size_t from = 0; from < layer.inputs; ++from) {
        const double input = std::max(0.0, values[from]);
        const double* row = layer.weights.data() + from * layer.outputs;
        for (std::size_t to = 0; input > 0 && to < layer.outputs; ++to) {
          next[to] += input * row[to];
        }
      }
      values = std::move(next);
    }
    return std::clamp(values.front(), 0.0, cap_);
  }
  std::string what() const override { return what_; }

 private:
  // For each option of the space's genes, its row of the first layer.
  void match(const nlohmann::json& genes, const NetworkSpace& space) {
    std::size_t row = 0;
    std::vector<std::pair<std::string, std::vector<double>>> fitted;
    for (const auto& gene : genes) {
      fitted.emplace_back(gene.at("name").get<std::string>(), gene.at("values").get<std::vector<double>>());
    }
    if (fitted.size() != space.genes().size()) {
      throw std::invalid_argument(
          fmt::format("fitted for {} genes, the networks have {}", fitted.size(), space.genes().size()));
    }
    for (std::size_t gene = 0; gene < fitted.size(); ++gene) {
      const auto& [name, values] = fitted[gene];
      const NetworkGene& own = space.genes()[gene];
      rows_.emplace_back();
      for (const double value : own.values) {
        const auto found = std::find(values.begin(), values.end(), value);
        if (name != own.name || found == values.end()) {
          throw std::invalid_argument(fmt::format("not fitted for {} = {}", own.name, value));
        }
        rows_.back().push_back(row + static_cast<std::size_t>(found - values.begin()));
      }
      row += values.size();
    }
    if (row != layers_.front().inputs) {
      throw std::invalid_argument("the first layer has one input for every option");
    }
  }

  std::string what_;
  double cap_ = 100;
  std::vector<Dense> layers_;
  std::vector<std::vector<std::size_t>> rows_;
};

}  // namespace

std::shared_ptr<const AccuracyModel> table_accuracy(const std::string& name, std::vector<NetworkPoint> rows) {
  return std::make_shared<TableAccuracy>(name, std::move(rows));
}

std::shared_ptr<const AccuracyModel> load_surrogate(const std::filesystem::path& file,
                                                    const NetworkSpace& space) {
  std::ifstream stream(file);
  if (!stream || std::filesystem::is_directory(file)) {
    throw ConfigError({file.string()}, "missing-file", "no such file");
  }
  try {
    return std::make_shared<Surrogate>(nlohmann::json::parse(stream), space);
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError({file.string()}, "bad-predictor", error.what(), "weft_fit_accuracy writes such files");
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file.string()}, "bad-predictor", error.what(), "weft_fit_accuracy writes such files");
  }
}

}  // namespace weft
