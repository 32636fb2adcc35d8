# SPDX-License-Identifier: MIT
# Turn the compiler's assembly of a list of constants into NASM defines. Fails on a line that
# does not parse, on a name given twice, and on an empty list; writes nothing then. Defines and
# not `equ`: an equ becomes an absolute symbol of every object, and debuggers show it for numbers.
#
#   cmake -DASSEMBLY=constants.s -DOUTPUT=constants.inc -P constants.cmake
cmake_minimum_required(VERSION 3.22)

file(STRINGS ${ASSEMBLY} lines REGEX "\"constant ")
set(seen)
set(text "; Generated from a list of C constants: edit that list, not this file.\n[list -]\n")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^[ \t]*\\.ascii[ \t]+\"constant ([A-Za-z_][A-Za-z0-9_.]*) (-?[0-9]+)\"$")
    message(FATAL_ERROR "${ASSEMBLY}: not a constant line: ${line}")
  endif()
  set(name ${CMAKE_MATCH_1})
  math(EXPR value "${CMAKE_MATCH_2}" OUTPUT_FORMAT HEXADECIMAL)
  if(name IN_LIST seen)
    message(FATAL_ERROR "${ASSEMBLY}: ${name} is there twice")
  endif()
  list(APPEND seen ${name})
  string(APPEND text "%define ${name} ${value}\n")
endforeach()
if(NOT seen)
  message(FATAL_ERROR "${ASSEMBLY}: no constant line found")
endif()
file(WRITE ${OUTPUT} "${text}[list +]\n")
