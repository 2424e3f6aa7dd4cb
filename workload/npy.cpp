// Reads the positions of non-zeros from a NumPy file. Format: numpy.lib.format, versions 1.0 and 2.0.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "base/text_file.hpp"
#include "workload/density.hpp"

namespace weft {
namespace {

constexpr std::int64_t kMostWords = std::int64_t{1} << 32;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw ConfigError({file}, "bad-tensor-file", why,
                    "numpy.save() of integers or floats in C order writes one");
}

std::string header_of(std::ifstream& in, const std::string& file) {
  std::array<char, 8> magic{};
  in.read(magic.data(), magic.size());
  if (!in || std::memcmp(magic.data(), "\x93NUMPY", 6) != 0 || magic[6] < 1 || magic[6] > 2) {
    refuse(file, "this is no .npy file of version 1 or 2");
  }
  const int bytes = magic[6] == 1 ? 2 : 4;
  std::size_t length = 0;
  for (int i = 0; i < bytes; ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(in.get())) << (8 * i);
  }
  if (!in || length > 65536) {
    refuse(file, "the header is cut off or absurdly long");
  }
  std::string header(length, ' ');
  in.read(header.data(), static_cast<std::streamsize>(length));
  if (!in) {
    refuse(file, "the header is cut off");
  }
  return header;
}

// The text behind "'key':" up to the next comma, or the parenthesis that closes a tuple.
std::string entry(const std::string& header, const std::string& key, const std::string& file) {
  const std::size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) {
    refuse(file, "the header has no '" + key + "'");
  }
  std::size_t begin = header.find_first_not_of(' ', at + key.size() + 3);
  const std::size_t end =
      begin == std::string::npos ? begin : header.find(header[begin] == '(' ? ')' : ',', begin);
  if (end == std::string::npos) {
    refuse(file, "the header is cut off");
  }
  return header.substr(begin, end - begin);
}

std::int64_t size_of(const std::string& shape, const std::string& file) {
  std::int64_t size = 1;
  std::int64_t number = -1;
  for (const char c : shape + ",") {
    if (c >= '0' && c <= '9') {
      number = (number < 0 ? 0 : number) * 10 + (c - '0');
    } else if (number >= 0) {
      size = number > kMostWords / size ? 0 : size * number;
      number = -1;
    }
    if (number > kMostWords || size < 1) {
      refuse(file, "the tensor is empty or has more than 2^32 words");
    }
  }
  return size;
}

// A short file may claim a large tensor: no memory is taken for it.
void check_length(std::ifstream& in, std::int64_t bytes, const std::string& file) {
  const std::streamoff here = in.tellg();
  in.seekg(0, std::ios::end);
  const std::streamoff end = in.tellg();
  in.seekg(here);
  if (!in || end - here < bytes) {
    refuse(file, "the file ends before its last word");
  }
}

}  // namespace

Bitmap load_positions(const std::string& file) {
  require_plain_file(file);
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw ConfigError({file}, "missing-file", "cannot open '" + file + "'");
  }
  const std::string header = header_of(in, file);
  const std::string type = entry(header, "descr", file);
  if (entry(header, "fortran_order", file).rfind("False", 0) != 0) {
    refuse(file, "the tensor is in Fortran order");
  }
  const char kind = type.size() >= 4 ? type[2] : '?';
  const int bytes = type.size() >= 4 ? type[3] - '0' : 0;
  const bool known = (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8) &&
                     (kind == 'i' || kind == 'u' || kind == 'b' || (kind == 'f' && bytes >= 2));
  if (!known || type[1] == '>') {
    refuse(file, "words of type " + type + " are not read");
  }
  const std::int64_t words = size_of(entry(header, "shape", file), file);
  check_length(in, words * bytes, file);
  Bitmap positions(words);
  std::array<char, 8> word{};
  for (std::int64_t i = 0; i < positions.size(); ++i) {
    in.read(word.data(), bytes);
    if (!in) {
      refuse(file, "the file ends before its last word");
    }
    std::uint64_t value = 0;
    std::memcpy(&value, word.data(), static_cast<std::size_t>(bytes));
    // The sign of a floating-point zero does not make it a number.
    const std::uint64_t sign = kind == 'f' ? std::uint64_t{1} << (8 * bytes - 1) : 0;
    if ((value & ~sign) != 0) {
      positions.set(i);
    }
  }
  return positions;
}

}  // namespace weft
