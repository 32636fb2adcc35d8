# SPDX-License-Identifier: MIT
# The kinds of test, all run by CTest.

set(COLDSTART_FUZZ_RUNS 20000 CACHE STRING "libFuzzer runs per target in tools/test")

# coldstart_unit_test(NAME ITEMS...): a cmocka program under ASan and UBSan. Items are sources, object
# libraries (name the *_host ones) and coldstart_nasm_objects targets.
function(coldstart_unit_test name)
  coldstart_split_items(objects targets sources ${ARGN})
  add_executable(unit_${name} ${sources} ${objects})
  add_dependencies(unit_${name} ${targets})
  target_include_directories(unit_${name} PRIVATE ${COLDSTART_INCLUDES})
  target_compile_options(unit_${name} PRIVATE ${COLDSTART_FLAGS_host} ${COLDSTART_WARNINGS} -g)
  target_link_options(unit_${name} PRIVATE -fsanitize=address,undefined)
  target_link_libraries(unit_${name} PRIVATE cmocka)
  add_test(NAME unit.${name} COMMAND unit_${name})
endfunction()

# coldstart_fuzz_test(NAME SOURCES...): a libFuzzer program; the sources under test are given as files,
# because the fuzzer instruments them itself. tests/corpus/NAME holds its kept inputs.
function(coldstart_fuzz_test name)
  add_executable(fuzz_${name} ${ARGN})
  target_include_directories(fuzz_${name} PRIVATE ${COLDSTART_INCLUDES})
  target_compile_options(fuzz_${name} PRIVATE -O1 -g -fsanitize=fuzzer,address,undefined
                         -fno-sanitize-recover=all ${COLDSTART_WARNINGS})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  set(found ${CMAKE_CURRENT_BINARY_DIR}/found_${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz.${name} COMMAND fuzz_${name} -runs=${COLDSTART_FUZZ_RUNS} -seed=1
           -verbosity=0 -print_final_stats=1 -artifact_prefix=${found}/ ${found}
           ${CMAKE_SOURCE_DIR}/tests/corpus/${name})
endfunction()

# coldstart_pytest(NAME FILE): a pytest file that drives virtual machines or reads the tree.
function(coldstart_pytest name file)
  get_filename_component(file ${file} ABSOLUTE)
  add_test(NAME ${name} COMMAND /usr/bin/python3 -m pytest -q -rs -p no:cacheprovider ${file}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT
    "COLDSTART_BUILD=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endfunction()

# coldstart_pytest_folder(LABEL SECONDS): each test_NAME.py of this folder as the test LABEL.NAME, so that
# ctest -j2 runs two at a time and each has its own log. SECONDS guard against a hang.
function(coldstart_pytest_folder label seconds)
  file(GLOB files ${CMAKE_CURRENT_SOURCE_DIR}/test_*.py)
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(REPLACE "test_" "" name ${name})
    coldstart_pytest(${label}.${name} ${file})
    set_tests_properties(${label}.${name} PROPERTIES TIMEOUT ${seconds} LABELS ${label})
  endforeach()
endfunction()
