// Reads .safetensors files. Nothing is believed: every length is held against the file's before it is used.
// SPDX-License-Identifier: Apache-2.0
#include "workload/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "base/text_file.hpp"
#include "base/whole_number.hpp"

namespace weft {

namespace {

constexpr std::uint64_t kMostHeader = 16U << 20;             // the format allows 100 MB; names are short
constexpr std::uint64_t kMostFile = std::uint64_t{1} << 30;  // predictors, not language models
constexpr int kHeaderLength = 8;

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(why);
}

std::uint64_t little_endian(const unsigned char* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  }
  return value;
}

// IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits.
double half(std::uint64_t bits) {
  const int exponent = static_cast<int>((bits >> 10) & 31U);
  const auto fraction = static_cast<double>(bits & 1023U);
  if (exponent == 31) {
    return std::nan("");  // infinities are refused like what is no number
  }
  const double value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000U) != 0 ? -value : value;
}

double single(std::uint64_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

template <class Integer>
double integer(std::uint64_t bits) {
  return static_cast<double>(static_cast<Integer>(bits));
}

struct WordType {
  const char* name;
  int bytes;
  double (*value)(std::uint64_t bits);
};
constexpr std::array<WordType, 12> kTypes = {{
    {"F32", 4, single},
    {"F64", 8, [](std::uint64_t bits) { return std::bit_cast<double>(bits); }},
    {"F16", 2, half},
    {"BF16", 2, [](std::uint64_t bits) { return single(bits << 16); }},
    {"I8", 1, integer<std::int8_t>},
    {"I16", 2, integer<std::int16_t>},
    {"I32", 4, integer<std::int32_t>},
    {"I64", 8, integer<std::int64_t>},
    {"U8", 1, integer<std::uint8_t>},
    {"U16", 2, integer<std::uint16_t>},
    {"U32", 4, integer<std::uint32_t>},
    {"U64", 8, integer<std::uint64_t>},
}};

const WordType& type_of(const std::string& name, const nlohmann::json& entry) {
  const auto text = entry.at("dtype").get<std::string>();
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const WordType& t) { return text == t.name; });
  if (found == kTypes.end()) {
    refuse(fmt::format("tensor '{}' has words of type {:?}, which is not read", name, text));
  }
  return *found;
}

std::vector<std::uint64_t> whole_numbers(const nlohmann::json& list) {
  std::vector<std::uint64_t> numbers;
  for (const auto& one : list) {
    numbers.push_back(static_cast<std::uint64_t>(whole_number(one)));
  }
  return numbers;
}

// A tensor's place behind the header.
struct Place {
  std::uint64_t begin = 0, end = 0;
  std::string name;
};

class Reader {
 public:
  explicit Reader(std::vector<unsigned char> bytes) : bytes_(std::move(bytes)) {}

  Safetensors read() {
    const nlohmann::json header = read_header();
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        result_.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        read_tensor(name, entry);
      }
    }
    check_places();
    return std::move(result_);
  }

 private:
  nlohmann::json read_header() {
    if (bytes_.size() < kHeaderLength) {
      refuse("it has no room for the length of its header");
    }
    const std::uint64_t length = little_endian(bytes_.data(), kHeaderLength);
    if (length > kMostHeader || length > bytes_.size() - kHeaderLength) {
      refuse(fmt::format("its header would have {} bytes, the file has {}", length, bytes_.size()));
    }
    data_ = kHeaderLength + length;
    const char* text = reinterpret_cast<const char*>(bytes_.data()) + kHeaderLength;
    nlohmann::json header = nlohmann::json::parse(text, text + length);
    if (!header.is_object()) {
      refuse("its header is no JSON object");
    }
    return header;
  }

  void read_tensor(const std::string& name, const nlohmann::json& entry) {
    const WordType& type = type_of(name, entry);
    const std::vector<std::uint64_t> offsets = whole_numbers(entry.at("data_offsets"));
    const std::uint64_t room = bytes_.size() - data_;
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > room) {
      refuse(fmt::format("tensor '{}' lies outside of the file", name));
    }
    Safetensor tensor;
    std::int64_t words = 1;
    for (const auto& extent : whole_numbers(entry.at("shape"))) {
      if (extent > room) {
        refuse(fmt::format("tensor '{}' is larger than the file", name));
      }
      tensor.shape.push_back(static_cast<std::int64_t>(extent));
      words = checked_mul(words, tensor.shape.back());
    }
    if (checked_mul(words, type.bytes) != static_cast<std::int64_t>(offsets[1] - offsets[0])) {
      refuse(fmt::format("tensor '{}' has {} bytes, its shape and type make {}", name,
                         offsets[1] - offsets[0], words * type.bytes));
    }
    for (const unsigned char* at = bytes_.data() + data_ + offsets[0]; words > 0; --words, at += type.bytes) {
      tensor.words.push_back(type.value(little_endian(at, type.bytes)));
      if (!std::isfinite(tensor.words.back())) {
        refuse(fmt::format("tensor '{}' has a word that is no number", name));
      }
    }
    places_.push_back({offsets[0], offsets[1], name});
    result_.tensors.emplace(name, std::move(tensor));
  }

  // The tensors fill the file, none above another.
  void check_places() {
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
      return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    std::uint64_t end = 0;
    for (const Place& place : places_) {
      if (place.begin != end) {
        refuse(fmt::format("tensor '{}' {}", place.name,
                           place.begin < end ? "overlaps the one before" : "leaves a gap to the one before"));
      }
      end = place.end;
    }
    if (end != bytes_.size() - data_) {
      refuse(fmt::format("{} bytes at its end belong to no tensor", bytes_.size() - data_ - end));
    }
  }

  std::vector<unsigned char> bytes_;
  std::uint64_t data_ = 0;  // where the words begin
  std::vector<Place> places_;
  Safetensors result_;
};

std::vector<unsigned char> bytes_of(const std::filesystem::path& file) {
  require_plain_file(file);
  std::ifstream stream(file, std::ios::binary);
  const std::uint64_t size = std::filesystem::file_size(file);
  if (size > kMostFile) {
    refuse(fmt::format("it has {} bytes; more than 1 GiB is not read", size));
  }
  std::vector<unsigned char> bytes(size);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!stream) {
    refuse("it cannot be read to its end");
  }
  return bytes;
}

}  // namespace

Safetensors load_safetensors(const std::filesystem::path& file) {
  constexpr const char* kHint = "safetensors.torch.save_file() and its like write such files";
  try {
    return Reader(bytes_of(file)).read();
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError({file.string()}, "bad-safetensors", fmt::format("its header: {}", error.what()), kHint);
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file.string()}, "bad-safetensors", error.what(), kHint);
  } catch (const OverflowError&) {
    throw ConfigError({file.string()}, "bad-safetensors", "a tensor has more than 2^63 words", kHint);
  }
}

}  // namespace weft
