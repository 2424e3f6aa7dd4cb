// See sparse_print.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse_print.hpp"

#include <fmt/format.h>

#include "base/yaml_text.hpp"

namespace weft {
namespace {

std::string indent(int depth) {
  return std::string(static_cast<std::size_t>(depth), ' ');
}

std::string operands(const PerRole<bool>& by) {
  return by[0] && by[1] ? "[weights, inputs]" : by[0] ? "[weights]" : by[1] ? "[inputs]" : "[]";
}

std::string format_text(const TensorFormat& format) {
  std::string text = fmt::format("{{kind: {}, run: {}, pointer: {}", name_of(format.kind),
                                 to_string(format.run), to_string(format.pointer));
  text += format.coordinate ? ", coordinate: " + to_string(*format.coordinate) : "";
  text += format.packet ? ", packet: " + to_string(*format.packet) : "";
  if (!format.along.empty()) {
    text += ", fiber: " + yaml::quote(format.along);
  } else if (format.fiber > 0) {
    text += fmt::format(", fiber: {}", format.fiber);
  }
  return text + fmt::format(", interleaved: {}, compress: {}}}", format.interleaved,
                            format.compress == Compress::kAlways ? "always" : "when-smaller");
}

std::string merge_text(const Merge& merge) {
  return fmt::format("{{ways: {}, elements: {}, condensed: {}, smallest_first: {}, streamed: {}{}}}",
                     merge.ways, merge.elements, merge.condensed, merge.smallest_first, merge.streamed,
                     merge.buffer ? ", buffer: " + to_string(*merge.buffer) : "");
}

}  // namespace

std::string print_formats(const Memory& memory, int depth) {
  if (memory.formats == PerRole<TensorFormat>{}) {
    return "";
  }
  std::string text = indent(depth) + "formats:\n";
  for (const Role role : kAllRoles) {
    const TensorFormat& format = memory.formats[static_cast<std::size_t>(index_of(role))];
    if (format != TensorFormat{}) {
      text += fmt::format("{}{}: {}\n", indent(depth + 2), name_of(role), format_text(format));
    }
  }
  return text;
}

std::string print_sieve(const Sieve& sieve, int depth) {
  const auto line = [&](const char* key, const PerRole<bool>& by) {
    return by[0] || by[1] ? fmt::format("{}{}: {}\n", indent(depth), key, operands(by)) : "";
  };
  return line("gate", sieve.gate) + line("skip", sieve.skip);
}

std::string print_zeros(const ZeroHandling& zeros, int depth) {
  std::string text;
  if (zeros.gate) {
    text += fmt::format("{}gate: {{by: {}, energy_share: {}}}\n", indent(depth), operands(zeros.gate->by),
                        zeros.gate->energy_share);
  }
  if (const auto& skip = zeros.skip) {
    std::string barrier;
    for (const std::string& word : skip->barrier) {
      barrier += (barrier.empty() ? "" : ", ") + yaml::quote(word);
    }
    text += fmt::format("{}skip: {{by: {}, barrier: [{}], window: {}, padding: {}", indent(depth),
                        operands(skip->by), barrier, skip->window, skip->padding);
    if (skip->vectors != std::array<std::int64_t, 2>{}) {
      text += fmt::format(", vectors: {{weights: {}, inputs: {}}}", skip->vectors[0], skip->vectors[1]);
    }
    text += skip->banks > 0 ? fmt::format(", banks: {}, queue: {}", skip->banks, skip->queue) : "";
    text += skip->merge ? ", merge: " + merge_text(*skip->merge) : "";
    text += "}\n";
  }
  return text;
}

}  // namespace weft
