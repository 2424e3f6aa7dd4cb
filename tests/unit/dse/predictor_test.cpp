// Does a user's predictor say what the same network says in our own format, and is one of other genes
// refused? SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/configs.hpp"
#include "base/rng.hpp"
#include "dse/accuracy.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;

// Writes tensors of 64-bit floats as they come.
class Writer {
 public:
  void add(const std::string& name, const std::vector<std::size_t>& shape, const std::vector<double>& words) {
    const std::size_t begin = words_.size();
    for (const double word : words) {
      char raw[sizeof word];
      std::memcpy(raw, &word, sizeof word);
      words_.append(raw, sizeof word);
    }
    header_[name] = {{"dtype", "F64"}, {"shape", shape}, {"data_offsets", {begin, words_.size()}}};
  }
  void say(const std::string& key, const std::string& value) { header_["__metadata__"][key] = value; }
  std::filesystem::path write() const {
    const auto file = std::filesystem::path(::testing::TempDir()) / "weft_predictor.safetensors";
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    const std::string header = header_.dump();
    for (int i = 0; i < 8; ++i) {
      out.put(static_cast<char>((header.size() >> (8 * i)) & 255U));
    }
    out << header << words_;
    return file;
  }

 private:
  nlohmann::json header_;
  std::string words_;
};

// One of our predictors as PyTorch would write it: weights of outputs x inputs, ReLU between without a name.
// Tens of layers' numbers, so that their order is not that of their letters.
Writer translated(const nlohmann::json& ours) {
  Writer writer;
  int number = 8;
  for (const auto& layer : ours.at("layers")) {
    const std::size_t inputs = layer.at("inputs"), outputs = layer.at("bias").size();
    std::vector<double> weights(inputs * outputs);
    for (std::size_t from = 0; from < inputs; ++from) {
      for (std::size_t to = 0; to < outputs; ++to) {
        weights[to * inputs + from] = layer.at("weights").at(from * outputs + to);
      }
    }
    writer.add(fmt::format("net.{}.weight", number), {outputs, inputs}, weights);
    writer.add(fmt::format("net.{}.bias", number), {outputs}, layer.at("bias"));
    number += 2;
  }
  return writer;
}

std::string inputs_of(const NetworkSpace& space) {
  std::string inputs;
  for (const NetworkGene& gene : space.genes()) {
    for (const double value : gene.values) {
      inputs += fmt::format("{}{}={}", inputs.empty() ? "" : ", ", gene.name, value);
    }
  }
  return inputs;
}

TEST(UsersPredictor, SaysWhatTheSameNetworkSaysInOurFormat) {
  const Supernet& supernet = supernets().at("ofa_mobilenet_v3");
  const auto space = supernet.make(supernet.genes);
  const auto ours = configs_dir() / "accuracy" / "ofa_mobilenet_v3.json";
  std::ifstream stream(ours);
  Writer writer = translated(nlohmann::json::parse(stream));
  writer.say("inputs", inputs_of(*space));
  writer.say("what", "a translation");
  writer.say("offset", "-1.5");
  const auto expected = load_surrogate(ours, *space);
  const auto model = load_surrogate(writer.write(), *space);
  EXPECT_THAT(model->what(), HasSubstr("a translation"));
  Rng rng(17);
  for (int i = 0; i < 100; ++i) {
    Genome genome;
    for (const NetworkGene& gene : space->genes()) {
      genome.push_back(static_cast<int>(rng.uniform(0, std::ssize(gene.values) - 1)));
    }
    EXPECT_NEAR(model->percent(*space, genome), expected->percent(*space, genome) - 1.5, 1e-9);
  }
}

std::string problem_of(const Writer& writer) {
  const Supernet& supernet = supernets().at("hat_wmt14");
  std::vector<NetworkGene> genes = supernet.genes;
  restrict_genes(genes, {{"encoder_embed", {512}}});
  for (NetworkGene& gene : genes) {
    gene.values.resize(1);
  }
  try {
    (void)load_surrogate(writer.write(), *supernet.make(genes));
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.diagnostics().front().code, "bad-predictor");
    return error.diagnostics().front().message;
  }
  return "no problem";
}

TEST(UsersPredictor, WhatDoesNotFitIsRefused) {
  const Supernet& supernet = supernets().at("hat_wmt14");
  std::vector<NetworkGene> genes = supernet.genes;
  for (NetworkGene& gene : genes) {
    gene.values.resize(1);
  }
  const std::string inputs = inputs_of(*supernet.make(genes));
  const std::size_t width = genes.size();
  const auto linear = [&](std::size_t outputs, const std::string& said) {
    Writer writer;
    writer.add("0.weight", {outputs, width}, std::vector<double>(width * outputs, 0.25));
    writer.add("0.bias", {outputs}, std::vector<double>(outputs, 1));
    writer.say("inputs", said);
    return writer;
  };
  EXPECT_EQ(problem_of(linear(1, inputs)), "no problem");
  EXPECT_THAT(problem_of(linear(2, inputs)), HasSubstr("one output"));
  EXPECT_THAT(problem_of(linear(1, inputs + ", width=1")), HasSubstr("names 40 inputs"));
  EXPECT_THAT(problem_of(linear(1, "x" + inputs)), HasSubstr("encoder_embed=512"));
  EXPECT_THAT(problem_of(linear(1, inputs + ",")), HasSubstr("GENE=VALUE"));
  EXPECT_THAT(problem_of(linear(1, inputs + ", " + inputs)), HasSubstr("twice"));
  Writer lone = linear(1, inputs);
  lone.add("norm.weight", {1}, {1});
  EXPECT_THAT(problem_of(lone), HasSubstr("'norm.weight'"));
  Writer deep = linear(1, inputs);
  deep.add("2.weight", {1, 2}, {1, 1});
  deep.add("2.bias", {1}, {1});
  EXPECT_THAT(problem_of(deep), HasSubstr("do not fit"));
  Writer scaled = linear(1, inputs);
  scaled.say("scale", "hundred");
  EXPECT_THAT(problem_of(scaled), HasSubstr("'hundred' is not a number"));
}

}  // namespace
}  // namespace weft
