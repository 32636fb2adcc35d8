# SPDX-License-Identifier: MIT
# Symbols and listing of one linked ELF. Runs in the project's root, where the debug information's
# relative paths lead to the sources.
#
#   cmake -DELF=… -DSTEM=… -DNM=… -DOBJDUMP=… [-DREAL_SECTIONS=…;…] -P listing.cmake
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND ${NM} --numeric-sort --defined-only ${ELF}
                OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
# Absolute symbols (type A) are numbers, not places.
string(REGEX REPLACE "[0-9a-f]+ [Aa] [^\n]*\n" "" symbols "${symbols}")
string(REGEX REPLACE "([0-9a-f]+) [A-Za-z] ([^\n]*)\n" "\\1 \\2\n" symbols "${symbols}")
file(WRITE ${STEM}.sym "${symbols}")

execute_process(COMMAND ${OBJDUMP} --disassemble --source --line-numbers -M intel ${ELF}
                OUTPUT_FILE ${STEM}.lst COMMAND_ERROR_IS_FATAL ANY)
foreach(section IN LISTS REAL_SECTIONS)
  file(APPEND ${STEM}.lst "\n\n; ${section} once more, read as the 16-bit code it is\n")
  execute_process(COMMAND ${OBJDUMP} --disassemble --triple=i386-unknown-none-code16 -M intel
                          --section=${section} ${ELF}
                  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
  file(APPEND ${STEM}.lst "${listing}")
endforeach()
