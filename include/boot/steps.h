/* SPDX-License-Identifier: MIT
 *
 * The steps of a boot, in order: the one list that the trace, the kernel's
 * timeline, the debugger's breakpoints and the docs are made from. The label is
 * the symbol at which the step begins.
 */
#pragma once

/* X(number, name, label, mode of the CPU at the label, sentence, section of docs/boot-story.md) */
#define BOOT_STEP_LIST(X)                                                                          \
    X(1, STAGE1, stage1_start, REAL, "the BIOS has put sector 0 at 7C00h and jumps to it",         \
      "1-stage-1-512-bytes")                                                                       \
    X(2, STAGE2, stage2_start, REAL, "stage 1 has read and verified stage 2, and jumps to it",     \
      "25-stage-2-in-real-mode-what-only-the-bios-knows")                                          \
    X(3, CPU, cpu_require_long_mode, REAL, "ask CPUID whether this CPU has long mode",             \
      "25-stage-2-in-real-mode-what-only-the-bios-knows")                                          \
    X(4, A20, a20_enable, REAL, "open the A20 line, so that odd megabytes exist",                  \
      "25-stage-2-in-real-mode-what-only-the-bios-knows")                                          \
    X(5, MEMORY_ASK, memory_ask, REAL, "ask the BIOS what memory there is, and keep every word",   \
      "25-stage-2-in-real-mode-what-only-the-bios-knows")                                          \
    X(6, LONG_MODE, long_mode_enter, REAL,                                                         \
      "page tables, PAE, EFER.LME, paging: real to long mode", "6-into-long-mode")                 \
    X(7, LOADER, loader_main, LONG, "the first line of C, in 64-bit mode", "713-the-loader-in-c")  \
    X(8, MEMORY_JUDGE, memory_judge, LONG, "judge the answers: which bytes are really RAM",        \
      "713-the-loader-in-c")                                                                       \
    X(9, VOLUME, volume_find, LONG, "find the active partition and its FAT volume",                \
      "713-the-loader-in-c")                                                                       \
    X(10, CONFIG, config_load, LONG, "read coldstart.cfg", "713-the-loader-in-c")                  \
    X(11, KERNEL, kernel_load, LONG, "read, check and place the ELF64 kernel",                     \
      "713-the-loader-in-c")                                                                       \
    X(12, MODULES, modules_load, LONG, "read the modules", "713-the-loader-in-c")                  \
    X(13, VIDEO, video_choose, LONG, "choose text or a framebuffer", "713-the-loader-in-c")        \
    X(14, PAGING, kernel_paging_build, LONG,                                                       \
      "build the kernel's page tables: W^X, guards, no page 0", "1415-the-hand-off")               \
    X(15, HANDOFF, handoff, LONG, "fill boot_info, switch page tables, jump to the kernel",        \
      "1415-the-hand-off")                                                                         \
    X(16, KERNEL_ENTRY, kernel_entry, LONG, "the kernel's first instruction", "16-the-kernel")

enum boot_step {
#define BOOT_STEP_ENUM(number, name, label, mode, text, section) BOOT_STEP_##name = number,
    BOOT_STEP_LIST(BOOT_STEP_ENUM)
#undef BOOT_STEP_ENUM
};
