// Writes small ONNX files for the tests of the import.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "workload/import.hpp"

namespace weft::testing_onnx {

using Dims = std::vector<std::int64_t>;

class Model {
 public:
  explicit Model(int opset = 16) {
    proto_.set_ir_version(8);
    proto_.add_opset_import()->set_version(opset);
  }

  // A graph input; a negative dim becomes the symbol "batch" or, with -2, "length".
  Model& input(const std::string& name, const Dims& dims) {
    onnx::ValueInfoProto* info = proto_.mutable_graph()->add_input();
    info->set_name(name);
    info->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : dims) {
      auto* one = info->mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim();
      if (dim < 0) {
        one->set_dim_param(dim == -1 ? "batch" : "length");
      } else {
        one->set_dim_value(dim);
      }
    }
    return *this;
  }

  // A float tensor whose data lies in a file that is not there.
  Model& weights(const std::string& name, const Dims& dims, const std::string& location = "absent.bin") {
    onnx::TensorProto* tensor = proto_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : dims) {
      tensor->add_dims(dim);
    }
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    auto* entry = tensor->add_external_data();
    entry->set_key("location");
    entry->set_value(location);
    return *this;
  }

  // A tensor with its words in the file, one int32 or float field each (ONNX's INT8, UINT8, INT4 ... do so).
  Model& tensor(const std::string& name, int type, const Dims& dims, const std::vector<float>& words) {
    onnx::TensorProto* tensor = proto_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(type);
    for (const std::int64_t dim : dims) {
      tensor->add_dims(dim);
    }
    for (const float word : words) {
      if (type == onnx::TensorProto::FLOAT) {
        tensor->add_float_data(word);
      } else {
        tensor->add_int32_data(static_cast<int>(word));
      }
    }
    return *this;
  }
  // The tensor added last keeps its words as these bytes instead.
  Model& as_bytes(const std::string& bytes) {
    onnx::TensorProto* tensor = last_tensor();
    tensor->clear_float_data();
    tensor->clear_int32_data();
    tensor->set_raw_data(bytes);
    return *this;
  }
  // The same in a file beside the model, from a byte on.
  Model& in_file(const std::string& location, std::int64_t offset) {
    onnx::TensorProto* tensor = last_tensor();
    tensor->clear_float_data();
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] :
         {std::pair<std::string, std::string>{"location", location}, {"offset", std::to_string(offset)}}) {
      auto* entry = tensor->add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    return *this;
  }
  // The element type of the graph input added last.
  Model& of_type(int type) {
    auto* info = proto_.mutable_graph()->mutable_input(proto_.graph().input_size() - 1);
    info->mutable_type()->mutable_tensor_type()->set_elem_type(type);
    return *this;
  }

  Model& integers(const std::string& name, const Dims& values) {
    onnx::TensorProto* tensor = proto_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::INT64);
    tensor->add_dims(static_cast<std::int64_t>(values.size()));
    for (const std::int64_t value : values) {
      tensor->add_int64_data(value);
    }
    return *this;
  }

  // A node named after its output.
  Model& node(const std::string& op, const std::vector<std::string>& inputs, const std::string& output) {
    onnx::NodeProto* node = proto_.mutable_graph()->add_node();
    node->set_op_type(op);
    node->set_name(output);
    for (const std::string& name : inputs) {
      node->add_input(name);
    }
    node->add_output(output);
    return *this;
  }
  // Attributes of the node added last.
  Model& with(const std::string& name, const Dims& values) {
    onnx::AttributeProto* attribute = last_attribute(name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) {
      attribute->add_ints(value);
    }
    return *this;
  }
  Model& with(const std::string& name, std::int64_t value) {
    last_attribute(name, onnx::AttributeProto::INT)->set_i(value);
    return *this;
  }
  Model& with(const std::string& name, const std::string& value) {
    last_attribute(name, onnx::AttributeProto::STRING)->set_s(value);
    return *this;
  }
  Model& domain(const std::string& name) {
    last_node().set_domain(name);
    return *this;
  }

  [[nodiscard]] std::filesystem::path save() const {
    const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / ("weft_" + test + ".onnx");
    std::ofstream(file, std::ios::binary) << proto_.SerializeAsString();
    return file;
  }
  [[nodiscard]] Network load(const ImportOptions& options = {}) const {
    return load_network_onnx(save(), options);
  }
  // The code of the first diagnostic, or "accepted".
  [[nodiscard]] std::string mistake(const ImportOptions& options = {}) const {
    try {
      static_cast<void>(load(options));
    } catch (const ConfigError& error) {
      return error.diagnostics().front().code;
    }
    return "accepted";
  }

 private:
  onnx::TensorProto* last_tensor() {
    return proto_.mutable_graph()->mutable_initializer(proto_.graph().initializer_size() - 1);
  }
  onnx::NodeProto& last_node() {
    return *proto_.mutable_graph()->mutable_node(proto_.graph().node_size() - 1);
  }
  onnx::AttributeProto* last_attribute(const std::string& name, onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto* attribute = last_node().add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
  }

  onnx::ModelProto proto_;
};

}  // namespace weft::testing_onnx
