# SPDX-License-Identifier: MIT
# Fails when the page PAGE is not what the program PROGRAM prints.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE fresh RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed: ${status}")
endif()
file(READ ${PAGE} kept)
if(NOT fresh STREQUAL kept)
  message(FATAL_ERROR "${PAGE} is stale: cmake --build build --target docs")
endif()
message(STATUS "${PAGE} is what ${PROGRAM} prints")
