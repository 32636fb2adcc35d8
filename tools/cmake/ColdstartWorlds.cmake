# SPDX-License-Identifier: MIT
# The worlds a C file is built for. One clang serves all; each world is a set of flags.
#
#   loader  x86-64, free-standing, small, at low addresses: stage 2
#   kernel  x86-64, free-standing, -2 GiB code model, frame pointers for backtraces,
#           a canary in every function that has an array
#   thumb   thumbv7em-none-eabihf: (h) code runs on a machine without any system
#   windows x86-64 COFF: (h) code as a console program without a C library
#   macos   x86-64 Mach-O: the same in a third object format
#   host    this machine, with AddressSanitizer and UBSan: unit tests
#   tool    this machine, plain: the host programs in tools/

if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "Coldstart is built with clang: configure with -DCMAKE_C_COMPILER=clang")
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
option(COLDSTART_UBSAN "Check stage 2's C and the kernel for undefined behaviour" OFF)
option(COLDSTART_KASAN "Check every load and store of the kernel's C" OFF)
set(COLDSTART_WORLDS loader kernel thumb windows macos host tool)
set(COLDSTART_INCLUDES ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR})

set(COLDSTART_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wformat=2 -Wvla -Wundef)
# A newer clang may know more warnings; they must not keep anyone from building.
if(CMAKE_C_COMPILER_VERSION VERSION_LESS 15)
  list(APPEND COLDSTART_WARNINGS -Werror)
endif()
# No path of this machine in any object: two builds in two folders are the same bytes.
set(COLDSTART_REPRODUCIBLE -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -fdebug-compilation-dir=. -g)
set(COLDSTART_FREE -ffreestanding -nostdlibinc -fno-builtin-printf
    -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fno-common)
set(COLDSTART_X86 --target=x86_64-unknown-none-elf -mno-red-zone -mgeneral-regs-only
    -fno-pic -fno-pie)
# Stage 2 has no room for words, so it traps; the kernel says what it found (kernel/sanitize/ubsan.c),
# with the file's path from the project's root.
if(COLDSTART_UBSAN)
  string(REGEX MATCHALL "/[^/]+" COLDSTART_ROOT_FOLDERS ${CMAKE_SOURCE_DIR})
  list(LENGTH COLDSTART_ROOT_FOLDERS COLDSTART_ROOT_DEPTH)
  math(EXPR COLDSTART_ROOT_DEPTH "${COLDSTART_ROOT_DEPTH} + 1")
  set(COLDSTART_UBSAN_loader -fsanitize=undefined -fsanitize-trap=all)
  set(COLDSTART_UBSAN_kernel -fsanitize=undefined
      -fsanitize-undefined-strip-path-components=${COLDSTART_ROOT_DEPTH})
endif()

set(COLDSTART_FLAGS_loader ${COLDSTART_X86} ${COLDSTART_FREE} -mcmodel=small -Os
    -fomit-frame-pointer -fno-stack-protector ${COLDSTART_UBSAN_loader})
set(COLDSTART_FLAGS_kernel ${COLDSTART_X86} ${COLDSTART_FREE} -mcmodel=kernel -O2
    -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
    -fstack-protector-strong -mstack-protector-guard=global ${COLDSTART_UBSAN_kernel})
if(COLDSTART_KASAN)
  # clang has the sanitizer for Linux's kernel only. Every check is a call, so that nothing is read
  # from the shadow before there is one; only a frame's own bytes are written inline.
  list(APPEND COLDSTART_FLAGS_kernel --target=x86_64-linux-gnu -fsanitize=kernel-address)
  foreach(setting mapping-offset=0xdffffc0000000000 instrumentation-with-call-threshold=0 globals=1
          stack=1 max-inline-poisoning-size=0 use-after-scope=1)
    list(APPEND COLDSTART_FLAGS_kernel "SHELL:-mllvm -asan-${setting}")
  endforeach()
endif()
set(COLDSTART_FLAGS_thumb --target=thumbv7em-none-eabihf ${COLDSTART_FREE} -O2
    -fno-stack-protector)
# Windows: no call of __chkstk, the whole stack is committed at the start; and every enum is an int
# there, so that comparing one with an unsigned number is no mistake.
set(COLDSTART_FLAGS_windows --target=x86_64-pc-windows-msvc ${COLDSTART_FREE} -O2
    -fno-stack-protector -mno-stack-arg-probe -Wno-sign-compare -Wno-sign-conversion)
set(COLDSTART_FLAGS_macos --target=x86_64-apple-macos11 ${COLDSTART_FREE} -O2
    -fno-stack-protector)
# Hidden: a program must not answer for a library's function that has a name of ours.
set(COLDSTART_FLAGS_host -O1 -fvisibility=hidden -fno-omit-frame-pointer
    -fsanitize=address,undefined -fno-sanitize-recover=all)
set(COLDSTART_FLAGS_tool -O2 -fvisibility=hidden)

# coldstart_objects(NAME WORLD SOURCES...): one object library in one world.
function(coldstart_objects name world)
  add_library(${name} OBJECT ${ARGN})
  target_include_directories(${name} PRIVATE ${COLDSTART_INCLUDES})
  target_compile_options(${name} PRIVATE ${COLDSTART_WARNINGS} ${COLDSTART_FLAGS_${world}}
                         ${COLDSTART_REPRODUCIBLE})
  # What tests/stack adds up: beside each object of an image, the bytes of each function's frame.
  if(world MATCHES "^(loader|kernel)$")
    target_compile_options(${name} PRIVATE -fstack-usage)
  endif()
  set_property(GLOBAL APPEND PROPERTY COLDSTART_OBJECTS_${world} ${name})
endfunction()

# coldstart_shared_source(NAME SOURCES...): files marked (h), built for every world, as
# NAME_loader, NAME_kernel, NAME_thumb and so on.
function(coldstart_shared_source name)
  foreach(world ${COLDSTART_WORLDS})
    coldstart_objects(${name}_${world} ${world} ${ARGN})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY COLDSTART_SHARED ${name})
endfunction()

