// The only place that runs the ONNX library's shape inference.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_types.hpp"

#include <exception>

#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>

namespace weft::onnx_import {

void TypeTable::set(const std::string& name, int element_type, const std::vector<std::int64_t>& dims) {
  onnx::TypeProto type;
  type.mutable_tensor_type()->set_elem_type(element_type);
  onnx::TensorShapeProto* shape = type.mutable_tensor_type()->mutable_shape();
  for (const std::int64_t dim : dims) {
    shape->add_dim()->set_dim_value(dim);
  }
  set(name, type);
}

void TypeTable::set(const std::string& name, const onnx::TypeProto& type) {
  types_[name] = &kept_types_.emplace_back(type);
}

void TypeTable::set_constant(const std::string& name, const Constant& constant) {
  set(name, onnx::TensorProto::INT64, constant.dims);
  onnx::TensorProto& tensor = kept_tensors_.emplace_back();
  tensor.set_data_type(onnx::TensorProto::INT64);
  for (const std::int64_t dim : constant.dims) {
    tensor.add_dims(dim);
  }
  for (const std::int64_t value : constant.values) {
    tensor.add_int64_data(value);
  }
  set_data(name, tensor);
}

const onnx::TypeProto* TypeTable::find(const std::string& name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : found->second;
}

namespace {

// The library's rules trust what its checker has verified: known shapes of all inputs, and numbers of inputs,
// outputs and attributes as the schema has them. Attributes of newer versions are left out.
bool verified(const onnx::OpSchema& schema, const TypeTable& types, onnx::NodeProto& node) {
  for (const std::string& input : node.input()) {
    const onnx::TypeProto* type = types.find(input);
    if (!input.empty() && (type == nullptr || !type->tensor_type().has_shape())) {
      return false;
    }
  }
  google::protobuf::RepeatedPtrField<onnx::AttributeProto> kept;
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (schema.attributes().count(attribute.name()) != 0) {
      *kept.Add() = attribute;
    }
  }
  node.mutable_attribute()->Swap(&kept);
  schema.Verify(node);
  return true;
}

}  // namespace

std::vector<std::pair<std::string, onnx::TypeProto>> library_rule(onnx::NodeProto node, int opset,
                                                                  const TypeTable& types) {
  std::vector<std::pair<std::string, onnx::TypeProto>> result;
  const onnx::OpSchema* schema = onnx::OpSchemaRegistry::Schema(node.op_type(), opset, "");
  if (schema == nullptr || !schema->has_type_and_shape_inference_function()) {
    // Newer elementwise operators than the library knows keep the shape of what they are given.
    const onnx::TypeProto* first = node.input_size() == 0 ? nullptr : types.find(node.input(0));
    if (operator_info(node.op_type()).handling == Handling::kElementwise && first != nullptr) {
      result.emplace_back(node.output(0), *first);
    }
    return result;
  }
  try {
    if (!verified(*schema, types, node)) {
      return result;
    }
    const std::unordered_map<std::string, const onnx::SparseTensorProto*> no_sparse;
    onnx::shape_inference::InferenceContextImpl context(node, types.types(), types.data(), no_sparse);
    schema->GetTypeAndShapeInferenceFunction()(context);
    for (int i = 0; i < node.output_size(); ++i) {
      result.emplace_back(node.output(i), *context.getOutputType(static_cast<std::size_t>(i)));
    }
  } catch (const std::exception&) {
    result.clear();
  }
  return result;
}

}  // namespace weft::onnx_import
