// One reader for libFuzzer: the target is the one that WEFT_FUZZ_TARGET names. An exception that is no answer
// to a bad file ends the process.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "tests/fuzz/feed.hpp"
#include "tests/fuzz/targets.hpp"

// The SystemC library wants this symbol.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 1;
}

namespace {

namespace fs = std::filesystem;
using namespace weft::fuzz;

const Target& target() {
  static const Target chosen = [] {
    for (Target& candidate : targets()) {
      if (candidate.name == WEFT_FUZZ_TARGET) {
        return candidate;
      }
    }
    std::abort();
  }();
  return chosen;
}

// A folder of this process's own, in memory where the system has such a place.
struct Folder {
  Folder() {
    std::error_code ignored;
    const fs::path memory = "/dev/shm";
    const fs::path place = fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
    path = place / ("weft_fuzz_" + target().name + "_" + std::to_string(getpid()));
    fs::create_directories(path);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const fs::path file = folder.path / target().file;
  {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  }
  if (const Fed fed = feed(target(), file); !fed.problem.empty()) {
    std::fprintf(stderr, "%s: not an answer to a bad file: %s\n", target().name.c_str(), fed.problem.c_str());
    std::abort();
  }
  return 0;
}
