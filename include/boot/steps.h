/* SPDX-License-Identifier: MIT
 *
 * The steps of a boot, in order: the one list that the trace, the kernel's
 * timeline, the debugger's breakpoints and the docs are made from. The label is
 * the symbol at which the step begins.
 */
#pragma once

/* X(number, name, label, sentence) */
#define BOOT_STEP_LIST(X)                                                                          \
    X(1, STAGE1, stage1_start, "the BIOS has put sector 0 at 7C00h and jumps to it")               \
    X(2, STAGE2, stage2_start, "stage 1 has read and verified stage 2, and jumps to it")           \
    X(3, CPU, cpu_require_long_mode, "ask CPUID whether this CPU has long mode")                   \
    X(4, A20, a20_enable, "open the A20 line, so that odd megabytes exist")                        \
    X(5, MEMORY_ASK, memory_ask, "ask the BIOS what memory there is, and keep every word")         \
    X(6, LONG_MODE, long_mode_enter, "page tables, PAE, EFER.LME, paging: real to long mode")      \
    X(7, LOADER, loader_main, "the first line of C, in 64-bit mode")                               \
    X(8, MEMORY_JUDGE, memory_judge, "judge the answers: which bytes are really RAM")              \
    X(9, VOLUME, volume_find, "find the active partition and its FAT volume")                      \
    X(10, CONFIG, config_load, "read coldstart.cfg")                                               \
    X(11, KERNEL, kernel_load, "read, check and place the ELF64 kernel")                           \
    X(12, MODULES, modules_load, "read the modules")                                               \
    X(13, VIDEO, video_choose, "choose text or a framebuffer")                                     \
    X(14, PAGING, kernel_paging_build, "build the kernel's page tables: W^X, guards, no page 0")   \
    X(15, HANDOFF, handoff, "fill boot_info, switch page tables, jump to the kernel")              \
    X(16, KERNEL_ENTRY, kernel_entry, "the kernel's first instruction")

enum boot_step {
#define BOOT_STEP_ENUM(number, name, label, text) BOOT_STEP_##name = number,
    BOOT_STEP_LIST(BOOT_STEP_ENUM)
#undef BOOT_STEP_ENUM
};
