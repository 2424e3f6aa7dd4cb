// Fits an accuracy predictor of a supernet to a table of its sub-networks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "dse/fit/network.hpp"

namespace weft::fit {

struct Request {
  std::filesystem::path table;  // CSV: the supernet's genes as columns in their order, then top1 (a fraction)
  std::string supernet;
  std::string source;  // where the table is from, in words; printed with every study
  Options options;
};

struct Fitted {
  std::string json;  // what load_surrogate() reads
  std::size_t rows = 0, held_out_rows = 0;
  Quality held_out;
};

// Eight tenths of the rows train, one chooses the epoch, one is held out and measures. The cap of the options
// is in per cent. Throws ConfigError: missing-file, bad-table, empty-table.
[[nodiscard]] Fitted fit_accuracy(const Request& request);

}  // namespace weft::fit
