// Reads an ONNX file into memory and refuses what is not one.
// SPDX-License-Identifier: Apache-2.0
#include <climits>
#include <fstream>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <memory>
#include <system_error>

#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "workload/import/onnx_contents.hpp"
#include "workload/import/onnx_proto.hpp"

namespace weft::onnx_import {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const char* code, const std::string& message,
                         const std::string& hint = "") {
  throw ConfigError({file.string(), 0, 0}, code, message, hint);
}

void check_path(const fs::path& file) {
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (!fs::exists(status)) {
    refuse(file, "missing-file", "there is no such file");
  }
  if (!fs::is_regular_file(status)) {
    refuse(file, "not-a-file", "this is not a regular file");
  }
  if (fs::file_size(file, failed) >= static_cast<std::uintmax_t>(INT_MAX) || failed) {
    refuse(file, "onnx-parse", "the file is 2 GiB or larger, which no ONNX file can be",
           "store the weights as external data");
  }
}

onnx::ModelProto parse(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    refuse(file, "missing-file", "the file cannot be read");
  }
  google::protobuf::io::IstreamInputStream raw(&stream);
  google::protobuf::io::CodedInputStream coded(&raw);
  coded.SetTotalBytesLimit(INT_MAX);
  onnx::ModelProto model;
  if (!model.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    refuse(file, "onnx-parse", "this is not an ONNX file, or it ends too early");
  }
  if (!model.has_graph() || model.graph().node_size() == 0) {
    refuse(file, "onnx-parse", "the file holds no ONNX graph");
  }
  return model;
}

// A path that leaves the folder is an attack on whoever opens it.
void check_external(const fs::path& file, const onnx::TensorProto& tensor) {
  if (tensor.data_location() != onnx::TensorProto::EXTERNAL) {
    return;
  }
  for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
    if (entry.key() != "location") {
      continue;
    }
    const fs::path location(entry.value());
    const fs::path normal = location.lexically_normal();
    if (entry.value().empty() || location.is_absolute() || *normal.begin() == "..") {
      refuse(
          file, "external-path",
          "tensor '" + tensor.name() + "' is stored in '" + entry.value() + "', outside the model's folder");
    }
  }
}

void check_external(const fs::path& file, const onnx::GraphProto& graph) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    check_external(file, tensor);
  }
  for (const onnx::NodeProto& node : graph.node()) {
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      if (attribute.has_t()) {
        check_external(file, attribute.t());
      }
    }
  }
}

}  // namespace

Graph read_graph(const fs::path& file, const ImportOptions& options) {
  check_path(file);
  const auto model = std::make_shared<onnx::ModelProto>(parse(file));
  check_external(file, model->graph());
  Graph graph = infer_shapes(*model, file.string(), options);
  graph.contents = stored_contents(model, file.parent_path());
  graph.name = model->graph().name();
  if (graph.name.empty() || graph.name == "torch_jit" || graph.name == "torch-jit-export") {
    graph.name = file.stem().string();
  }
  return graph;
}

}  // namespace weft::onnx_import

namespace weft {

Network load_network_onnx(const std::filesystem::path& file, const ImportOptions& options) {
  onnx_import::Graph graph = onnx_import::read_graph(file, options);
  onnx_import::join_chains(graph);
  return onnx_import::build_network(graph);
}

TrainedNetwork load_trained_onnx(const std::filesystem::path& file, const ImportOptions& options) {
  onnx_import::Graph graph = onnx_import::read_graph(file, options);
  onnx_import::join_chains(graph);
  TrainedNetwork result;
  result.network = onnx_import::build_network(graph, &result.weights);
  return result;
}

}  // namespace weft
