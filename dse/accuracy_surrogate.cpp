// Reads fitted predictors; the table's rows as a model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text_file.hpp"
#include "base/whole_number.hpp"
#include "dse/mlp.hpp"

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

// For each option of the space's genes, its input: the options of all fitted genes in order.
std::vector<std::vector<std::size_t>> match(const nlohmann::json& genes, const NetworkSpace& space) {
  std::vector<std::vector<std::size_t>> inputs;
  std::size_t next = 0;
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
    inputs.emplace_back();
    for (const double value : own.values) {
      const auto found = std::find(values.begin(), values.end(), value);
      if (name != own.name || found == values.end()) {
        throw std::invalid_argument(fmt::format("not fitted for {} = {}", own.name, value));
      }
      inputs.back().push_back(next + static_cast<std::size_t>(found - values.begin()));
    }
    next += values.size();
  }
  return inputs;
}

// Throws nlohmann::json::exception or std::invalid_argument.
Mlp mlp_of(const nlohmann::json& json, const NetworkSpace& space) {
  if (json.at("predictor") != "weft-mlp/1") {
    throw std::invalid_argument("not a predictor of format weft-mlp/1");
  }
  Mlp mlp;
  json.at("what").get_to(mlp.what);
  mlp.cap = json.value("cap", 100.0);
  for (const auto& item : json.at("layers")) {
    Dense layer;
    layer.inputs = static_cast<std::size_t>(whole_number(item.at("inputs"), 1));
    item.at("weights").get_to(layer.weights);
    item.at("bias").get_to(layer.bias);
    layer.outputs = layer.bias.size();
    mlp.layers.push_back(std::move(layer));
  }
  mlp.inputs = match(json.at("genes"), space);
  return mlp;
}

}  // namespace

std::shared_ptr<const AccuracyModel> table_accuracy(const std::string& name, std::vector<NetworkPoint> rows) {
  return std::make_shared<TableAccuracy>(name, std::move(rows));
}

std::shared_ptr<const AccuracyModel> load_surrogate(const std::filesystem::path& file,
                                                    const NetworkSpace& space) {
  if (file.extension() == ".safetensors") {
    return load_safetensors_predictor(file, space);
  }
  const std::string text = read_text_file(file);
  try {
    return mlp_accuracy(mlp_of(nlohmann::json::parse(text), space));
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError({file.string()}, "bad-predictor", error.what(), "weft_fit_accuracy writes such files");
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file.string()}, "bad-predictor", error.what(), "weft_fit_accuracy writes such files");
  }
}

}  // namespace weft
