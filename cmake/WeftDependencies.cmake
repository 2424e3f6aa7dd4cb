# Every library Weft uses comes from the system; each is found once, here, under one name.
find_package(PkgConfig REQUIRED)
find_package(yaml-cpp REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
find_package(Boost 1.74 REQUIRED)  # headers only
find_package(Eigen3 3.4 REQUIRED NO_MODULE)  # headers only
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Protobuf REQUIRED)  # before ONNX, whose package file needs it
find_package(ONNX CONFIG REQUIRED)
find_package(Threads REQUIRED)

# MPI hands evaluations to other processes (dse/ranks.hpp); the program is whole without it.
set(WEFT_RANKS none)
if(WEFT_MPI)
  find_package(MPI QUIET COMPONENTS C)
  if(MPI_C_FOUND)
    set(WEFT_RANKS mpi)
  endif()
endif()
message(STATUS "weft explore --mpi: ${WEFT_RANKS}")

# For weft --version; SystemC is added below.
set(WEFT_LIBRARIES "yaml-cpp ${yaml-cpp_VERSION}, ONNX ${ONNX_VERSION}, protobuf ${Protobuf_VERSION}, SQLite ${SQLite3_VERSION}, fmt ${fmt_VERSION}, nlohmann_json ${nlohmann_json_VERSION}, CLI11 ${CLI11_VERSION}, Boost ${Boost_VERSION_STRING}, Eigen ${Eigen3_VERSION}")

# SystemC: a user's own CMake build first, then the system's pkg-config file.
find_package(SystemCLanguage CONFIG QUIET)
add_library(weft_systemc INTERFACE)
if(TARGET SystemC::systemc)
  target_link_libraries(weft_systemc INTERFACE SystemC::systemc)
else()
  pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
  target_link_libraries(weft_systemc INTERFACE PkgConfig::SYSTEMC)
  # Debian builds SystemC as C++17; its headers pick the same layout for 17 and 20, only the name of
  # the version symbol differs.
  target_compile_definitions(weft_systemc INTERFACE SC_CPLUSPLUS=201703L)
endif()
set(WEFT_LIBRARIES "SystemC ${SYSTEMC_VERSION}${SystemCLanguage_VERSION}, ${WEFT_LIBRARIES}")
