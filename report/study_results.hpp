// What a study left in results.sqlite, column by column. Columns are told apart by their names only, so a
// study may have any parameters and figures: "network.*", "knob.*" and texts are choices, other numbers are
// figures. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weft::report {

struct Choice {
  std::string name{};                 // "network.width", "knob.pe_x"
  std::vector<std::string> labels{};  // in the order in which they first come; sort_labels() may change that
  std::vector<std::size_t> of{};      // per design: index into labels
};

struct Figure {
  std::string name{};            // "energy_pj"
  std::vector<double> values{};  // per design
};

struct SimulatedRow {
  std::string layer{};
  std::int64_t count = 0, model_cycles = 0, simulated_cycles = 0;
  bool values_match = false;
};

// A design simulated again: array work of the whole network.
struct ResimulatedRow {
  std::int64_t design = 0, model_cycles = 0, simulated_cycles = 0;
};

struct StudyResults {
  std::vector<std::int64_t> ids{};
  std::vector<bool> complete{};  // every layer has a mapping
  std::vector<Choice> choices{};
  std::vector<Figure> figures{};
  std::vector<std::size_t> front{};     // into the designs, in the order of the table
  std::optional<std::size_t> chosen{};  // into the designs
  std::vector<SimulatedRow> simulated{};
  std::vector<ResimulatedRow> resimulated{};

  [[nodiscard]] const Figure* figure(const std::string& name) const;  // or null
};

// Throws ConfigError: no-results (no such file, or not the database of a finished study).
[[nodiscard]] StudyResults load_results(const std::filesystem::path& sqlite_file);

// Numbers by value ("8 KiB" before "1 MiB"), other labels as in `order`, then alphabetically.
void sort_labels(Choice& choice, const std::vector<std::string>& order);

}  // namespace weft::report
