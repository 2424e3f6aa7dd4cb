// How wide the words of an ONNX graph's values are once the network runs quantised.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {

// Element types newer than the library knows (onnx.proto, TensorProto.DataType).
inline constexpr int kUint4 = 21, kInt4 = 22;

// Bits of a stored word of the element type; 0 for types that carry no plain numbers.
[[nodiscard]] int storage_bits(int element_type);
// Bits of a quantised type (integers up to 32 bits, the 8- and 4-bit floats); 0 for the others: a tensor of
// floats does not say how many bits the machine will give it.
[[nodiscard]] int quantised_bits(int element_type);

// Quantisers and the operators that only move data are looked through, in both directions.
class QuantisedBits {
 public:
  explicit QuantisedBits(const Graph& graph);
  // Of a value as its reader gets it: the nearest quantised tensor that it is made from; 0: none.
  [[nodiscard]] int read_as(const std::string& value) const;
  // Of a result as it is stored: what all its readers make of it behind elementwise operations, the widest
  // one when they differ; 0: somebody takes it as it is, in floats.
  [[nodiscard]] int written_as(const std::string& value) const;

 private:
  [[nodiscard]] int written_as(const std::string& value, int depth) const;
  [[nodiscard]] int through(const Node& node, int depth) const;

  const Graph& graph_;
  std::map<std::string, const Node*> producer_;
  std::map<std::string, std::vector<const Node*>> readers_;
  mutable std::map<std::string, int> written_;  // values asked for: paths that part and meet are walked once
};

}  // namespace weft::onnx_import
