# weft_library(<room> SOURCES ... [LINKS ...] [PRIVATE_LINKS ...])
# One static library per room, included from the root: #include "dataflow/mapping.hpp". With the Python module the code
# stands in a shared library too; calls within a file stay direct.
function(weft_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/weft>)
  if(WEFT_PYTHON)
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_compile_options(${name} PRIVATE -fno-semantic-interposition)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE weft_warnings ${ARG_PRIVATE_LINKS})
endfunction()
