// Maps one matrix product on an accelerator that is named on the command line, and prints its cycles.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "arch/spec/accelerator.hpp"
#include "energy_model/energy.hpp"
#include "mapper/mapper.hpp"
#include "workload/problem.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const weft::Accelerator machine = weft::load_accelerator(argv[1]);
  const weft::EnergyTable table = weft::EnergyTable::load("default_45nm");
  const weft::Problem problem = weft::make_gemm({.name = "product", .m = 64, .n = 64, .k = 64});
  weft::MapRequest request;
  request.problem = &problem;
  request.accelerator = &machine;
  request.table = &table;
  request.max_evaluations = 200;
  const weft::MapResult result = weft::searches().at("exact")(request);
  std::cout << result.evaluation.timing.cycles << '\n';
  return result.mapping ? 0 : 1;
}
