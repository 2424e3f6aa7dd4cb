// The readers.
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <nlohmann/json.hpp>

#include "arch/spec/accelerator.hpp"
#include "arch/spec/import.hpp"
#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/mapping.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "dse/accuracy.hpp"
#include "dse/accuracy_table.hpp"
#include "dse/journal.hpp"
#include "dse/space.hpp"
#include "energy_model/energy.hpp"
#include "energy_model/reference_table.hpp"
#include "mapper/constraints_file.hpp"
#include "report/page.hpp"
#include "report/study_results.hpp"
#include "workload/bit_policy.hpp"
#include "workload/density.hpp"
#include "workload/import.hpp"
#include "workload/presets.hpp"
#include "workload/safetensors.hpp"

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

// The same lines with checksums that are right, so that what is behind the checksum is met too.
std::string with_checksums(std::istream& lines) {
  std::string text, line;
  while (std::getline(lines, line)) {
    const std::size_t mark = line.rfind(",\"crc\"");
    text += (mark == std::string::npos ? line : with_checksum(line.substr(0, mark) + "}")) + "\n";
  }
  return text;
}

// As it is, and with right checksums.
void journal(const fs::path& file) {
  constexpr const char* kFingerprint = "3537adf996af36fb";  // of the corpus file
  const fs::path folder = file.parent_path() / "study" / "journal";
  fs::create_directories(folder);
  for (const bool right : {false, true}) {
    std::ifstream in(file, std::ios::binary);
    const std::string text = right ? with_checksums(in) : std::string{std::istreambuf_iterator<char>(in), {}};
    std::ofstream(folder / "evaluations.jsonl", std::ios::binary | std::ios::trunc) << text;
    const Journal study(folder.parent_path(), kFingerprint, true, {});
    (void)study.find({0, 4, 1, 4, 1, 1, 0, 1});
  }
}

// A page from a run's JSON. What JSON's library refuses is a good answer; weft report makes a diagnosis of
// it.
void run_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  try {
    (void)report::page_of(report::page_data("0", "0", "run", nullptr, nlohmann::ordered_json::parse(in)));
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError({file.string()}, "not-a-report", error.what());
  }
}

void bit_policy(const fs::path& file) {
  Network network = network_presets().at("alexnet")({});
  apply_bit_policy(network, file);
  use(network);
}

// As tensors, and as a predictor for any space: its genes are refused after everything else was read.
void predictor(const fs::path& file) {
  static const auto space = supernets().at("ofa_mobilenet_v3").make(supernets().at("ofa_mobilenet_v3").genes);
  (void)load_safetensors(file);
  try {
    (void)load_surrogate(file, *space);
  } catch (const ConfigError&) {
    return;  // a good answer to a good file of tensors
  }
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
      {"journal",
       "j.jsonl",
       {"tests/fuzz/corpus/journal.jsonl", "tests/fuzz/corpus/journal_numbers.jsonl"},
       journal},
      {"run_json", "r.json", {"tests/fuzz/corpus/run.json"}, run_json},
      {"bits", "b.yaml", {"tests/fuzz/corpus/bits.yaml"}, bit_policy},
      {"reference_table",
       "ert.yaml",
       {"tests/fuzz/corpus/ert.yaml"},
       [](const fs::path& file) { use(with_reference_table(machine(), file).accelerator); }},
      {"npy",
       "w.npy",
       {"tests/fuzz/corpus/int8.npy", "tests/fuzz/corpus/float32.npy", "tests/fuzz/corpus/short.npy",
        "tests/fuzz/corpus/large.npy"},
       [](const fs::path& file) { (void)load_positions(file.string()); }},
      {"safetensors",
       "p.safetensors",
       {"tests/fuzz/corpus/predictor.safetensors", "tests/fuzz/corpus/tiny.safetensors",
        "tests/fuzz/corpus/none.safetensors", "tests/fuzz/corpus/numbers.safetensors"},
       predictor},
      {"accuracy",
       "a.csv",
       {"configs/accuracy"},
       [](const fs::path& file) { (void)load_accuracy(file, network_families().at("mobilenet_v2")); }},
      {"results",
       "r.sqlite",
       {"tests/fuzz/corpus/results.sqlite3"},
       [](const fs::path& file) { (void)report::load_results(file); }},
  };
}

}  // namespace weft::fuzz
