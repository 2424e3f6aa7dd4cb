// From protobuf to plain types.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_convert.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft::onnx_import {

Node convert_node(const onnx::NodeProto& proto) {
  const bool standard = proto.domain().empty() || proto.domain() == "ai.onnx";
  Node node{.op = standard ? proto.op_type() : proto.domain() + "." + proto.op_type()};
  node.inputs.assign(proto.input().begin(), proto.input().end());
  for (const std::string& output : proto.output()) {
    if (!output.empty()) {
      node.outputs.push_back(output);
    }
  }
  node.name = !proto.name().empty()  ? proto.name()
              : node.outputs.empty() ? node.op
                                     : node.op + "_" + node.outputs.front();
  for (const onnx::AttributeProto& attribute : proto.attribute()) {
    const std::string& key = attribute.name();
    if (attribute.has_t()) {
      if (const auto values = small_integers(attribute.t())) {
        node.lists[key] = *values;
      }
    } else if (attribute.ints_size() > 0) {
      node.lists[key].assign(attribute.ints().begin(), attribute.ints().end());
    } else if (attribute.has_i()) {
      node.integers[key] = attribute.i();
    } else if (attribute.has_s()) {
      node.texts[key] = attribute.s();
    }
  }
  // "NOTSET" is how exporters say that there is no automatic padding.
  const auto pad = node.texts.find("auto_pad");
  if (pad != node.texts.end() && pad->second == "NOTSET") {
    node.texts.erase(pad);
  }
  return node;
}

namespace {

// Bytes of one element in raw form; 0 for types that carry no plain numbers.
std::size_t width(int data_type) {
  switch (data_type) {
    case onnx::TensorProto::BOOL:
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT8:
      return 1;
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
      return 2;
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::UINT32:
    case onnx::TensorProto::FLOAT:
      return 4;
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::UINT64:
    case onnx::TensorProto::DOUBLE:
      return 8;
    default:
      return 0;
  }
}

std::optional<std::int64_t> count_of(const onnx::TensorProto& tensor) {
  try {
    std::int64_t count = 1;
    for (const std::int64_t dim : tensor.dims()) {
      if (dim < 0) {
        return std::nullopt;
      }
      count = checked_mul(count, dim);
    }
    return count;
  } catch (const OverflowError&) {
    return std::nullopt;
  }
}

template <class T>
std::vector<std::int64_t> from_raw(const std::string& raw) {
  std::vector<std::int64_t> values;
  for (std::size_t at = 0; at + sizeof(T) <= raw.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, raw.data() + at, sizeof(T));  // little-endian, as ONNX and our machines are
    values.push_back(static_cast<std::int64_t>(value));
  }
  return values;
}

}  // namespace

bool holds_its_data(const onnx::TensorProto& tensor) {
  const std::optional<std::int64_t> count = count_of(tensor);
  const std::size_t bytes = width(tensor.data_type());
  if (!count || bytes == 0 || *count > static_cast<std::int64_t>(kMaxConstant) ||
      tensor.data_location() == onnx::TensorProto::EXTERNAL) {
    return false;
  }
  const auto words = static_cast<std::size_t>(*count);
  if (tensor.has_raw_data()) {
    return tensor.raw_data().size() == words * bytes;
  }
  const int typed = std::max({tensor.float_data_size(), tensor.int32_data_size(), tensor.int64_data_size(),
                              tensor.double_data_size(), tensor.uint64_data_size()});
  return static_cast<std::size_t>(typed) == words;
}

std::optional<std::vector<std::int64_t>> small_integers(const onnx::TensorProto& tensor) {
  if (!holds_its_data(tensor)) {
    return std::nullopt;
  }
  const bool raw = tensor.has_raw_data();
  switch (tensor.data_type()) {
    case onnx::TensorProto::INT64:
      return raw ? from_raw<std::int64_t>(tensor.raw_data())
                 : std::vector<std::int64_t>(tensor.int64_data().begin(), tensor.int64_data().end());
    case onnx::TensorProto::INT32:
      return raw ? from_raw<std::int32_t>(tensor.raw_data())
                 : std::vector<std::int64_t>(tensor.int32_data().begin(), tensor.int32_data().end());
    case onnx::TensorProto::BOOL:
      return raw ? from_raw<std::uint8_t>(tensor.raw_data())
                 : std::vector<std::int64_t>(tensor.int32_data().begin(), tensor.int32_data().end());
    default:
      return std::nullopt;
  }
}

std::vector<int> sorted_nodes(const onnx::GraphProto& graph, const std::string& file) {
  std::map<std::string, int> producer;
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string& output : graph.node(i).output()) {
      if (!output.empty() && !producer.emplace(output, i).second) {
        throw ConfigError({file, 0, 0}, "onnx-parse", "two nodes produce the value '" + output + "'");
      }
    }
  }
  const auto count = static_cast<std::size_t>(graph.node_size());
  std::vector<std::vector<int>> consumers(count);
  std::vector<int> waiting(count, 0);
  std::set<int> ready;
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string& input : graph.node(i).input()) {
      const auto found = producer.find(input);
      if (found != producer.end()) {
        consumers[static_cast<std::size_t>(found->second)].push_back(i);
        ++waiting[static_cast<std::size_t>(i)];
      }
    }
    if (waiting[static_cast<std::size_t>(i)] == 0) {
      ready.insert(i);
    }
  }
  std::vector<int> order;
  while (!ready.empty()) {
    const int node = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(node);
    for (const int consumer : consumers[static_cast<std::size_t>(node)]) {
      if (--waiting[static_cast<std::size_t>(consumer)] == 0) {
        ready.insert(consumer);
      }
    }
  }
  if (order.size() != count) {
    throw ConfigError({file, 0, 0}, "onnx-cycle", "the graph has a cycle: a node waits for its own result");
  }
  return order;
}

bool safe_to_infer(const Graph& graph, const Node& node) {
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  const auto within = [&node](const char* key, std::int64_t low) {
    const std::vector<std::int64_t> list = node.list(key, {});
    return std::all_of(list.begin(), list.end(), [low](std::int64_t v) { return v >= low && v <= kMost; });
  };
  if (!within("strides", 1) || !within("dilations", 1) || !within("kernel_shape", 1) ||
      !within("pads", -kMost) || !within("output_padding", 0) || !within("output_shape", 1)) {
    return false;
  }
  const std::int64_t block = node.integer("blocksize", 1);
  if (block < 1 || block > 65536) {
    return false;
  }
  const OperatorInfo info = operator_info(node.op);
  const bool windowed = info.kind == VectorKind::kPool || node.op.find("Conv") != std::string::npos;
  if (!windowed) {
    return node.op != "Range";  // evaluated when its limits are known; the rule divides by the step
  }
  const std::vector<std::int64_t>* in = graph.dims(node.input(0));
  const auto fits = [&](const char* key, std::size_t values) {
    const auto found = node.lists.find(key);
    return found == node.lists.end() || found->second.size() == values;
  };
  // A convolution reads its kernel from the weights, and trusts that they have the input's rank.
  if (info.kind != VectorKind::kPool) {
    const std::vector<std::int64_t>* weights = graph.dims(node.input(node.op == "QLinearConv" ? 3 : 1));
    if (in == nullptr || weights == nullptr || weights->size() != in->size()) {
      return false;
    }
  }
  const std::size_t axes = in == nullptr || in->size() < 3 ? 0 : in->size() - 2;
  return axes != 0 && fits("strides", axes) && fits("dilations", axes) && fits("kernel_shape", axes) &&
         fits("pads", 2 * axes) && fits("output_padding", axes) && fits("output_shape", axes);
}

}  // namespace weft::onnx_import
