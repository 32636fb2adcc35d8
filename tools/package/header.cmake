# SPDX-License-Identifier: MIT
# Make the installed form of a header of include/boot: it includes layout.h beside it, which C and
# C++ of any age can read, in place of base/compiler.h, and takes no common name from a kernel.
#
#   cmake -DHEADER=boot_info.h -DOUTPUT=coldstart/boot_info.h -P header.cmake
cmake_minimum_required(VERSION 3.22)

file(READ ${HEADER} text)
if(NOT text MATCHES "#include \"base/compiler.h\"\n")
  message(FATAL_ERROR "${HEADER} does not include base/compiler.h")
endif()
string(REPLACE "#include \"base/compiler.h\"" "#include \"layout.h\"" text "${text}")
string(REPLACE "ASSERT_SIZE(" "COLDSTART_ASSERT_SIZE(" text "${text}")
string(REPLACE "ASSERT_OFFSET(" "COLDSTART_ASSERT_OFFSET(" text "${text}")
if(text MATCHES "#include \"[^\"]*/[^\"]*\"")
  message(FATAL_ERROR "${HEADER} includes more than base/compiler.h: ${CMAKE_MATCH_0}")
endif()
file(WRITE ${OUTPUT} "${text}")
