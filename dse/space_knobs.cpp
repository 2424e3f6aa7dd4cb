// Reads knobs.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space_knobs.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace weft {

namespace {

constexpr std::size_t kMaxOptions = 1000;

void read_named_option(Knob& knob, const std::string& label, const yaml::Value& option) {
  Knob::Option result{label, {}};
  yaml::Section parts = option.section();
  for (const auto& [part, text] : parts.entries()) {
    result.values.emplace_back(knob.name + "." + part, text.text());
  }
  std::sort(result.values.begin(), result.values.end());
  knob.options.push_back(std::move(result));
}

void check_options(const Knob& knob, const yaml::Value& value) {
  if (knob.options.empty() || knob.options.size() > kMaxOptions) {
    value.error("bad-knob", fmt::format("a knob has 1 to {} options", kMaxOptions));
    return;
  }
  std::set<std::string> labels;
  const auto placeholders = [](const Knob::Option& option) {
    std::vector<std::string> names;
    for (const auto& [name, text] : option.values) {
      names.push_back(name);
    }
    return names;
  };
  for (const Knob::Option& option : knob.options) {
    if (!labels.insert(option.label).second) {
      value.error("duplicate-name", fmt::format("the option '{}' occurs twice", option.label));
    }
    if (placeholders(option) != placeholders(knob.options.front())) {
      value.error("bad-knob", fmt::format("the options '{}' and '{}' set different values",
                                          knob.options.front().label, option.label));
    }
  }
}

// All ways to take `knob.taken` of the items, in order.
void add_arrangements(Knob& knob, std::vector<std::size_t>& places) {
  if (places.size() == knob.taken) {
    Knob::Option option;
    for (const std::size_t place : places) {
      option.label += (option.label.empty() ? "" : "-") + knob.items[place];
      option.values.emplace_back(fmt::format("{}.{}", knob.name, option.values.size() + 1),
                                 knob.items[place]);
    }
    knob.options.push_back(std::move(option));
    return;
  }
  for (std::size_t place = 0; place < knob.items.size() && knob.options.size() <= kMaxOptions; ++place) {
    if (std::count(places.begin(), places.end(), place) == 0) {
      places.push_back(place);
      add_arrangements(knob, places);
      places.pop_back();
    }
  }
}

void read_arrangement(Knob& knob, const yaml::Value& items, const std::optional<yaml::Value>& take) {
  for (const yaml::Value& item : items.list()) {
    knob.items.push_back(item.text());
  }
  const auto most = std::max<std::int64_t>(1, std::ssize(knob.items));
  knob.taken = static_cast<std::size_t>(take ? take->integer(1, most) : most);
  std::vector<std::size_t> places;
  if (!knob.items.empty()) {
    add_arrangements(knob, places);
  }
}

}  // namespace

Knob read_knob(const std::string& name, const yaml::Value& value) {
  Knob knob{name, {}};
  if (value.is_section()) {
    yaml::Section options = value.section();
    const auto entries = options.entries();
    if (!entries.empty() && entries.front().first == "arrange") {
      const bool rest = entries.size() == 1 || (entries.size() == 2 && entries[1].first == "take");
      if (!rest) {
        value.error("bad-knob", "a knob that arranges has 'arrange' and 'take' only");
      }
      read_arrangement(knob, entries[0].second,
                       entries.size() == 2 ? std::optional(entries[1].second) : std::nullopt);
    } else {
      for (const auto& [label, option] : entries) {
        read_named_option(knob, label, option);
      }
    }
  } else {
    for (const yaml::Value& option : value.list()) {
      const std::string text = option.text();
      knob.options.push_back({text, {{name, text}}});
    }
  }
  check_options(knob, value);
  return knob;
}

}  // namespace weft
