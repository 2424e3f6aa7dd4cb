// The main of the benchmarks: says which build is measured; an empty run is an error.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "base/freed_memory.hpp"

// SystemC's library asks for it; its own main is not used.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

int main(int argc, char** argv) {
  weft::keep_freed_memory();  // as the program does
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  benchmark::AddCustomContext("weft_build_type", WEFT_BUILD_TYPE);
  const std::size_t ran = benchmark::RunSpecifiedBenchmarks();
  if (ran == 0) {
    std::fprintf(stderr, "no benchmark was run\n");
    return 1;
  }
  return 0;
}
