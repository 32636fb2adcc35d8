# SPDX-License-Identifier: MIT
# Symbols and listing of one linked ELF. Runs in the project's root, where the debug information's
# relative paths lead to the sources.
#
#   cmake -DELF=… -DSTEM=… -DNM=… -DOBJDUMP=… [-DCODE16=…] [-DCODE32=…] -P listing.cmake
#
# CODE16: sections of 16-bit code. CODE32: SECTION:FIRST:END, 32-bit code between two symbols.
# Each instruction is listed once, read as the CPU will read it.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND ${NM} --numeric-sort --defined-only ${ELF}
                OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
# Absolute symbols (type A) are numbers, not places.
string(REGEX REPLACE "[0-9a-f]+ [Aa] [^\n]*\n" "" symbols "${symbols}")
string(REGEX REPLACE "([0-9a-f]+) [A-Za-z] ([^\n]*)\n" "\\1 \\2\n" symbols "${symbols}")
file(WRITE ${STEM}.sym "${symbols}")

set(triple_16 i386-unknown-none-code16)
set(triple_32 i386-unknown-none)
set(triple_64 x86_64-unknown-none)

# list_code(BITS OPTIONS...): append what these options of the disassembler choose.
function(list_code bits)
  execute_process(COMMAND ${OBJDUMP} --disassemble --source --line-numbers -M intel
                          --triple=${triple_${bits}} ${ARGN} ${ELF}
                  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "${CMAKE_CURRENT_SOURCE_DIR}/" "" listing "${listing}")
  string(REPLACE "; ././" "; " listing "${listing}")
  string(REGEX REPLACE "^[^\n]*\n[^\n]*file format[^\n]*\n" "" listing "${listing}")
  if(listing MATCHES "[^\n]")
    file(APPEND ${STEM}.lst "\n; ${bits}-bit code\n${listing}")
  endif()
endfunction()

# address_of(NAME OUT): where a symbol lies, as the disassembler wants it.
function(address_of name out)
  if(NOT "\n${symbols}" MATCHES "\n([0-9a-f]+) ${name}\n")
    message(FATAL_ERROR "${ELF} has no symbol ${name}")
  endif()
  set(${out} 0x${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

get_filename_component(name ${STEM} NAME)
file(WRITE ${STEM}.lst "; ${name}: source and disassembly\n")
execute_process(COMMAND ${OBJDUMP} --section-headers ${ELF}
                OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^ ]+ +[0-9a-f]+ [0-9a-f]+( [0-9a-f]+)? TEXT" sections "${headers}")
string(REPLACE ":" ";" CODE32 "${CODE32}:::")
list(GET CODE32 0 mixed)
foreach(section IN LISTS sections)
  string(REGEX REPLACE " .*" "" section "${section}")
  if(section IN_LIST CODE16)
    list_code(16 --section=${section})
  elseif(section STREQUAL mixed)
    list(GET CODE32 1 first)
    list(GET CODE32 2 end)
    address_of(${first} first)
    address_of(${end} end)
    list_code(64 --section=${section} --stop-address=${first})
    list_code(32 --section=${section} --start-address=${first} --stop-address=${end})
    list_code(64 --section=${section} --start-address=${end})
  else()
    list_code(64 --section=${section})
  endif()
endforeach()
