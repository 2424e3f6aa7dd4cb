// Tells configuration files apart.
// SPDX-License-Identifier: Apache-2.0
#include "cli/file_kind.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/yaml.hpp"

namespace weft::cli {
namespace {

struct Signature {
  FileKind kind;
  const char* key;  // a key that no earlier kind has at the top
};
constexpr Signature kSignatures[] = {{FileKind::kMapping, "problem"},
                                     {FileKind::kNetwork, "layers"},
                                     {FileKind::kSpace, "space"},
                                     {FileKind::kSpace, "study"},
                                     {FileKind::kConstraints, "constraints"},
                                     {FileKind::kAccelerator, "levels"},
                                     {FileKind::kEnergy, "table"},
                                     {FileKind::kAccelerator, "accelerator"},
                                     {FileKind::kNetwork, "network"}};

}  // namespace

std::string name_of(FileKind kind) {
  switch (kind) {
    case FileKind::kAccelerator:
      return "accelerator";
    case FileKind::kNetwork:
      return "network";
    case FileKind::kMapping:
      return "mapping";
    case FileKind::kSpace:
      return "space";
    case FileKind::kEnergy:
      return "energy table";
    case FileKind::kConstraints:
      return "constraints";
    case FileKind::kOnnx:
      return "ONNX model";
  }
  return "";
}

FileKind kind_of(const std::filesystem::path& file) {
  if (file.extension() == ".onnx") {
    return FileKind::kOnnx;
  }
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  std::vector<std::string> keys;
  for (const auto& [key, value] : root.entries()) {
    keys.push_back(key);
  }
  for (const Signature& signature : kSignatures) {
    if (std::find(keys.begin(), keys.end(), signature.key) != keys.end()) {
      return signature.kind;
    }
  }
  root.error("unknown-kind", "no kind of file that weft knows has these keys at the top",
             "an accelerator has 'levels', a network 'layers', a mapping 'problem', constraints "
             "'constraints', an energy table 'table', "
             "a space 'space'");
  document.finish();
  return FileKind::kAccelerator;  // not reached: finish() throws
}

MappingHead read_mapping_head(const std::filesystem::path& file) {
  const yaml::Document document = yaml::Document::load(file);
  yaml::Section root = document.root();
  MappingHead head;
  head.accelerator = root.text_or("accelerator", "");
  if (const auto problem = root.required("problem")) {
    yaml::Section section = problem->section();
    head.problem = section.text_or("name", "problem");
    if (const auto dims = section.required("dims")) {
      yaml::Section sizes = dims->section();
      for (const auto& [name, size] : sizes.entries()) {
        head.dims.emplace_back(name, size.integer(1, std::numeric_limits<std::int64_t>::max()));
      }
    }
  }
  document.finish();
  return head;
}

}  // namespace weft::cli
