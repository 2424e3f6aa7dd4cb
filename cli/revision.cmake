# Writes OUT, the version as C++, when it changed: run at every build, so that the revision is never stale.
set(revision unknown)
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --exclude=* --abbrev=12 --dirty=+
  OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(NOT failed)
  set(revision ${described})
endif()
set(text "// Written by cli/revision.cmake.
#include \"cli/version.hpp\"

namespace weft::cli {

std::string version() { return \"${VERSION}\"; }
std::string revision() { return \"${revision}\"; }
std::string version_line() { return \"weft ${VERSION} (${revision})\"; }

}  // namespace weft::cli
")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
