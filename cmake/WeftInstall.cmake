# cmake --install: the program with its presets, manual page and completions, and the libraries that other programs
# can use (everything up to the mapper) as the CMake package "weft". cpack makes a Debian package of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(manual ${CMAKE_CURRENT_BINARY_DIR}/weft.1)
set(bash_words ${CMAKE_CURRENT_BINARY_DIR}/weft.bash)
set(zsh_words ${CMAKE_CURRENT_BINARY_DIR}/_weft)
add_custom_command(OUTPUT ${manual} ${bash_words} ${zsh_words}
  COMMAND weft manual > ${manual}
  COMMAND weft completion bash > ${bash_words}
  COMMAND weft completion zsh > ${zsh_words}
  DEPENDS weft COMMENT "Writing the manual page and completions" VERBATIM)
add_custom_target(weft_words ALL DEPENDS ${manual} ${bash_words} ${zsh_words})

install(TARGETS weft RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/weft)
install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${bash_words} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME weft)
install(FILES ${zsh_words} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/weft)
install(TARGETS weft_warnings weft_systemc weft_base weft_workload weft_spec weft_sim weft_dataflow weft_energy weft_mapper
  EXPORT weft-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/weft)
install(EXPORT weft-targets NAMESPACE weft:: DESTINATION ${package})
install(DIRECTORY base workload arch dataflow energy_model mapper DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weft
  FILES_MATCHING PATTERN "*.hpp" PATTERN "sim" EXCLUDE)
# Of the simulator its doors: the façade, and the component for platforms.
install(FILES arch/sim/simulator.hpp arch/sim/result.hpp arch/sim/trace.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weft/arch/sim)
install(FILES arch/sim/tlm/accelerator_module.hpp arch/sim/tlm/memory_master.hpp arch/sim/tlm/registers.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weft/arch/sim/tlm)
configure_package_config_file(cmake/weft-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/weft-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/weft-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/weft-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/weft-config-version.cmake
  DESTINATION ${package})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME weft)
set(CPACK_PACKAGE_CONTACT "the developers of Weft <weft@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulate, map and co-design deep-learning accelerators")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
find_program(WEFT_SHLIBDEPS dpkg-shlibdeps)
if(WEFT_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
set(CPACK_STRIP_FILES ON)
include(CPack)
