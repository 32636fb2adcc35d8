# SPDX-License-Identifier: MIT
# Linking the free-standing ELFs, and what a reader wants beside each: symbol map and listing.

find_program(LLD ld.lld REQUIRED)
find_program(LLVM_NM llvm-nm REQUIRED)
find_program(LLVM_OBJDUMP llvm-objdump REQUIRED)

# Every linker script sees the plain defines of these as macros.
set(COLDSTART_LINK_HEADERS ${CMAKE_SOURCE_DIR}/include/boot/low_memory.h
    ${CMAKE_SOURCE_DIR}/include/boot/disk_layout.h
    ${CMAKE_SOURCE_DIR}/include/boot/boot_info.h
    ${CMAKE_SOURCE_DIR}/include/boot/stage2_header.h)

# coldstart_linker_script(SCRIPT OUTPUT): preprocess one linker script. It may #include others by
# their path from the project's root.
function(coldstart_linker_script script output)
  set(macros)
  foreach(header ${COLDSTART_LINK_HEADERS})
    list(APPEND macros -imacros ${header})
  endforeach()
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_C_COMPILER} -E -P -x c --target=x86_64-unknown-none-elf -ffreestanding
            -nostdlibinc -undef -I${CMAKE_SOURCE_DIR}/include -I${CMAKE_SOURCE_DIR} ${macros}
            -MD -MF ${output}.d -MQ ${output} ${script} -o ${output}
    DEPENDS ${script} DEPFILE ${output}.d VERBATIM)
endfunction()

# coldstart_listing(ELF [CODE16 sections...] [CODE32 SECTION:FIRST:END]): beside STEM.elf put STEM.sym
# (lines "address name", sorted, as debuggers load them) and STEM.lst (source and disassembly, each
# instruction in its own mode): sections of 16-bit code, and 32-bit code between two symbols.
function(coldstart_listing elf)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CODE32" "CODE16")
  string(REGEX REPLACE "\\.[^./]*$" "" stem ${elf})
  set(script ${CMAKE_SOURCE_DIR}/tools/cmake/listing.cmake)
  add_custom_command(OUTPUT ${stem}.sym ${stem}.lst
    COMMAND ${CMAKE_COMMAND} -DELF=${stem}.debug -DSTEM=${stem} -DNM=${LLVM_NM}
            -DOBJDUMP=${LLVM_OBJDUMP} "-DCODE16=${arg_CODE16}" "-DCODE32=${arg_CODE32}" -P ${script}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS ${elf} ${script} VERBATIM)
  get_filename_component(name ${stem} NAME)
  add_custom_target(${name}_listing ALL DEPENDS ${stem}.sym ${stem}.lst)
  get_filename_component(folder ${stem} DIRECTORY)
  if(folder STREQUAL CMAKE_BINARY_DIR)
    set_property(GLOBAL APPEND PROPERTY COLDSTART_BOOT_PARTS ${stem}.sym ${stem}.lst)
  endif()
endfunction()

# coldstart_link(NAME SCRIPT OUTPUT ITEMS... [CODE16 ...] [CODE32 ...] [WRAP symbols...]): link a
# free-standing ELF with lld from object libraries, coldstart_nasm_objects targets and object files; write its link
# map, symbols and listing beside it, and STEM.debug: the same ELF with the lines of C and assembly
# for debuggers. Only that one knows this machine's paths. NAME becomes a target.
function(coldstart_link name script output)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "CODE32" "CODE16;WRAP")
  list(TRANSFORM arg_WRAP PREPEND --wrap=)
  coldstart_split_items(objects targets others ${arg_UNPARSED_ARGUMENTS})
  string(REGEX REPLACE "\\.[^./]*$" "" stem ${output})
  get_filename_component(script ${script} ABSOLUTE)
  set(processed ${CMAKE_CURRENT_BINARY_DIR}/${name}.ld)
  coldstart_linker_script(${script} ${processed})
  add_custom_command(OUTPUT ${output} BYPRODUCTS ${stem}.map ${stem}.debug
    COMMAND ${LLD} -m elf_x86_64 -static -nostdlib --gc-sections --fatal-warnings
            --build-id=none -z max-page-size=4096 -z noexecstack --orphan-handling=error
            ${arg_WRAP} -T ${processed} -o ${stem}.debug ${objects} ${others} -Map=${stem}.map
    COMMAND ${LLVM_OBJCOPY} --strip-debug ${stem}.debug ${output}
    DEPENDS ${processed} ${objects} ${others} ${targets} COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${output})
  coldstart_listing(${output} CODE16 ${arg_CODE16} CODE32 ${arg_CODE32})
endfunction()
