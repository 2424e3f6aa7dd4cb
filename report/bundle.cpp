// Two files as bytes of the program: an assembler directive takes them as they are, no array of numbers has
// to be compiled. CMake names the files and rebuilds this one when they change.
// SPDX-License-Identifier: Apache-2.0
#include "report/bundle.hpp"

#include <cstddef>

// clang-format off
#define WEFT_EMBED(symbol, file)                                   \
  __asm__(".pushsection .rodata\n"                                  \
          ".global " #symbol "_begin\n"                             \
          ".balign 16\n" #symbol "_begin:\n"                        \
          ".incbin \"" file "\"\n"                                  \
          ".global " #symbol "_end\n" #symbol "_end:\n"             \
          ".byte 0\n"                                               \
          ".popsection\n");                                         \
  extern "C" const char symbol##_begin[];                           \
  extern "C" const char symbol##_end[]
// clang-format on

WEFT_EMBED(weft_report_style, WEFT_REPORT_STYLE);
WEFT_EMBED(weft_report_script, WEFT_REPORT_SCRIPT);

namespace weft::report {

std::string_view style_sheet() {
  return {weft_report_style_begin, static_cast<std::size_t>(weft_report_style_end - weft_report_style_begin)};
}

std::string_view script() {
  return {weft_report_script_begin,
          static_cast<std::size_t>(weft_report_script_end - weft_report_script_begin)};
}

}  // namespace weft::report
