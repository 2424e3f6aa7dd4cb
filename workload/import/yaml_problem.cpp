// The problem of a layer in a network file.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "workload/import/yaml_layer.hpp"

namespace weft::network_yaml {
namespace {

using yaml::Section;
using yaml::Value;

// One number for both axes, or [rows, columns]; with four numbers [top, left, bottom, right].
std::vector<std::int64_t> numbers(Section& section, const char* key, std::int64_t fallback, std::int64_t min,
                                  std::size_t most) {
  const std::optional<Value> value = section.optional(key);
  if (!value) {
    return {fallback, fallback};
  }
  if (!value->is_list()) {
    const std::int64_t both = value->integer(min, kMaxSize);
    return {both, both};
  }
  std::vector<std::int64_t> result;
  for (const Value& item : value->list()) {
    result.push_back(item.integer(min, kMaxSize));
  }
  if (result.size() != 2 && result.size() != most) {
    value->error("wrong-length", std::string(key) + " takes one number or " +
                                     (most == 4 ? "a list of two or four" : "a list of two"));
    return {fallback, fallback};
  }
  return result;
}

// `in: [channels, height, width]`.
std::array<std::int64_t, 3> image(Section& section) {
  std::array<std::int64_t, 3> sizes = {1, 1, 1};
  const std::optional<Value> value = section.required("in");
  if (!value) {
    return sizes;
  }
  const std::vector<Value> items = value->list();
  if (value->is_list() && items.size() != 3) {
    value->error("wrong-length", "'in' is [channels, height, width]");
  }
  for (std::size_t i = 0; i < items.size() && i < sizes.size(); ++i) {
    sizes[i] = items[i].integer(1, kMaxSize);
  }
  return sizes;
}

Problem read_conv(Section& section, const std::string& kind, const std::string& name, std::int64_t batch) {
  ConvShape s{.name = name, .batch = batch};
  const std::array<std::int64_t, 3> in = image(section);
  s.in_channels = in[0];
  s.in_h = in[1];
  s.in_w = in[2];
  const bool depthwise = kind == "depthwise";
  s.out_channels =
      depthwise ? section.integer_or("out", s.in_channels, 1, kMaxSize) : section.integer("out", 1, kMaxSize);
  s.groups = depthwise ? s.in_channels : section.integer_or("groups", 1, 1, kMaxSize);
  const auto kernel = numbers(section, "kernel", 1, 1, 2);
  const auto stride = numbers(section, "stride", 1, 1, 2);
  const auto dilation = numbers(section, "dilation", 1, 1, 2);
  const auto padding = numbers(section, "padding", 0, 0, 4);
  s.kernel_h = kernel[0];
  s.kernel_w = kernel[1];
  s.stride_h = stride[0];
  s.stride_w = stride[1];
  s.dilation_h = dilation[0];
  s.dilation_w = dilation[1];
  s.pad_top = padding[0];
  s.pad_left = padding[1];
  s.pad_bottom = padding[padding.size() - 2];
  s.pad_right = padding[padding.size() - 1];
  return make_conv(s);
}

Problem read_gemm(Section& section, const std::string& kind, const std::string& name, std::int64_t batch) {
  if (kind == "linear") {
    const std::int64_t rows = section.integer_or("rows", batch, 1, kMaxSize);
    Problem problem = make_gemm({.name = name,
                                 .m = rows,
                                 .n = section.integer("out", 1, kMaxSize),
                                 .k = section.integer("in", 1, kMaxSize)});
    problem.kind = "linear";
    return problem;
  }
  return make_gemm(
      {.name = name,
       .batch = batch,
       .m = section.integer("m", 1, kMaxSize),
       .n = section.integer("n", 1, kMaxSize),
       .k = section.integer("k", 1, kMaxSize),
       .weights = kind == "matmul" ? GemmShape::Weights::kBatched : GemmShape::Weights::kShared});
}

Problem read_einsum(Section& section, const std::string& name) {
  EinsumShape shape{.name = name, .equation = section.text("equation")};
  if (const std::optional<Value> sizes = section.required("sizes")) {
    if (!sizes->is_section()) {
      sizes->error("not-a-section", "'sizes' gives each index its size: {m: 64, k: 128}");
    } else {
      Section dims = sizes->section();
      for (const auto& [index, value] : dims.entries()) {
        shape.sizes.push_back({index, value.integer(1, kMaxSize)});
      }
    }
  }
  return make_einsum(shape);
}

template <class T, class Read>
void read_per_role(Section& section, const char* key, PerRole<T>& values, const Read& read) {
  const std::optional<Value> value = section.optional(key);
  if (!value) {
    return;
  }
  if (!value->is_section()) {
    values.fill(read(*value));
    return;
  }
  Section roles = value->section();
  for (const Role role : kAllRoles) {
    if (const std::optional<Value> one = roles.optional(name_of(role))) {
      values[static_cast<std::size_t>(index_of(role))] = read(*one);
    }
  }
  roles.done();
}

bool is_word(const std::string& text) {
  return text.find(':') != std::string::npos || text == "dense";
}

// A tensor file is looked for beside the network file first, then where the program runs.
std::string with_file_found(const std::string& text, const Value& value) {
  namespace fs = std::filesystem;
  if (text.rfind("file:", 0) != 0) {
    return text;
  }
  const fs::path beside = fs::path(value.where().file).parent_path() / text.substr(5);
  std::error_code ignored;
  return fs::exists(beside, ignored) ? "file:" + beside.string() : text;
}

// A number, or the words of parse_sparsity().
Sparsity read_sparsity(const Value& value) {
  if (!value.is_scalar() || !is_word(value.text())) {
    // Tensors that are all zeros carry no information; the smallest density stands for "almost".
    return {value.number(1e-9, 1.0)};
  }
  try {
    return parse_sparsity(with_file_found(value.text(), value));
  } catch (const std::invalid_argument& error) {
    value.error("bad-density", error.what(), kSparsityHint);
    return {};
  }
}

}  // namespace

Widths read_widths(Section& section, const Widths& fallback) {
  Widths widths = fallback;
  read_per_role(section, "bits", widths.bits, [](const Value& v) { return v.integer(1, 64); });
  read_per_role(section, "density", widths.density, read_sparsity);
  return widths;
}

std::optional<Problem> read_problem(Section& section, const std::string& kind, const std::string& name,
                                    const Defaults& defaults) {
  const Widths widths = read_widths(section, defaults.widths);
  if (kind == "vector") {
    return std::nullopt;
  }
  const std::int64_t batch = kind == "einsum" ? 1 : section.integer_or("batch", defaults.batch, 1, kMaxSize);
  try {
    Problem problem = kind == "conv" || kind == "depthwise" ? read_conv(section, kind, name, batch)
                      : kind == "einsum"                    ? read_einsum(section, name)
                                                            : read_gemm(section, kind, name, batch);
    for (const Role role : kAllRoles) {
      problem.tensor(role).bits = static_cast<int>(widths.bits[static_cast<std::size_t>(index_of(role))]);
      set_sparsity(problem, role, widths.density[static_cast<std::size_t>(index_of(role))]);
    }
    return problem;
  } catch (const std::invalid_argument& error) {
    section.error("bad-shape", "layer '" + name + "': " + error.what());
    return std::nullopt;
  }
}

}  // namespace weft::network_yaml
