// See trained.hpp. Format of the words: numpy.lib.format, version 1.0.
// SPDX-License-Identifier: Apache-2.0
#include "workload/trained.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/whole_file.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string npy(const TensorShape& tensor, const std::vector<float>& words) {
  std::string shape;
  for (const Rank& rank : tensor.ranks) {
    shape += fmt::format("{}, ", rank.extent);
  }
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", shape);
  constexpr std::size_t kBefore = 10, kAligned = 64;  // magic, version and length; where the words begin
  header.append(kAligned - 1 - (kBefore + header.size()) % kAligned, ' ');
  header += '\n';
  std::string text = std::string("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 255U);
  text += static_cast<char>(header.size() >> 8U);
  text += header;
  text.append(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(float));
  return text;
}

std::string plain(std::string name) {
  for (char& c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    c = good ? c : '_';
  }
  return name;
}

}  // namespace

void set_measured(Problem& problem, const std::vector<float>& weights) {
  auto positions = std::make_shared<Bitmap>(static_cast<std::int64_t>(weights.size()));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] != 0) {
      positions->set(static_cast<std::int64_t>(i));
    }
  }
  const std::int64_t left = positions->count();
  if (left == 0) {
    return;
  }
  TensorShape& tensor = problem.tensor(Role::kWeights);
  tensor.density = static_cast<double>(left) / static_cast<double>(positions->size());
  tensor.model = {};
  if (left < positions->size()) {
    tensor.model = {.pattern = Pattern::kMeasured, .positions = std::move(positions)};
  }
}

fs::path save_trained(const TrainedNetwork& trained, const fs::path& folder, const std::string& name) {
  Network network = trained.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const std::vector<float>& words = trained.weights[i];
    if (words.empty()) {
      continue;
    }
    TensorShape& tensor = network.layers[i].problem->tensor(Role::kWeights);
    const std::string file = fmt::format("weights/{:03}-{}.npy", i, plain(network.layers[i].name));
    write_whole_file(folder / file, npy(tensor, words));
    if (tensor.model.pattern == Pattern::kMeasured) {
      tensor.model.file = file;
    }
  }
  const fs::path file = folder / (plain(name) + ".yaml");
  try {
    write_whole_file(file, print_yaml(network));
  } catch (const std::invalid_argument& error) {
    throw ConfigError({file.string()}, "cannot-express", error.what());
  }
  return file;
}

}  // namespace weft
