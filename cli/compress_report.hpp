// What compression did to a network, as plain data: computed once, printed as text or JSON.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "workload/compress.hpp"

namespace weft::cli {

struct NetworkFigures {
  std::int64_t macs = 0;
  double effectual_macs = 0;  // with a non-zero weight
  std::int64_t parameters = 0;
  double nonzero_weights = 0;  // of the layers' problems
  double dense_bytes = 0;      // of all their weights at the layers' widths
  double bytes = 0;            // of the non-zero ones alone; a format's metadata come on top
  // On --arch: cycles of all layers one after the other, energy, at the clock.
  std::optional<std::int64_t> cycles{};
  double energy_pj = 0, latency_s = 0;
};

struct CompressReport {
  std::string network{};              // its name
  std::size_t layers = 0, known = 0;  // with trained weights; of these, with words in the file
  std::vector<Compressed> steps{};
  NetworkFigures before{}, after{};
  std::string file{};  // the network written
};

[[nodiscard]] NetworkFigures figures_of(const Network& network);
[[nodiscard]] std::string print_compress_text(const CompressReport& report);
[[nodiscard]] std::string print_compress_json(const CompressReport& report,
                                              const CompressArguments& arguments);

}  // namespace weft::cli
