// The types and small contents of values in the form the ONNX library's shape rules read them, and those
// rules. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <onnx/onnx_pb.h>

#include "workload/import/onnx_fold.hpp"

namespace weft::onnx_import {

class TypeTable {
 public:
  void set(const std::string& name, int element_type, const std::vector<std::int64_t>& dims);
  void set(const std::string& name, const onnx::TypeProto& type);
  // An integer constant of our own making, with its contents.
  void set_constant(const std::string& name, const Constant& constant);
  // Contents of a value of the file; the tensor must outlive the table.
  void set_data(const std::string& name, const onnx::TensorProto& tensor) { data_[name] = &tensor; }
  [[nodiscard]] const onnx::TypeProto* find(const std::string& name) const;

  [[nodiscard]] const std::unordered_map<std::string, onnx::TypeProto*>& types() const { return types_; }
  [[nodiscard]] const std::unordered_map<std::string, const onnx::TensorProto*>& data() const {
    return data_;
  }

 private:
  std::deque<onnx::TypeProto> kept_types_;  // stable addresses
  std::deque<onnx::TensorProto> kept_tensors_;
  std::unordered_map<std::string, onnx::TypeProto*> types_;
  std::unordered_map<std::string, const onnx::TensorProto*> data_;
};

// Types of the node's outputs by the library's rule for that version of the operator; empty where it has
// none, does not apply or throws.
[[nodiscard]] std::vector<std::pair<std::string, onnx::TypeProto>> library_rule(onnx::NodeProto node,
                                                                                int opset,
                                                                                const TypeTable& types);

}  // namespace weft::onnx_import
