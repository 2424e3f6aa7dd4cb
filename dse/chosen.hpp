// The files of a result folder that people read: the front, and the chosen design with its mappings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "dse/evaluator.hpp"
#include "dse/study.hpp"

namespace weft {

// front.csv: one row per design of the front, in the order of StudyResult::front.
[[nodiscard]] std::string front_csv(const StudyResult& result);

// trace.csv: how the front grew.
[[nodiscard]] std::string trace_csv(const StudyResult& result);

// chosen/: accelerator.yaml, network.yaml (both load again), mappings/NN-layer.yaml for each distinct layer,
// simulated.csv.
// designs/ID/: the first three of each design that was simulated again.
void write_chosen(const std::filesystem::path& out, const StudyResult& result, const Evaluator& evaluator);

// Replaces a file, all at once. Throws ConfigError: cannot-write.
void write_file(const std::filesystem::path& file, const std::string& text);

}  // namespace weft
