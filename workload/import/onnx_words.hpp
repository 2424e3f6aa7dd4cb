// What an ONNX file says about the words of its layers: how wide they are, which ones are zero.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workload/import/onnx_bits.hpp"
#include "workload/import/onnx_weights.hpp"

namespace weft::onnx_import {

class LayerWords {
 public:
  explicit LayerWords(const Graph& graph) : graph_(graph), bits_(graph), trained_(graph) {}
  // Gives the tensors of the node's problem the widths that the file states, and its weights the density and
  // positions counted. Returns the trained words; empty where the file does not hold them.
  std::vector<float> take(const Node& node, Problem& problem) const;
  // Of what a vector operation writes, else of what it reads, else 8.
  [[nodiscard]] int vector_bits(const Node& node) const;

 private:
  const Graph& graph_;
  QuantisedBits bits_;
  TrainedWords trained_;
};

}  // namespace weft::onnx_import
