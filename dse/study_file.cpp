// Writes study.yaml.
// SPDX-License-Identifier: Apache-2.0
#include "dse/study_file.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/whole_file.hpp"
#include "dse/chosen.hpp"

namespace weft {

namespace {

namespace fs = std::filesystem;

// The name of the copy, from the folder of the study.
std::string copy_of(const fs::path& file, const fs::path& out) {
  const fs::path name = fs::path("inputs") / file.filename();
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) {
    throw ConfigError({file.string()}, "missing-file",
                      "it was there a moment ago and cannot be read any more");
  }
  std::error_code unknown;
  if (!fs::equivalent(file, out / name, unknown)) {
    write_whole_file(out / name, text);
  }
  return name.string();
}

}  // namespace

void write_study_file(const fs::path& out, const DesignSpace& space, const std::string& revision) {
  DesignSpace told = space;
  NetworkSource& source = told.source;
  if (!source.accuracy_file.empty()) {
    source.accuracy = copy_of(source.accuracy_file, out);
  }
  if (!source.network_file.empty()) {
    source.file = fs::absolute(source.network_file).lexically_normal().string();
  }
  write_file(out / "study.yaml",
             fmt::format("# The study as understood: weft explore THIS FILE --out FOLDER repeats it.\n"
                         "# revision: {}\n{}",
                         revision.empty() ? "unknown" : revision, print_yaml(told)));
}

}  // namespace weft
