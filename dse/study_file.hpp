// The space as understood, in a study's folder, so that the folder says all that the study depends on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "dse/space.hpp"

namespace weft {

// Writes `out`/study.yaml, a space file that loads to an equal space. A table or predictor of the user's is
// copied to `out`/inputs; a network of the user's, which may have files of its own, is named by its full
// path. Throws ConfigError: cannot-write.
void write_study_file(const std::filesystem::path& out, const DesignSpace& space,
                      const std::string& revision);

}  // namespace weft
