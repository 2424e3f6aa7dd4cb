// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/timing_read.hpp"

#include <limits>
#include <utility>

namespace weft {

namespace {

constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

void note_keys(yaml::Section& section, const std::string& path, const NotePlace& note,
               const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (const auto value = section.optional(key)) {
      note(path + "." + key, *value);
    }
  }
}

Commands read_commands(yaml::Section section, const NotePlace& note) {
  note_keys(section, "commands", note, {"iterations", "along", "least", "preload", "in_flight", "latency"});
  Commands commands;
  commands.iterations = section.integer("iterations", kSmallest, kLargest);
  commands.along = read_words(section.required("along"));
  commands.least = section.optional_quantity<Cycles>("least").value_or(commands.least);
  commands.preload = section.optional_quantity<Cycles>("preload").value_or(commands.preload);
  commands.in_flight = section.integer("in_flight", kSmallest, kLargest);
  commands.latency = section.quantity<Cycles>("latency");
  section.done();
  return commands;
}

Requests read_requests(yaml::Section section, const NotePlace& note) {
  note_keys(section, "requests", note, {"read", "write", "least"});
  Requests requests;
  requests.read = section.quantity<Bits>("read");
  requests.write = section.optional_quantity<Bits>("write").value_or(requests.read);
  requests.least = section.optional_quantity<Cycles>("least").value_or(requests.least);
  requests.layout = static_cast<Layout>(section.choice_or("layout", {"channels-first", "channels-last"}, 0));
  section.done();
  return requests;
}

Cache read_cache(yaml::Section section, const NotePlace& note) {
  note_keys(section, "cache", note, {"capacity", "ways", "line", "miss"});
  Cache cache;
  cache.capacity = section.quantity<Bits>("capacity");
  cache.ways = section.integer_or("ways", cache.ways, kSmallest, kLargest);
  cache.line = section.optional_quantity<Bits>("line").value_or(cache.line);
  cache.miss = section.quantity<Cycles>("miss");
  section.done();
  return cache;
}

Banking read_banking(yaml::Section section, const NotePlace& note) {
  note_keys(section, "banking", note, {"interleave"});
  Banking banking;
  banking.interleave = section.quantity<Bits>("interleave");
  banking.ports = static_cast<BankPorts>(section.choice_or("ports", {"one", "two"}, 0));
  banking.layout = static_cast<Layout>(section.choice_or("layout", {"channels-first", "channels-last"}, 0));
  section.done();
  return banking;
}

}  // namespace

std::vector<std::string> read_words(const std::optional<yaml::Value>& value) {
  std::vector<std::string> result;
  if (value) {
    for (const yaml::Value& item : value->list()) {
      result.push_back(item.text());
    }
  }
  return result;
}

Controller read_controller(yaml::Section section, const NotePlace& note) {
  Controller controller;
  if (const auto commands = section.optional("commands")) {
    note("commands", *commands);
    controller.commands = read_commands(commands->section(), note);
  }
  if (const auto tiles = section.optional("tiles_in_flight")) {
    note("tiles_in_flight", *tiles);
    controller.tiles_in_flight = tiles->integer(kSmallest, kLargest);
  }
  section.done();
  return controller;
}

void read_memory_timing(yaml::Section& section, const NotePlace& note, Memory& memory) {
  memory.fetch = static_cast<Fetch>(section.choice_or("fetch", {"changes", "tiles", "boxes"}, 0));
  memory.latency = section.optional_quantity<Cycles>("latency").value_or(memory.latency);
  if (const auto requests = section.optional("requests")) {
    memory.requests = read_requests(requests->section(), note);
  }
  if (const auto cache = section.optional("cache")) {
    memory.cache = read_cache(cache->section(), note);
  }
  if (const auto banking = section.optional("banking")) {
    note("banking", *banking);
    memory.banking = read_banking(banking->section(), note);
  }
}

Links read_links(yaml::Section section, const NotePlace& note) {
  note_keys(section, "links", note, {"bandwidth", "entry"});
  Links links;
  links.kind = static_cast<LinkKind>(section.choice_or("kind", {"bus", "mesh"}, 0));
  links.bandwidth = section.quantity<BitsPerCycle>("bandwidth");
  if (const auto entry = section.optional("entry")) {
    yaml::Section node = entry->section();
    links.entry_x = node.integer_or("x", 0, kSmallest, kLargest);
    links.entry_y = node.integer_or("y", 0, kSmallest, kLargest);
    node.done();
  }
  section.done();
  return links;
}

}  // namespace weft
