# SPDX-License-Identifier: MIT
# NASM by custom command: CMake's own ASM_NASM language bakes in one object format.

find_program(NASM nasm REQUIRED)
find_program(LLVM_OBJCOPY llvm-objcopy REQUIRED)
set(COLDSTART_CONSTANTS ${CMAKE_BINARY_DIR}/generated/constants.inc)
set(COLDSTART_NASM_FLAGS -w+all -I${CMAKE_SOURCE_DIR}/ -I${CMAKE_BINARY_DIR}/generated/)
# A newer NASM may know more warnings; they must not keep anyone from building. It does warn of
# every relocation, which in an object file is how things are.
execute_process(COMMAND ${NASM} -v OUTPUT_VARIABLE nasm_version COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "[0-9]+\\.[0-9.]+" nasm_version "${nasm_version}")
if(nasm_version VERSION_LESS 2.16.02)
  list(APPEND COLDSTART_NASM_FLAGS -Werror)
else()
  list(APPEND COLDSTART_NASM_FLAGS -w-reloc)
endif()

# coldstart_constants(LIST OUTPUT): compile a list of constants (base/constant_list.h) with stage 2's
# own flags and read the NASM defines out of the assembly.
function(coldstart_constants list output)
  get_filename_component(list ${list} ABSOLUTE)
  get_filename_component(stem ${output} NAME_WE)
  get_filename_component(folder ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  set(assembly ${CMAKE_CURRENT_BINARY_DIR}/${stem}.s)
  set(script ${CMAKE_SOURCE_DIR}/tools/cmake/constants.cmake)
  set(include_flags)
  foreach(path ${COLDSTART_INCLUDES})
    list(APPEND include_flags -I${path})
  endforeach()
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_C_COMPILER} -std=gnu17 ${COLDSTART_FLAGS_loader} ${COLDSTART_WARNINGS}
            ${include_flags} -MD -MF ${assembly}.d -MQ ${output} -S ${list} -o ${assembly}
    COMMAND ${CMAKE_COMMAND} -DASSEMBLY=${assembly} -DOUTPUT=${output} -P ${script}
    DEPENDS ${list} ${script} DEPFILE ${assembly}.d VERBATIM
    COMMENT "Reading the C constants of ${stem} for NASM")
endfunction()

# coldstart_nasm(SOURCE FORMAT OUTPUT [FLAGS...]): assemble one file, with its dependencies and a
# listing beside the output (OUTPUT.lst). FORMAT is bin or elf64. The constants of the C headers
# are there as %include "constants.inc". A flat binary is a finished one, so it gets its listing
# and symbol map under its own stem: stage1.bin, stage1.lst, stage1.map.
function(coldstart_nasm source format output)
  get_filename_component(source ${source} ABSOLUTE)
  get_filename_component(output ${output} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
  get_filename_component(folder ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  set(listing ${output}.lst)
  set(debug)
  set(more)
  if(format STREQUAL "elf64")
    set(debug -g -F dwarf)
    # NASM writes the path of its source into the object: the one thing that differs by machine.
    # Of the debug sections the same is true, so they end in the .debug file (ColdstartLink.cmake).
    set(more COMMAND ${LLVM_OBJCOPY} --strip-symbol=${source} ${output})
  elseif(format STREQUAL "bin")
    string(REGEX REPLACE "\\.[^./]*$" "" stem ${output})
    set(listing ${stem}.lst)
    get_filename_component(name ${stem} NAME)
    # A map asked for on the command line makes NASM warn about itself, so it is a run of its own;
    # its name ends at a space, so it is relative.
    set(more COMMAND ${NASM} -f bin ${COLDSTART_NASM_FLAGS} ${ARGN} -w-other
        --before "[map all ${name}.map]" -o ${CMAKE_CURRENT_BINARY_DIR}/${name}.again ${source})
  endif()
  add_custom_command(OUTPUT ${output}
    COMMAND ${NASM} -f ${format} ${debug} ${COLDSTART_NASM_FLAGS} ${ARGN} -l ${listing}
            -MD ${output}.d -MQ ${output} -o ${output} ${source}
    ${more}
    WORKING_DIRECTORY ${folder} DEPENDS ${source} ${COLDSTART_CONSTANTS} constants
    DEPFILE ${output}.d VERBATIM)
  set_property(DIRECTORY APPEND PROPERTY ADDITIONAL_CLEAN_FILES ${listing})
endfunction()

# coldstart_nasm_objects(NAME SOURCES... [FLAGS flags...]): assemble each source to an elf64 object
# of the current folder; NAME then goes into coldstart_link and coldstart_unit_test like any
# object library.
function(coldstart_nasm_objects name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FLAGS")
  set(objects)
  foreach(source ${arg_UNPARSED_ARGUMENTS})
    get_filename_component(stem ${source} NAME_WE)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${stem}.o)
    coldstart_nasm(${source} elf64 ${object} ${arg_FLAGS})
    list(APPEND objects ${object})
  endforeach()
  add_custom_target(${name} DEPENDS ${objects})
  set_property(TARGET ${name} PROPERTY COLDSTART_NASM_OBJECTS ${objects})
endfunction()

# coldstart_split_items(OBJECTS TARGETS OTHERS ITEMS...): sort what a link is made of: the object
# files behind object libraries and coldstart_nasm_objects targets, these targets, and the rest.
function(coldstart_split_items objects_out targets_out others_out)
  set(objects)
  set(targets)
  set(others)
  foreach(item ${ARGN})
    if(NOT TARGET ${item})
      list(APPEND others ${item})
      continue()
    endif()
    list(APPEND targets ${item})
    get_target_property(type ${item} TYPE)
    if(type STREQUAL "OBJECT_LIBRARY")
      list(APPEND objects $<TARGET_OBJECTS:${item}>)
    else()
      get_target_property(assembled ${item} COLDSTART_NASM_OBJECTS)
      if(NOT assembled)
        message(FATAL_ERROR "${item} has no objects to link")
      endif()
      list(APPEND objects ${assembled})
    endif()
  endforeach()
  set(${objects_out} ${objects} PARENT_SCOPE)
  set(${targets_out} ${targets} PARENT_SCOPE)
  set(${others_out} ${others} PARENT_SCOPE)
endfunction()
