// Tensors of a .safetensors file (github.com/huggingface/safetensors, "Format"): 8 bytes of length, a header
// in JSON that says where each tensor lies, the words of all tensors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weft {

struct Safetensor {
  std::vector<std::int64_t> shape;  // outermost dim first; empty: one word
  std::vector<double> words;        // row-major
};

struct Safetensors {
  std::map<std::string, Safetensor> tensors;    // by name
  std::map<std::string, std::string> metadata;  // what the writer said about the file
};

// Reads everything: floats of 16 (both kinds), 32 and 64 bits, integers of 8 to 64 bits; numbers must be
// finite. Throws ConfigError: missing-file, bad-safetensors (the header, a type, offsets that leave the file,
// overlap or leave a gap, a size that is not that of the shape, a word that is no number).
[[nodiscard]] Safetensors load_safetensors(const std::filesystem::path& file);

}  // namespace weft
