// Named things chosen at run time (searches, presets, formats): filled explicitly, in an order, by one
// register_builtin function per kind; a miss names the nearest and all known.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace weft {

template <class T>
class Registry {
 public:
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  void add(std::string name, std::string summary, T item) {
    WEFT_ENSURE(find(name) == nullptr, "registered twice: " + name);
    entries_.push_back({std::move(name), std::move(summary), std::move(item)});
  }
  [[nodiscard]] const T* find(std::string_view name) const {
    for (const Entry& entry : entries_) {
      if (entry.name == name) {
        return &entry.item;
      }
    }
    return nullptr;
  }
  // Throws ConfigError (unknown-name) with the nearest name and the list of all.
  [[nodiscard]] const T& at(std::string_view name) const {
    if (const T* item = find(name)) {
      return *item;
    }
    std::string all;
    for (const Entry& entry : entries_) {
      all += (all.empty() ? "" : ", ") + entry.name;
    }
    const std::string close = nearest(name, names());
    throw ConfigError({}, "unknown-name", "unknown " + kind_ + " '" + std::string(name) + "'; known: " + all,
                      close.empty() ? "" : "did you mean '" + close + "'?");
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Entry& entry : entries_) {
      result.push_back(entry.name);
    }
    return result;
  }

  struct Entry {
    std::string name;
    std::string summary;
    T item;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace weft
