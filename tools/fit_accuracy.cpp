// weft_fit_accuracy SUPERNET TABLE.csv OUT.json SOURCE [CAP]: fits the accuracy predictor of a supernet.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "dse/fit/fit.hpp"

int main(int argc, char** argv) {
  if (argc < 5 || argc > 6) {
    std::cerr << "usage: weft_fit_accuracy SUPERNET TABLE.csv OUT.json SOURCE [CAP in per cent]\n";
    return 2;
  }
  weft::fit::Request request;
  request.supernet = argv[1];
  request.table = argv[2];
  request.source = argv[4];
  request.options.cap = argc == 6 ? std::strtod(argv[5], nullptr) : request.options.cap;
  try {
    const weft::fit::Fitted fitted = weft::fit::fit_accuracy(request);
    std::ofstream(argv[3]) << fitted.json;
    std::cout << fmt::format(
        "{} rows to fit, {} held out: mean absolute error {:.3f} points, root mean square {:.3f}, Kendall "
        "{:.3f}, "
        "Spearman {:.3f}\n",
        fitted.rows, fitted.held_out_rows, fitted.held_out.mean_absolute, fitted.held_out.root_mean_square,
        fitted.held_out.kendall, fitted.held_out.spearman);
  } catch (const weft::ConfigError& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
