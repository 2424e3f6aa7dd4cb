// Networks from files: our YAML and ONNX.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "workload/network.hpp"

namespace weft {

struct ImportOptions {
  std::int64_t batch = 1;  // value of a symbolic or dynamic batch dimension
};

// Our YAML (configs/README.md, "network files"). Throws ConfigError with all problems of the file.
[[nodiscard]] Network load_network_yaml(const std::filesystem::path& file);

// ONNX, with the library's shape inference. Widths are those of the file's quantised tensors, 8 bits where it
// has none. Zeros are counted in the weights that the file, or the one beside it, holds: density and
// positions. External weight files may be missing; an external path that leaves the model's folder is
// refused (external-path). Unknown operators end up in Network::unknown.
// Throws ConfigError: missing-file, not-a-file, onnx-parse (truncated or not ONNX), onnx-shape (a shape that
// cannot be inferred), onnx-cycle, external-path.
[[nodiscard]] Network load_network_onnx(const std::filesystem::path& file, const ImportOptions& options = {});

// The same with the trained words: one entry per layer, in the order of its problem's weights; empty where
// there is no problem, both operands are activations, or the file does not hold them.
struct TrainedNetwork {
  Network network{};
  std::vector<std::vector<float>> weights{};
};
[[nodiscard]] TrainedNetwork load_trained_onnx(const std::filesystem::path& file,
                                               const ImportOptions& options = {});

// What a file of another tool says and we cannot express, one sentence with its place each: never dropped
// silently, never an error.
using ImportNotes = std::vector<std::string>;

// A topology of SCALE-Sim, convolutions or products (M, N, K). Throws ConfigError: bad-table (cells),
// bad-shape, empty-table, missing-file, not-a-file, too-large, binary-file, empty-file.
[[nodiscard]] Network load_network_scalesim(const std::filesystem::path& file, ImportNotes& notes);
// A model file of MAESTRO. Layer types that we do not have end up in Network::unknown. Throws ConfigError:
// maestro-syntax, bad-shape, empty-table and those of reading a text.
[[nodiscard]] Network load_network_maestro(const std::filesystem::path& file, ImportNotes& notes);
// The problem of a Timeloop file as a network of one layer, with that file's names of dims and tensors.
// Throws ConfigError: the reader's codes, cannot-express.
[[nodiscard]] Network load_network_timeloop(const std::filesystem::path& file, ImportNotes& notes);
// A problem with names of its own as the convolution that it is: dims N G K C P Q R S, and for each dim of
// the problem which of these it is. None: it is no convolution (of one or two sliding dims).
struct RenamedProblem {
  Problem problem{};
  std::vector<int> dims{};
};
[[nodiscard]] std::optional<RenamedProblem> as_convolution(const Problem& problem);
// A problem as Timeloop (version 0.4) reads it.
[[nodiscard]] std::string print_timeloop(const Problem& problem, ImportNotes& notes);

// A preset's name (presets.hpp), a name in configs/network, or a file (".onnx", ".yaml", ".yml"). The batch
// option does not touch YAML files, which say their own. Throws ConfigError: unknown-name, missing-file ...
[[nodiscard]] Network load_network(const std::string& name_or_file, const ImportOptions& options = {});

}  // namespace weft
