// The program `weft`: runs the command line and prints what comes back.
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "base/freed_memory.hpp"
#include "cli/call.hpp"

// The SystemC library wants this symbol and brings a main that calls it; ours is linked first.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return weft::cli::kExitInternal;
}

namespace {

using namespace weft::cli;

// A reader that stops reading ("weft list | head -1") is no error; a full disk is.
int print(const Outcome& outcome) {
  std::fwrite(outcome.notes.data(), 1, outcome.notes.size(), stderr);
  errno = 0;
  const bool written =
      std::fwrite(outcome.results.data(), 1, outcome.results.size(), stdout) == outcome.results.size() &&
      std::fflush(stdout) == 0;
  if (!written && errno != EPIPE) {
    const std::string text =
        weft::to_string({.where = {},
                         .code = "cannot-write",
                         .message = "the results could not be written to standard output",
                         .hint = ""});
    std::fwrite(text.data(), 1, text.size(), stderr);
    return kExitUsage;
  }
  return outcome.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  weft::keep_freed_memory();
  std::signal(SIGPIPE, SIG_IGN);
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);  // before any elaboration
  return print(call(argc, argv).outcome);
}
