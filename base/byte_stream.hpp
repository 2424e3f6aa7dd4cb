// Values as bytes, and back, by one description of their fields: for answers between processes of one
// program. A struct says its fields once: void describe(ByteStream& bytes, S& s) { bytes(s.a, s.b); }
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft {

class ByteStream {
 public:
  ByteStream() = default;  // writes
  explicit ByteStream(std::string text) : text_(std::move(text)), reading_(true) {}
  [[nodiscard]] bool reading() const { return reading_; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] const std::string& text() const { return text_; }

  // Writes or reads each of them in turn. Throws std::runtime_error when the bytes end too early.
  template <class... T>
  void operator()(T&... values) {
    (visit(values), ...);
  }

 private:
  template <class T>
  void visit(T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      plain(&value, sizeof value);
    } else {
      describe(*this, value);
    }
  }
  void visit(std::string& value) {
    const std::size_t size = size_of(value.size());
    value.resize(size);
    plain(value.data(), size);
  }
  template <class T>
  void visit(std::vector<T>& values) {
    values.resize(size_of(values.size()));
    for (T& value : values) {
      visit(value);
    }
  }
  template <class T, std::size_t N>
  void visit(std::array<T, N>& values) {
    for (T& value : values) {
      visit(value);
    }
  }
  template <class A, class B>
  void visit(std::pair<A, B>& both) {
    visit(both.first);
    visit(both.second);
  }
  template <class T>
  void visit(std::optional<T>& value) {
    bool has = value.has_value();
    visit(has);
    if (reading_) {
      value = has ? std::optional<T>(T{}) : std::nullopt;
    }
    if (has) {
      visit(*value);
    }
  }

  std::size_t size_of(std::size_t size) {
    std::uint64_t count = size;
    plain(&count, sizeof count);
    if (reading_ && count > text_.size() - at_) {  // an element takes a byte or more
      throw std::runtime_error("an answer of another process is cut short");
    }
    return static_cast<std::size_t>(count);
  }
  void plain(void* value, std::size_t size) {
    if (!reading_) {
      text_.append(static_cast<const char*>(value), size);
      return;
    }
    if (size > text_.size() - at_) {
      throw std::runtime_error("an answer of another process is cut short");
    }
    std::memcpy(value, text_.data() + at_, size);
    at_ += size;
  }

  std::string text_;
  std::size_t at_ = 0;
  bool reading_ = false;
};

template <class T>
[[nodiscard]] std::string to_bytes(T value) {
  ByteStream bytes;
  bytes(value);
  return bytes.text();
}

template <class T>
[[nodiscard]] T from_bytes(std::string text) {
  ByteStream bytes(std::move(text));
  T value{};
  bytes(value);
  if (!bytes.at_end()) {
    throw std::runtime_error("an answer of another process is too long");
  }
  return value;
}

}  // namespace weft
