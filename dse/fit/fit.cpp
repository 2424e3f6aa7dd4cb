// Reads tables, trains, and writes predictors.
// SPDX-License-Identifier: Apache-2.0
#include "dse/fit/fit.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dse/network_space.hpp"

namespace weft::fit {

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) {
    cell.erase(std::remove(cell.begin(), cell.end(), '\r'), cell.end());
    cells.push_back(cell);
  }
  return cells;
}

class Table {
 public:
  Table(const Request& request, const Supernet& supernet)
      : file_(request.table.string()), genes_(supernet.genes), space_(supernet.make(supernet.genes)) {
    std::size_t inputs = 0;
    for (const NetworkGene& gene : genes_) {
      first_.push_back(inputs);
      inputs += gene.values.size();
    }
    inputs_ = inputs;
  }

  std::vector<Sample> read() const {
    std::ifstream stream(file_);
    if (!stream) {
      throw ConfigError({file_}, "missing-file", "no such file");
    }
    std::string line;
    std::getline(stream, line);
    std::vector<std::string> names = space_->columns();
    names.emplace_back("top1");
    if (cells_of(line) != names) {
      throw ConfigError({file_, 1, 1}, "bad-table",
                        fmt::format("the columns must be {}", fmt::join(names, ",")));
    }
    std::vector<Sample> samples;
    for (int number = 2; std::getline(stream, line); ++number) {
      samples.push_back(sample(cells_of(line), number));
    }
    if (samples.size() < 20) {
      throw ConfigError({file_}, "empty-table", "fewer than 20 rows");
    }
    return samples;
  }
  [[nodiscard]] std::size_t inputs() const { return inputs_; }

 private:
  Sample sample(const std::vector<std::string>& cells, int line) const {
    const auto fail = [&](const std::string& what) {
      throw ConfigError({file_, line, 1}, "bad-table", what);
    };
    if (cells.size() != genes_.size() + 1) {
      fail(fmt::format("{} cells, but {} columns", cells.size(), genes_.size() + 1));
    }
    Genome genome;
    for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
      const auto& values = genes_[gene].values;
      const auto found = std::find_if(values.begin(), values.end(), [&](double value) {
        return fmt::format("{}", value) == cells[gene] || std::strtod(cells[gene].c_str(), nullptr) == value;
      });
      if (found == values.end()) {
        fail(fmt::format("'{}' is no option of {}", cells[gene], genes_[gene].name));
      }
      genome.push_back(static_cast<int>(found - values.begin()));
    }
    Sample sample;
    for (std::size_t gene = 0; gene < genes_.size(); ++gene) {
      if (space_->active(genome, gene)) {
        sample.ones.push_back(first_[gene] + static_cast<std::size_t>(genome[gene]));
      }
    }
    char* end = nullptr;
    const double fraction = std::strtod(cells.back().c_str(), &end);
    if (end == cells.back().c_str() || !(fraction >= 0 && fraction <= 1)) {
      fail(fmt::format("an accuracy of '{}' is not between 0 and 1", cells.back()));
    }
    sample.target = 100 * fraction;
    return sample;
  }

  std::string file_;
  std::vector<NetworkGene> genes_;
  std::shared_ptr<const NetworkSpace> space_;
  std::vector<std::size_t> first_;
  std::size_t inputs_ = 0;
};

// Six significant digits are plenty for percentages, and keep the file small.
double short_number(double value) {
  return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr);
}

nlohmann::ordered_json layers_json(const Mlp& mlp) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const Layer& layer : mlp.layers()) {
    nlohmann::ordered_json weights = nlohmann::ordered_json::array();
    nlohmann::ordered_json bias = nlohmann::ordered_json::array();
    for (const double weight : layer.weights) {
      weights.push_back(short_number(weight));
    }
    for (const double value : layer.bias) {
      bias.push_back(value);
    }
    layers.push_back({{"inputs", layer.inputs}, {"weights", weights}, {"bias", bias}});
  }
  return layers;
}

// Mean and deviation of the targets.
std::pair<double, double> moments(const std::vector<Sample>& samples) {
  double sum = 0;
  double squares = 0;
  for (const Sample& sample : samples) {
    sum += sample.target;
    squares += sample.target * sample.target;
  }
  const auto n = static_cast<double>(samples.size());
  const double mean = sum / n;
  return {mean, std::sqrt(std::max(1e-12, squares / n - mean * mean))};
}

}  // namespace

Fitted fit_accuracy(const Request& request) {
  const Supernet& supernet = supernets().at(request.supernet);
  const Table table(request, supernet);
  std::vector<Sample> samples = table.read();
  Rng rng(request.options.seed);
  rng.shuffle(samples);
  const auto tenth = static_cast<std::ptrdiff_t>(samples.size() / 10);
  const std::vector<Sample> held_out(samples.begin(), samples.begin() + tenth);
  std::vector<Sample> validation(samples.begin() + tenth, samples.begin() + 2 * tenth);
  std::vector<Sample> training(samples.begin() + 2 * tenth, samples.end());
  const auto [mean, deviation] = moments(training);
  for (std::vector<Sample>* set : {&validation, &training}) {
    for (Sample& sample : *set) {
      sample.target = (sample.target - mean) / deviation;
    }
  }
  Options options = request.options;
  options.cap = (options.cap - mean) / deviation - 1e-9;
  Mlp mlp(table.inputs(), options.hidden, rng);
  mlp.train(training, validation, options);
  mlp.rescale(deviation, mean);

  Fitted fitted;
  fitted.rows = training.size();
  fitted.held_out_rows = held_out.size();
  std::vector<double> predicted;
  std::vector<double> truth;
  for (const Sample& sample : held_out) {
    predicted.push_back(std::min(request.options.cap, mlp.predict(sample.ones)));
    truth.push_back(sample.target);
  }
  fitted.held_out = quality(predicted, truth);
  nlohmann::ordered_json json = {{"predictor", "weft-mlp/1"}, {"supernet", request.supernet}};
  json["what"] = fmt::format(
      "predictor fitted to {}; {} held-out networks: mean error {:.2f} points, Kendall {:.3f}, Spearman "
      "{:.3f}",
      request.source, fitted.held_out_rows, fitted.held_out.mean_absolute, fitted.held_out.kendall,
      fitted.held_out.spearman);
  json["held_out"] = {{"rows", fitted.held_out_rows},
                      {"mean_absolute", fitted.held_out.mean_absolute},
                      {"root_mean_square", fitted.held_out.root_mean_square},
                      {"kendall", fitted.held_out.kendall},
                      {"spearman", fitted.held_out.spearman}};
  if (request.options.cap <= 100) {
    json["cap"] = request.options.cap;
  }
  json["genes"] = nlohmann::ordered_json::array();
  for (const NetworkGene& gene : supernet.genes) {
    json["genes"].push_back({{"name", gene.name}, {"values", gene.values}});
  }
  json["layers"] = layers_json(mlp);
  fitted.json = json.dump() + "\n";
  return fitted;
}

}  // namespace weft::fit
