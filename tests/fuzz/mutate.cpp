// Changes files.
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/mutate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace weft::fuzz {
namespace {

constexpr std::size_t kLargest = 1U << 16U;

// What parsers stumble over.
constexpr std::array kNumbers = {"0",
                                 "-1",
                                 "1",
                                 "7",
                                 "4294967296",
                                 "9223372036854775807",
                                 "9223372036854775808",
                                 "1099511627776",
                                 "1e308",
                                 "-1e-308",
                                 "nan",
                                 "inf",
                                 "0x10",
                                 "010",
                                 "1.5",
                                 "00"};
constexpr std::array kMarks = {"{", "}", "[", "]", ":", ",", "- ", "\n", "  ",   "\"",       "'",
                               "#", "|", "!", "&", "*", "%", "..", "=",  "\xFF", "\xC3\xA9", "\t"};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

std::vector<std::string> words_of(const std::vector<std::string>& corpus) {
  std::vector<std::string> words;
  for (const std::string& text : corpus) {
    for (std::size_t from = 0; from < text.size();) {
      std::size_t to = from;
      while (to < text.size() && is_word(text[to]) && to - from < 40) {
        ++to;
      }
      if (to > from) {
        words.push_back(text.substr(from, to - from));
      }
      from = to + 1;
    }
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace

Mutator::Mutator(std::vector<std::string> corpus, std::uint64_t seed)
    : corpus_(std::move(corpus)), words_(words_of(corpus_)), rng_(seed) {}

std::size_t Mutator::place(const std::string& text) {
  return static_cast<std::size_t>(rng_.uniform(0, static_cast<std::int64_t>(text.size())));
}

std::string Mutator::word() {
  const auto pick = [this](const auto& list) {
    return std::string(
        list[static_cast<std::size_t>(rng_.uniform(0, static_cast<std::int64_t>(list.size()) - 1))]);
  };
  switch (rng_.uniform(0, 2)) {
    case 0:
      return pick(kNumbers);
    case 1:
      return pick(kMarks);
    default:
      return words_.empty() ? "x" : pick(words_);
  }
}

void Mutator::change_range(std::string& text) {
  const std::size_t from = place(text);
  const auto length = static_cast<std::size_t>(rng_.uniform(1, 64));
  const std::string part = text.substr(from, length);
  switch (rng_.uniform(0, 3)) {
    case 0:
      text.erase(from, length);
      break;
    case 1:
      text.insert(place(text), part);
      break;
    case 2:
      text.erase(from, length);
      text.insert(place(text), part);
      break;
    default:
      text.resize(from);
  }
}

void Mutator::change(std::string& text) {
  switch (rng_.uniform(0, 5)) {
    case 0:
      if (!text.empty()) {
        char& c = text[place(text) % text.size()];
        c = static_cast<char>(static_cast<unsigned char>(c) ^
                              (1U << static_cast<unsigned>(rng_.uniform(0, 7))));
      }
      break;
    case 1:
      text.insert(place(text), word());
      break;
    case 2:
    case 3: {  // a whole word becomes another
      std::size_t from = place(text);
      while (from < text.size() && !is_word(text[from])) {
        ++from;
      }
      std::size_t to = from;
      while (to < text.size() && is_word(text[to])) {
        ++to;
      }
      text.replace(from, to - from, word());
      break;
    }
    case 4:
      change_range(text);
      break;
    default: {
      const std::string& other = rng_.pick(corpus_);
      text.insert(place(text), other.substr(place(other), static_cast<std::size_t>(rng_.uniform(1, 256))));
    }
  }
}

std::string Mutator::next() {
  std::string text = rng_.pick(corpus_);
  const std::int64_t changes = rng_.uniform(1, rng_.uniform(1, 8));  // mostly few
  for (std::int64_t i = 0; i < changes; ++i) {
    change(text);
  }
  text.resize(std::min(text.size(), kLargest));
  return text;
}

}  // namespace weft::fuzz
