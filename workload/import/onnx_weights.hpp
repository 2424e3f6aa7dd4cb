// The trained words of a layer, as the file holds them, in the order of the problem's weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

class TrainedWords {
 public:
  explicit TrainedWords(const Graph& graph);
  // `problem` is that of `node`. Nothing when the weights are activations, the file does not hold them, or
  // they are made in a way that is not followed (slices, arithmetic, blocks of scales). A quantised zero is a
  // word equal to its zero point.
  [[nodiscard]] std::optional<std::vector<float>> of(const Node& node, const Problem& problem) const;

 private:
  struct Words {
    std::vector<std::int64_t> dims{};
    std::vector<float> values{};
  };
  [[nodiscard]] std::optional<Words> value(const std::string& name, int depth = 0) const;
  [[nodiscard]] std::optional<Words> made_by(const Node& node, int depth) const;
  [[nodiscard]] std::optional<Words> quantised(const Node& node, Words words, int depth) const;
  [[nodiscard]] bool without_zero_point(Words& words, const std::string& zero, std::size_t axis) const;

  const Graph& graph_;
  std::map<std::string, const Node*> producer_;
};

}  // namespace weft::onnx_import
