// Energy tables: YAML to laws. Every entry must say where its numbers come from.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/configs.hpp"
#include "base/yaml.hpp"
#include "energy_model/reference_table.hpp"
#include "energy_model/table.hpp"

namespace weft {
namespace {

double bits_of(const yaml::Value& value) {
  return static_cast<double>(value.quantity<Bits>().count());
}

// What the values of a law are measured in.
template <class Q>
double amount_of(const yaml::Value& value) {
  return value.quantity<Q>().count();
}

void check_shape(const Law& law, const yaml::Value& where) {
  for (std::size_t i = 0; i < law.points.size(); ++i) {
    if (!(law.points[i].size > 0) || !(law.points[i].value > 0)) {
      where.error("not-positive", "sizes and values of points must be above zero");
      return;
    }
    if (i > 0 && law.points[i].size <= law.points[i - 1].size) {
      where.error("unsorted-points", "the sizes of the points must rise");
      return;
    }
  }
  for (const double end : {law.low, law.high}) {
    if (std::isfinite(end) && !(law.at(end) >= 0)) {
      where.error("not-positive", "the law is negative inside its range");
      return;
    }
  }
}

template <class Q>
void read_points(const yaml::Value& value, Law& law) {
  for (const yaml::Value& item : value.list()) {
    const std::vector<yaml::Value> pair = item.list();
    if (pair.size() != 2) {
      item.error("wrong-length", "a point is [size, value]");
      continue;
    }
    law.points.push_back({bits_of(pair[0]), amount_of<Q>(pair[1])});
  }
  if (law.points.empty()) {
    value.error("wrong-length", "a law through points needs at least one");
  } else {
    law.low = law.points.front().size;
    law.high = law.points.back().size;
  }
}

// The form, by its name; a misspelt name is one complaint, because what else the entry says shows what was
// meant.
Law::Form read_form_name(yaml::Section& section) {
  constexpr std::array kNumbers = {"value", "coefficients", "points"};  // in the order of the forms
  std::array<std::optional<yaml::Value>, 3> numbers;
  std::size_t meant = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = section.optional(kNumbers[i]);
    meant = numbers[i] ? i : meant;
  }
  (void)section.required("law");
  const int form = section.choice_or("law", {"constant", "polynomial", "points"}, static_cast<int>(meant));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] && static_cast<int>(i) != form) {
      numbers[i]->error("conflicting-keys", std::string("this law has no '") + kNumbers[i] + "'");
    }
  }
  return static_cast<Law::Form>(form);
}

template <class Q>
void read_form(yaml::Section& section, Law& law) {
  law.form = read_form_name(section);
  if (law.form == Law::Form::kConstant) {
    law.coefficients = {section.quantity<Q>("value").count()};
  } else if (law.form == Law::Form::kPolynomial) {
    if (const auto list = section.required("coefficients")) {
      for (const yaml::Value& item : list->list()) {
        law.coefficients.push_back(amount_of<Q>(item));
      }
    }
  } else if (const auto points = section.required("points")) {
    read_points<Q>(*points, law);
  }
}

void read_range(const yaml::Value& value, Law& law) {
  const std::vector<yaml::Value> ends = value.list();
  if (ends.size() != 2) {
    value.error("wrong-length", "a range is [lowest size, highest size]");
    return;
  }
  law.low = bits_of(ends[0]);
  law.high = bits_of(ends[1]);
  if (!(law.low <= law.high)) {
    value.error("out-of-range", "the lowest size is above the highest");
  }
}

template <class Q>
Law read_law(const yaml::Value& value) {
  Law law;
  yaml::Section section = value.section();
  read_form<Q>(section, law);
  if (const auto per = section.optional("per")) {
    law.per = bits_of(*per);
    if (!(law.per > 0)) {
      per->error("not-positive", "'per' must be above zero");
      law.per = 1;
    }
  }
  if (const auto range = section.optional("range")) {
    read_range(*range, law);
  }
  law.source = section.text_or("source", "");
  if (law.source.empty()) {
    value.error("missing-source", "an entry of an energy table must name its source",
                "add source: \"who, where, when\"");
  }
  section.done();
  check_shape(law, value);
  return law;
}

class Reader {
 public:
  explicit Reader(const yaml::Document& document) : document_(document) {}

  std::string read(EnergyTable::Laws& laws) {
    yaml::Section root = document_.root();
    std::string name = root.text("table");
    (void)root.text_or("summary", "");
    read_process(root, laws);
    if (const auto energy = root.required("energy")) {
      read_energy(energy->section(), laws);
    }
    if (const auto leak = root.optional("leak")) {
      yaml::Section section = leak->section();
      maybe<Picojoules>(section, "logic", laws.logic_leak);
      maybe<Picojoules>(section, "regfile", laws.regfile_leak);
      maybe<Picojoules>(section, "sram", laws.sram_leak);
      section.done();
    }
    if (const auto area = root.optional("area")) {
      yaml::Section section = area->section();
      maybe<SquareMicrons>(section, "multiply", laws.multiply_area);
      maybe<SquareMicrons>(section, "add", laws.add_area);
      maybe<SquareMicrons>(section, "regfile", laws.regfile_area);
      maybe<SquareMicrons>(section, "sram", laws.sram_area);
      maybe<SquareMicrons>(section, "port", laws.port_area);
      maybe<SquareMicrons>(section, "wire", laws.wire_area);
      maybe<SquareMicrons>(section, "control", laws.control_area);
      maybe<SquareMicrons>(section, "clock", laws.clock_area);
      section.done();
    }
    root.done();
    document_.finish();
    return name;
  }

 private:
  template <class Q>
  static bool maybe(yaml::Section& section, std::string_view key, Law& law) {
    const auto value = section.optional(key);
    if (value) {
      law = read_law<Q>(*value);
    }
    return value.has_value();
  }
  static void must(yaml::Section& section, std::string_view key, Law& law) {
    if (const auto value = section.required(key)) {
      law = read_law<Picojoules>(*value);
    }
  }

  static void read_process(yaml::Section& root, EnergyTable::Laws& laws) {
    const auto nm = root.optional_quantity<Nanometres>("technology");
    const auto volts = root.optional_quantity<Volts>("voltage");
    const int devices = root.choice_or("devices", {"high_performance", "low_power"}, 1);
    if (nm.has_value() != volts.has_value()) {
      root.error("missing-key", "'technology' and 'voltage' go together",
                 "leave both out for numbers that must not be scaled");
    } else if (nm) {
      if (!(nm->count() > 0) || !(volts->count() > 0)) {
        root.error("not-positive", "technology and voltage must be above zero");
      }
      laws.process = Process{nm->count(), volts->count(), static_cast<Devices>(devices)};
    }
  }

  static void read_energy(yaml::Section section, EnergyTable::Laws& laws) {
    must(section, "multiply", laws.multiply);
    must(section, "add", laws.add);
    must(section, "vector_op", laws.vector_op);
    must(section, "regfile", laws.regfile_read);
    must(section, "sram", laws.sram_read);
    laws.regfile_write = laws.regfile_read;
    laws.sram_write = laws.sram_read;
    maybe<Picojoules>(section, "regfile_write", laws.regfile_write);
    maybe<Picojoules>(section, "sram_write", laws.sram_write);
    laws.wire_per_hop = maybe<Picojoules>(section, "hop", laws.wire);
    const bool wire = maybe<Picojoules>(section, "wire", laws.wire);
    if (wire == laws.wire_per_hop) {
      section.error(wire ? "conflicting-keys" : "missing-key",
                    "a table has either 'wire' (per millimetre) or 'hop'");
    }
    if (const auto dram = section.required("dram")) {
      read_dram(dram->section(), laws);
    }
    section.done();
  }

  static void read_dram(yaml::Section section, EnergyTable::Laws& laws) {
    laws.default_dram = section.text("default");
    if (const auto types = section.required("types")) {
      yaml::Section by_name = types->section();
      for (const auto& [name, value] : by_name.entries()) {
        laws.dram.emplace(name, read_law<Picojoules>(value));
      }
      by_name.done();
      if (laws.dram.count(laws.default_dram) == 0) {
        section.error("unknown-name", "the default '" + laws.default_dram + "' is none of the types");
      }
    }
    section.done();
  }

  const yaml::Document& document_;
};

}  // namespace

// A reference table has no laws of its own: the default table's, and the areas that it states.
EnergyTable EnergyTable::load(const std::string& name_or_file) {
  const bool reference = is_reference_table(name_or_file);
  const yaml::Document document = yaml::Document::load(
      resolve_config("energy", "energy table", reference ? "default_45nm" : name_or_file));
  auto laws = std::make_unique<Laws>();
  EnergyTable table;
  table.name_ = Reader(document).read(*laws);
  if (reference) {
    laws->stated_areas = reference_areas(name_or_file);
  }
  table.laws_ = std::move(laws);
  return table;
}

}  // namespace weft
