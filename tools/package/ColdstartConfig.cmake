# SPDX-License-Identifier: MIT
# find_package(Coldstart): for kernels that Coldstart's loader boots.
#
#   Coldstart::boot     the headers, and the compiler options of a kernel's code
#   Coldstart::kernel   the same, and the linker options and script of a kernel at -2 GiB
#   coldstart_image()   a bootable disk image of a kernel
#
# Where this file lies tells where the rest is, so an installed tree may be moved.
get_filename_component(Coldstart_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(Coldstart_INCLUDE_DIR "${Coldstart_PREFIX}/include")
set(Coldstart_LINKER_SCRIPT "${Coldstart_PREFIX}/share/coldstart/kernel.ld")
set(Coldstart_MKIMAGE "${Coldstart_PREFIX}/bin/coldstart-mkimage")

if(NOT TARGET Coldstart::boot)
  # No C library, none of the registers that interrupts would have to save, no red zone below the
  # stack pointer for them to destroy, no library call in place of a loop.
  add_library(Coldstart::boot INTERFACE IMPORTED)
  set_target_properties(Coldstart::boot PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${Coldstart_INCLUDE_DIR}"
    INTERFACE_COMPILE_OPTIONS "-ffreestanding;-fno-builtin;-fno-stack-protector;-fno-pic;-fno-pie;\
-fcf-protection=none;-fno-asynchronous-unwind-tables;-m64;-mcmodel=kernel;-mno-red-zone;\
-mgeneral-regs-only;$<$<C_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns>")

  add_library(Coldstart::kernel INTERFACE IMPORTED)
  set_target_properties(Coldstart::kernel PROPERTIES
    INTERFACE_LINK_LIBRARIES Coldstart::boot
    INTERFACE_LINK_OPTIONS "-nostdlib;-static;$<$<C_COMPILER_ID:GNU>:-no-pie>;\
-Wl,-T,${Coldstart_LINKER_SCRIPT};-Wl,-z,max-page-size=4096;-Wl,--build-id=none"
    INTERFACE_LINK_DEPENDS "${Coldstart_LINKER_SCRIPT}")
endif()

# coldstart_image(TARGET OUTPUT FILE [CMDLINE TEXT] [VIDEO MODE] [SIZE SIZE] [MODULES FILES...]
#                 [OPTIONS WORDS...]): build FILE, a disk image that boots the kernel TARGET. A
# module may be FILE=NAME. OPTIONS are further words for coldstart-mkimage.
function(coldstart_image target)
  cmake_parse_arguments(PARSE_ARGV 1 image "" "OUTPUT;CMDLINE;VIDEO;SIZE" "MODULES;OPTIONS")
  if(NOT TARGET ${target} OR NOT image_OUTPUT OR DEFINED image_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "coldstart_image wants a target and OUTPUT: ${ARGV}")
  endif()
  set(words)
  set(files)
  foreach(name CMDLINE VIDEO SIZE)
    if(DEFINED image_${name})
      string(TOLOWER ${name} option)
      string(REPLACE ";" "\\;" value "${image_${name}}") # it is one word, not a list
      list(APPEND words --${option} "${value}")
    endif()
  endforeach()
  foreach(module IN LISTS image_MODULES)
    string(REGEX REPLACE "=[^=/]*$" "" file "${module}")
    list(APPEND words --module "${module}")
    list(APPEND files "${file}")
  endforeach()
  get_filename_component(output "${image_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${Coldstart_MKIMAGE}" -o "${output}" --kernel $<TARGET_FILE:${target}> ${words}
            ${image_OPTIONS}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" DEPENDS ${target} ${files} VERBATIM
    COMMENT "Building the image of ${target}")
  get_filename_component(stem "${output}" NAME_WE)
  add_custom_target(${target}_${stem}_image ALL DEPENDS "${output}")
endfunction()
