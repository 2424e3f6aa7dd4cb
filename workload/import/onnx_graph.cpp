// Small questions about the reduced graph.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_graph.hpp"

#include <utility>

#include "base/checked.hpp"

namespace weft::onnx_import {

std::int64_t Node::integer(const std::string& key, std::int64_t fallback) const {
  const auto found = integers.find(key);
  return found == integers.end() ? fallback : found->second;
}

std::vector<std::int64_t> Node::list(const std::string& key, std::vector<std::int64_t> fallback) const {
  const auto found = lists.find(key);
  return found == lists.end() ? std::move(fallback) : found->second;
}

std::string Node::text(const std::string& key) const {
  const auto found = texts.find(key);
  return found == texts.end() ? "" : found->second;
}

const std::string& Node::input(std::size_t index) const {
  static const std::string absent;
  return index < inputs.size() ? inputs[index] : absent;
}

const Value& Graph::value(const std::string& value_name) const {
  static const Value unknown;
  const auto found = values.find(value_name);
  return found == values.end() ? unknown : found->second;
}

const std::vector<std::int64_t>* Graph::dims(const std::string& value_name) const {
  const Value& found = value(value_name);
  return found.dims ? &*found.dims : nullptr;
}

std::int64_t element_count(const std::vector<std::int64_t>& dims) {
  std::int64_t product = 1;
  for (const std::int64_t dim : dims) {
    product = checked_mul(product, dim);
  }
  return product;
}

}  // namespace weft::onnx_import
