// See onnx_contents.hpp. Layout of the data: onnx.proto, message TensorProto.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_contents.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <onnx/onnx_pb.h>

#include "base/checked.hpp"
#include "base/parse_number.hpp"
#include "workload/import/onnx_bits.hpp"

namespace weft::onnx_import {
namespace {

namespace fs = std::filesystem;
using Words = std::optional<std::vector<float>>;

std::optional<std::int64_t> words_of(const onnx::TensorProto& tensor) {
  try {
    std::int64_t count = 1;
    for (const std::int64_t dim : tensor.dims()) {
      if (dim < 1) {
        return std::nullopt;
      }
      count = checked_mul(count, dim);
    }
    return count;
  } catch (const OverflowError&) {
    return std::nullopt;
  }
}

float from_half(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const auto fraction = static_cast<float>(half & 1023);
  const float size = exponent == 31  ? INFINITY
                     : exponent == 0 ? std::ldexp(fraction, -24)
                                     : std::ldexp(1024 + fraction, exponent - 25);
  return (half & 0x8000U) != 0 ? -size : size;
}

float from_bfloat(std::uint16_t half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16U);
}

// Words of type T, little-endian as ONNX and our machines are.
template <class T, class Convert>
Words unpack(const std::string& raw, std::int64_t count, const Convert& convert) {
  if (raw.size() / sizeof(T) != static_cast<std::size_t>(count) || raw.size() % sizeof(T) != 0) {
    return std::nullopt;
  }
  std::vector<float> words(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < words.size(); ++i) {
    T value{};
    std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T));
    words[i] = convert(value);
  }
  return words;
}

// Two to a byte, the first in the low half.
float nibble(int byte, std::size_t index, bool sign) {
  const int value = (index % 2 == 0 ? byte : byte >> 4) & 15;
  return static_cast<float>(sign && value > 7 ? value - 16 : value);
}

Words unpack_nibbles(const std::string& raw, std::int64_t count, bool sign) {
  const auto size = static_cast<std::size_t>(count);
  if (raw.size() != (size + 1) / 2) {
    return std::nullopt;
  }
  std::vector<float> words(size);
  for (std::size_t i = 0; i < size; ++i) {
    words[i] = nibble(static_cast<unsigned char>(raw[i / 2]), i, sign);
  }
  return words;
}

Words from_raw(int type, const std::string& raw, std::int64_t count) {
  const auto plain = [](auto value) { return static_cast<float>(value); };
  switch (type) {
    case onnx::TensorProto::FLOAT:
      return unpack<float>(raw, count, plain);
    case onnx::TensorProto::DOUBLE:
      return unpack<double>(raw, count, plain);
    case onnx::TensorProto::FLOAT16:
      return unpack<std::uint16_t>(raw, count, from_half);
    case onnx::TensorProto::BFLOAT16:
      return unpack<std::uint16_t>(raw, count, from_bfloat);
    case onnx::TensorProto::INT8:
      return unpack<std::int8_t>(raw, count, plain);
    case onnx::TensorProto::UINT8:
      return unpack<std::uint8_t>(raw, count, plain);
    case onnx::TensorProto::INT16:
      return unpack<std::int16_t>(raw, count, plain);
    case onnx::TensorProto::UINT16:
      return unpack<std::uint16_t>(raw, count, plain);
    case onnx::TensorProto::INT32:
      return unpack<std::int32_t>(raw, count, plain);
    case kInt4:
    case kUint4:
      return unpack_nibbles(raw, count, type == kInt4);
    default:
      return std::nullopt;
  }
}

template <class Field, class Convert>
Words from_field(const Field& field, std::int64_t count, const Convert& convert) {
  if (field.size() != count) {
    return std::nullopt;
  }
  std::vector<float> words;
  words.reserve(static_cast<std::size_t>(count));
  for (const auto value : field) {
    words.push_back(convert(value));
  }
  return words;
}

Words from_nibble_field(const onnx::TensorProto& tensor, std::int64_t count, bool sign) {
  if (tensor.int32_data_size() != (count + 1) / 2) {
    return std::nullopt;
  }
  std::vector<float> words;
  for (std::int64_t i = 0; i < count; ++i) {
    words.push_back(nibble(tensor.int32_data(static_cast<int>(i / 2)), static_cast<std::size_t>(i), sign));
  }
  return words;
}

Words from_fields(const onnx::TensorProto& tensor, std::int64_t count) {
  const auto plain = [](auto value) { return static_cast<float>(value); };
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
      return from_field(tensor.float_data(), count, plain);
    case onnx::TensorProto::DOUBLE:
      return from_field(tensor.double_data(), count, plain);
    case onnx::TensorProto::FLOAT16:
      return from_field(tensor.int32_data(), count,
                        [](int v) { return from_half(static_cast<std::uint16_t>(v)); });
    case onnx::TensorProto::BFLOAT16:
      return from_field(tensor.int32_data(), count,
                        [](int v) { return from_bfloat(static_cast<std::uint16_t>(v)); });
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::INT32:
      return from_field(tensor.int32_data(), count, plain);
    case kInt4:
    case kUint4:
      return from_nibble_field(tensor, count, tensor.data_type() == kInt4);
    default:
      return std::nullopt;
  }
}

// The bytes that an external tensor names, when its file is there, inside the folder and long enough.
std::optional<std::string> external_bytes(const onnx::TensorProto& tensor, const fs::path& folder,
                                          std::int64_t bytes) {
  std::string location;
  std::int64_t offset = 0;
  for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
    location = entry.key() == "location" ? entry.value() : location;
    offset = entry.key() == "offset" ? parse_number<std::int64_t>(entry.value()).value_or(-1) : offset;
  }
  std::error_code failed;
  const fs::path home = fs::canonical(folder.empty() ? fs::path(".") : folder, failed);
  const fs::path file = failed ? fs::path() : fs::canonical(home / location, failed);
  if (failed || !fs::is_regular_file(file, failed)) {
    return std::nullopt;
  }
  const bool inside = std::mismatch(home.begin(), home.end(), file.begin(), file.end()).first == home.end();
  const auto size = static_cast<std::int64_t>(fs::file_size(file, failed));
  if (!inside || failed || offset < 0 || offset > size || size - offset < bytes) {
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(offset);
  std::string raw(static_cast<std::size_t>(bytes), '\0');
  stream.read(raw.data(), static_cast<std::streamsize>(raw.size()));
  return stream ? std::optional(std::move(raw)) : std::nullopt;
}

Words read_words(const onnx::TensorProto& tensor, const fs::path& folder) {
  const std::optional<std::int64_t> count = words_of(tensor);
  const int bits = storage_bits(tensor.data_type());
  if (!count || bits == 0 || *count > (std::int64_t{1} << 32)) {
    return std::nullopt;
  }
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL) {
    const std::optional<std::string> raw = external_bytes(tensor, folder, (*count * bits + 7) / 8);
    return raw ? from_raw(tensor.data_type(), *raw, *count) : std::nullopt;
  }
  return tensor.has_raw_data() ? from_raw(tensor.data_type(), tensor.raw_data(), *count)
                               : from_fields(tensor, *count);
}

}  // namespace

std::function<Words(const std::string&)> stored_contents(std::shared_ptr<const onnx::ModelProto> model,
                                                         fs::path folder) {
  std::unordered_map<std::string, const onnx::TensorProto*> tensors;
  for (const onnx::NodeProto& node : model->graph().node()) {
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      if (node.op_type() == "Constant" && attribute.has_t() && node.output_size() > 0) {
        tensors[node.output(0)] = &attribute.t();
      }
    }
  }
  for (const onnx::TensorProto& tensor : model->graph().initializer()) {
    tensors[tensor.name()] = &tensor;
  }
  return [model = std::move(model), folder = std::move(folder),
          tensors = std::move(tensors)](const std::string& name) -> Words {
    const auto found = tensors.find(name);
    return found == tensors.end() ? std::nullopt : read_words(*found->second, folder);
  };
}

}  // namespace weft::onnx_import
