# Compiler cache, warnings and sanitizers, applied to our own targets only.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(weft_warnings INTERFACE)
target_compile_options(weft_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${WEFT_WERROR}>:-Werror>)
# Two false alarms of gcc 12 about std::string at -O3: an overlap in operator+ (GCC bug 105651) and members of a
# temporary aggregate that are in fact initialised (105562).
target_compile_options(weft_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)

if(WEFT_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
# What a sanitizer finds ends the program: else undefined behaviour is a line of text in a test that passes.
if(WEFT_SANITIZE)
  add_compile_options(-fsanitize=${WEFT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WEFT_SANITIZE})
endif()
