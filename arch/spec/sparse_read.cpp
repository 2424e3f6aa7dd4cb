// See sparse_read.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse_read.hpp"

#include <limits>

namespace weft {
namespace {

constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names = {"uncompressed", "bitmask", "run-length",
                                                 "coordinate",   "offsets", "relative"};
  return names;
}

FormatKind kind_of(const yaml::Value& value) {
  const std::string name = value.text();
  for (std::size_t k = 0; k < kinds().size(); ++k) {
    if (kinds()[k] == name) {
      return static_cast<FormatKind>(k);
    }
  }
  const std::string close = nearest(name, kinds());
  value.error("unknown-name", "unknown format '" + name + "'",
              close.empty() ? "known: uncompressed, bitmask, run-length, coordinate, offsets, relative"
                            : "did you mean '" + close + "'?");
  return FormatKind::kUncompressed;
}

// `fiber: 64` or `fiber: filters`.
void read_fiber(yaml::Section& section, TensorFormat& format) {
  const auto fiber = section.optional("fiber");
  if (!fiber) {
    return;
  }
  const std::string text = fiber->is_scalar() ? fiber->text() : "";
  if (!text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'))) {
    format.along = text;
  } else {
    format.fiber = fiber->integer(1, kLargest);
  }
}

TensorFormat read_format(const yaml::Value& value, const std::string& path, const NotePlace& note) {
  TensorFormat format;
  note(path, value);
  if (!value.is_section()) {
    format.kind = kind_of(value);
    return format;
  }
  yaml::Section section = value.section();
  if (const auto kind = section.required("kind")) {
    format.kind = kind_of(*kind);
  }
  for (const char* key : {"run", "coordinate", "pointer", "packet", "fiber"}) {
    if (const auto known = section.optional(key)) {
      note(path + "." + key, *known);
    }
  }
  format.run = section.optional_quantity<Bits>("run").value_or(format.run);
  format.coordinate = section.optional_quantity<Bits>("coordinate");
  format.pointer = section.optional_quantity<Bits>("pointer").value_or(format.pointer);
  format.packet = section.optional_quantity<Bits>("packet");
  read_fiber(section, format);
  format.interleaved = section.boolean_or("interleaved", false);
  format.compress = static_cast<Compress>(section.choice_or("compress", {"always", "when-smaller"}, 0));
  section.done();
  return format;
}

PerRole<bool> read_operands(const yaml::Value& value) {
  PerRole<bool> result{};
  for (const yaml::Value& item : value.list()) {
    const std::string word = item.text();
    if (word == "weights" || word == "inputs") {
      result[word == "weights" ? 0 : 1] = true;
    } else {
      item.error("unknown-name", "zeros of '" + word + "' lead to nothing; known: weights, inputs");
    }
  }
  return result;
}

Gate read_gate(const yaml::Value& value, const NotePlace& note) {
  Gate gate;
  if (value.is_list()) {
    gate.by = read_operands(value);
    return gate;
  }
  yaml::Section section = value.section();
  if (const auto by = section.required("by")) {
    gate.by = read_operands(*by);
  }
  if (const auto share = section.optional("energy_share")) {
    note("gate.energy_share", *share);
    gate.energy_share = share->number(0, 1);
  }
  section.done();
  return gate;
}

Merge read_merge(const yaml::Value& value, const NotePlace& note) {
  Merge merge;
  yaml::Section section = value.section();
  for (const char* key : {"ways", "elements", "buffer"}) {
    if (const auto known = section.optional(key)) {
      note(std::string("skip.merge.") + key, *known);
    }
  }
  merge.ways = section.integer_or("ways", merge.ways, kSmallest, kLargest);
  merge.elements = section.integer_or("elements", merge.elements, kSmallest, kLargest);
  merge.condensed = section.boolean_or("condensed", merge.condensed);
  merge.smallest_first = section.boolean_or("smallest_first", merge.smallest_first);
  merge.streamed = section.boolean_or("streamed", merge.streamed);
  merge.buffer = section.optional_quantity<Bits>("buffer");
  section.done();
  return merge;
}

Skip read_skip(const yaml::Value& value, const NotePlace& note) {
  Skip skip;
  if (value.is_list()) {
    skip.by = read_operands(value);
    return skip;
  }
  yaml::Section section = value.section();
  if (const auto by = section.required("by")) {
    skip.by = read_operands(*by);
  }
  if (const auto barrier = section.optional("barrier")) {
    note("skip.barrier", *barrier);
    skip.barrier = read_words(barrier);
  }
  if (const auto window = section.optional("window")) {
    note("skip.window", *window);
    skip.window = window->integer(kSmallest, kLargest);
  }
  skip.padding = section.boolean_or("padding", false);
  if (const auto vectors = section.optional("vectors")) {
    note("skip.vectors", *vectors);
    yaml::Section sizes = vectors->section();
    skip.vectors = {sizes.integer("weights", kSmallest, kLargest),
                    sizes.integer("inputs", kSmallest, kLargest)};
    sizes.done();
  }
  for (const char* key : {"banks", "queue"}) {
    if (const auto known = section.optional(key)) {
      note(std::string("skip.") + key, *known);
      (key[0] == 'b' ? skip.banks : skip.queue) = known->integer(kSmallest, kLargest);
    }
  }
  if (const auto merge = section.optional("merge")) {
    note("skip.merge", *merge);
    skip.merge = read_merge(*merge, note);
  }
  section.done();
  return skip;
}

}  // namespace

void read_formats(yaml::Section& section, const NotePlace& note, Memory& memory) {
  const auto formats = section.optional("formats");
  if (!formats) {
    return;
  }
  yaml::Section roles = formats->section();
  for (const Role role : kAllRoles) {
    const std::string name(name_of(role));
    if (const auto value = roles.optional(name)) {
      memory.formats[static_cast<std::size_t>(index_of(role))] = read_format(*value, "formats." + name, note);
    }
  }
  roles.done();
}

void read_sieve(yaml::Section& section, const NotePlace& note, Memory& memory) {
  if (const auto gate = section.optional("gate")) {
    note("gate", *gate);
    memory.sieve.gate = read_operands(*gate);
  }
  if (const auto skip = section.optional("skip")) {
    note("skip", *skip);
    memory.sieve.skip = read_operands(*skip);
  }
}

ZeroHandling read_zeros(yaml::Section& section, const NotePlace& note) {
  ZeroHandling zeros;
  if (const auto gate = section.optional("gate")) {
    note("gate", *gate);
    zeros.gate = read_gate(*gate, note);
  }
  if (const auto skip = section.optional("skip")) {
    note("skip", *skip);
    zeros.skip = read_skip(*skip, note);
  }
  return zeros;
}

}  // namespace weft
