// What can be done with a network and the words that it has been trained to (import.hpp, TrainedNetwork).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "workload/import.hpp"
#include "workload/network.hpp"

namespace weft {

// Density and positions of a problem's weights as counted. All words zero: taken for a tensor without data,
// nothing changes.
void set_measured(Problem& problem, const std::vector<float>& weights);

// Writes <folder>/<name>.yaml, which loads to the network, and the words of every layer that has them as
// <folder>/weights/<layer>.npy (32-bit floats), where the network file finds their zeros. Returns the file.
// Throws ConfigError: cannot-write, cannot-express.
std::filesystem::path save_trained(const TrainedNetwork& trained, const std::filesystem::path& folder,
                                   const std::string& name);

}  // namespace weft
