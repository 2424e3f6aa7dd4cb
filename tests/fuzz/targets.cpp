// The readers.
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.hpp"

#include <algorithm>

#include "arch/spec/accelerator.hpp"
#include "arch/spec/import.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/mapping.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "dse/space.hpp"
#include "energy_model/energy.hpp"
#include "mapper/constraints_file.hpp"
#include "report/study_results.hpp"
#include "workload/import.hpp"

namespace weft::fuzz {
namespace {

namespace fs = std::filesystem;

const Accelerator& machine() {
  static const Accelerator accelerator = load_accelerator("eyeriss");
  return accelerator;
}

const Problem& conv() {
  static const Problem problem = make_conv({.name = "conv3",
                                            .in_channels = 192,
                                            .out_channels = 384,
                                            .in_h = 13,
                                            .in_w = 13,
                                            .kernel_h = 3,
                                            .kernel_w = 3,
                                            .pad_top = 1,
                                            .pad_left = 1,
                                            .pad_bottom = 1,
                                            .pad_right = 1});
  return problem;
}

void use(const Network& network) {
  (void)macs(network);
  (void)parameters(network);
}

// What was read prints as something that reads again and prints the same.
void use(const Accelerator& accelerator) {
  const std::string text = print_yaml(accelerator);
  if (print_yaml(parse_accelerator(text, "printed")) != text) {
    throw std::logic_error("the accelerator does not print as it reads");
  }
}

void use(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  (void)print_yaml(mapping, problem, accelerator);
  if (!check(mapping, problem, accelerator)) {
    (void)evaluate(mapping, problem, accelerator);
  }
}

void timeloop(const fs::path& file) {
  ImportNotes notes;
  const Network network = load_network_timeloop(file, notes);
  const Accelerator accelerator = load_accelerator_timeloop(file, notes);
  use(accelerator);
  const Problem& problem = *network.layers.front().problem;
  (void)as_convolution(problem);
  (void)print_timeloop(problem, notes);
  use(load_mapping_timeloop(file, problem, accelerator, notes), problem, accelerator);
}

}  // namespace

std::vector<Target> targets() {
  return {
      {"accelerator",
       "a.yaml",
       {"configs/arch", "configs/template/accelerator.yaml"},
       [](const fs::path& file) { use(load_accelerator_file(file)); }},
      {"network",
       "n.yaml",
       {"configs/network", "configs/template/network.yaml"},
       [](const fs::path& file) { use(load_network_yaml(file)); }},
      {"onnx",
       "n.onnx",
       {"tests/fixtures/onnx", "tests/error"},
       [](const fs::path& file) { use(load_network_onnx(file)); }},
      {"mapping",
       "m.yaml",
       {"configs/mapping/eyeriss_alexnet_conv3.yaml"},
       [](const fs::path& file) { use(load_mapping(file, conv(), machine()), conv(), machine()); }},
      {"constraints",
       "c.yaml",
       {"configs/constraints"},
       [](const fs::path& file) { (void)load_constraints(file.string(), conv(), machine()); }},
      {"space",
       "s.yaml",
       {"configs/space", "configs/template/space.yaml"},
       [](const fs::path& file) { (void)load_space(file.string()); }},
      {"energy",
       "e.yaml",
       {"configs/energy"},
       [](const fs::path& file) { (void)EnergyTable::load(file.string()); }},
      {"scalesim",
       "t.csv",
       {"tests/fixtures/formats/topology.csv", "tests/fixtures/formats/gemm.csv"},
       [](const fs::path& file) {
         ImportNotes notes;
         use(load_network_scalesim(file, notes));
       }},
      {"scalesim_cfg",
       "a.cfg",
       {"tests/fixtures/formats/array.cfg"},
       [](const fs::path& file) {
         ImportNotes notes;
         use(load_accelerator_scalesim(file, notes));
       }},
      {"maestro",
       "n.m",
       {"tests/fixtures/formats/small.m"},
       [](const fs::path& file) {
         ImportNotes notes;
         use(load_network_maestro(file, notes));
       }},
      {"timeloop",
       "t.yaml",
       {"tests/fuzz/corpus/timeloop_v3.yaml", "tests/fuzz/corpus/timeloop_v4.yaml"},
       timeloop},
      {"results",
       "r.sqlite",
       {"tests/fuzz/corpus/results.sqlite3"},
       [](const fs::path& file) { (void)report::load_results(file); }},
  };
}

}  // namespace weft::fuzz
