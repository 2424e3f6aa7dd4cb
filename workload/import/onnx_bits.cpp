// See onnx_bits.hpp. Operators: QuantizeLinear-25, DequantizeLinear-25, DynamicQuantizeLinear-11.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_bits.hpp"

#include <algorithm>

#include <onnx/onnx_pb.h>

namespace weft::onnx_import {
namespace {

constexpr int kFurthest = 64;  // operators looked through: chains of files are shorter, and none is endless
constexpr int kFloat8 = 17, kFloat8Last = 20, kFloat4 = 23;

// The type that a quantiser makes: of its zero point, else the one it states, else unsigned bytes.
int quantiser_bits(const Graph& graph, const Node& node) {
  if (node.op == "DynamicQuantizeLinear") {
    return 8;
  }
  const int by_zero = quantised_bits(graph.value(node.input(2)).element);
  const int stated = quantised_bits(static_cast<int>(
      std::clamp<std::int64_t>(node.integer("output_dtype", onnx::TensorProto::UINT8), 0, 1000)));
  return by_zero != 0 ? by_zero : stated;
}

bool quantises(const Node& node) {
  return node.op == "QuantizeLinear" || node.op == "DynamicQuantizeLinear";
}

}  // namespace

int storage_bits(int element_type) {
  switch (element_type) {
    case kInt4:
    case kUint4:
      return 4;
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT8:
      return 8;
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
      return 16;
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::FLOAT:
      return 32;
    case onnx::TensorProto::DOUBLE:
      return 64;
    default:
      return 0;
  }
}

int quantised_bits(int element_type) {
  switch (element_type) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
    case onnx::TensorProto::DOUBLE:
      return 0;
    case onnx::TensorProto::UINT32:
      return 32;
    case kFloat4:
      return 4;
    default:
      return element_type >= kFloat8 && element_type <= kFloat8Last ? 8 : storage_bits(element_type);
  }
}

QuantisedBits::QuantisedBits(const Graph& graph) : graph_(graph) {
  for (const Node& node : graph.nodes) {
    for (const std::string& output : node.outputs) {
      producer_[output] = &node;
    }
    for (const std::string& input : node.inputs) {
      readers_[input].push_back(&node);
    }
  }
}

int QuantisedBits::read_as(const std::string& value) const {
  std::string at = value;
  for (int depth = 0; depth < kFurthest; ++depth) {
    if (const int bits = quantised_bits(graph_.value(at).element); bits != 0) {
      return bits;
    }
    const auto found = producer_.find(at);
    if (found == producer_.end() || operator_info(found->second->op).handling != Handling::kFree ||
        found->second->input(0).empty()) {
      return 0;
    }
    if (quantises(*found->second)) {
      return quantiser_bits(graph_, *found->second);
    }
    at = found->second->input(0);
  }
  return 0;
}

int QuantisedBits::through(const Node& node, int depth) const {
  if (quantises(node)) {
    return quantiser_bits(graph_, node);
  }
  const Handling handling = operator_info(node.op).handling;
  const bool passes = handling == Handling::kElementwise || handling == Handling::kFree;
  return passes && !node.outputs.empty() ? written_as(node.outputs.front(), depth + 1) : 0;
}

int QuantisedBits::written_as(const std::string& value, int depth) const {
  const int own = quantised_bits(graph_.value(value).element);
  const auto found = readers_.find(value);
  if (found == readers_.end() || depth > kFurthest) {
    return own;
  }
  if (const auto known = written_.find(value); known != written_.end()) {
    return known->second;
  }
  int widest = 0;
  for (const Node* reader : found->second) {
    const int bits = through(*reader, depth);
    if (bits == 0) {
      return written_[value] = own;
    }
    widest = std::max(widest, bits);
  }
  return written_[value] = widest;
}

int QuantisedBits::written_as(const std::string& value) const {
  return written_as(value, 0);
}

}  // namespace weft::onnx_import
