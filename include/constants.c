/* SPDX-License-Identifier: MIT
 *
 * The list of C constants, structure sizes and field offsets that NASM gets as
 * `%include "constants.inc"`; base/constant_list.h says how. Whoever needs another
 * one in NASM adds its line here.
 */
#include "base/constant_list.h"
#include "boot/boot_info.h"
#include "boot/disk_layout.h"
#include "boot/kernel_place.h"
#include "boot/low_memory.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "boot/status.h"
#include "boot/steps.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "hw/descriptors.h"
#include "hw/edd.h"
#include "hw/i8042.h"
#include "hw/multiboot2.h"
#include "hw/paging.h"
#include "hw/pc_ports.h"
#include "hw/pvh.h"
#include "hw/uart16550.h"
#include "hw/vga.h"
#include "stage2/real/answers.h"
#include "stage2/real/exchange.h"

#define STEP_CONSTANT(number, name, label, mode, sentence, section) CONSTANT(BOOT_STEP_##name);
#define STATUS_CONSTANT(code, name, sentence)                       CONSTANT(name);

void constants(void);

static void disk_constants(void)
{
    CONSTANT(SECTOR_BYTES);
    CONSTANT(MBR_BPB_OFFSET);
    CONSTANT(MBR_CODE_OFFSET);
    CONSTANT(MBR_CODE_END);
    CONSTANT(MBR_DISK_SIGNATURE);
    CONSTANT(MBR_PARTITION_TABLE);
    CONSTANT(MBR_BOOT_SIGNATURE);
    CONSTANT(STAGE1_PARAMETERS_OFFSET);
    CONSTANT(STAGE2_COPY_A_LBA);
    CONSTANT(STAGE2_COPY_B_LBA);
    CONSTANT(STAGE2_MAX_SECTORS);
    CONSTANT(BOOT_PARTITION_LBA);
}

static void stage1_constants(void)
{
    CONSTANT(STAGE1_EDD_SECTORS);
    CONSTANT(STAGE1_CHS_SECTORS);
    CONSTANT(STAGE1_TRIES);
    CONSTANT(STAGE1_TRACK_MIN);
    CONSTANT(STAGE1_DRIVE_FIRST);
    CONSTANT(STAGE1_DRIVE_MASK);
    CONSTANT(STAGE1_E_BIOS);
    CONSTANT(STAGE1_E_CHECKSUM);
    CONSTANT(STAGE1_E_DISK);
    OFFSET(stage1_parameters, copy_lba);
    OFFSET(stage1_parameters, sectors);
    SIZE(stage1_parameters);
    OFFSET(stage1_state, call_sectors);
    OFFSET(stage1_state, copy_lba);
    OFFSET(stage1_state, retries);
    OFFSET(stage1_state, sectors_per_track);
    OFFSET(stage1_state, heads);
    SIZE(stage1_state);
    OFFSET(stage1_entry, own_sp);
    OFFSET(stage1_entry, cs);
    SIZE(stage1_entry);
    CONSTANT(INT13_GEOMETRY);
    CONSTANT(INT13_EDD_CHECK);
    CONSTANT(EDD_CHECK_IN);
    CONSTANT(EDD_CHECK_OUT);
    CONSTANT(CHS_SECTOR_MASK);
    CONSTANT(EDD_INTERFACE_ACCESS);
    CONSTANT(EDD_INTERFACE_EDD);
    CONSTANT(INT13_E_BAD_COMMAND);
    CONSTANT(INT13_E_SECTOR_NOT_FOUND);
    CONSTANT(INT13_E_DMA_BOUNDARY);
    CONSTANT(INT13_E_CONTROLLER);
    CONSTANT(INT13_E_TIMEOUT);
}

static void low_memory_constants(void)
{
    CONSTANT(LOW_EXCHANGE);
    CONSTANT(LOW_EXCHANGE_BYTES);
    CONSTANT(LOW_REAL_BSS);
    CONSTANT(LOW_REAL_BSS_BYTES);
    CONSTANT(LOW_ANSWERS);
    CONSTANT(LOW_ANSWERS_BYTES);
    CONSTANT(LOW_REAL_STACK);
    CONSTANT(LOW_REAL_STACK_TOP);
    CONSTANT(LOW_STAGE1_ENTRY);
    CONSTANT(LOW_STAGE1);
    CONSTANT(LOW_STAGE1_BYTES);
    CONSTANT(LOW_STAGE2);
    CONSTANT(LOW_STAGE2_BYTES);
    CONSTANT(LOW_STAGE2_BSS);
    CONSTANT(LOW_STAGE2_BSS_BYTES);
    CONSTANT(LOW_PAGE_TABLES);
    CONSTANT(LOW_PAGE_TABLES_BYTES);
    CONSTANT(LOW_STACK);
    CONSTANT(LOW_FAULT_STACK_TOP);
    CONSTANT(LOW_STACK_TOP);
    CONSTANT(LOW_DISK);
    CONSTANT(LOW_DISK_WINDOW_BYTES);
    CONSTANT(LOW_DISK_WINDOWS);
    CONSTANT(LOW_FAT_WINDOW);
    CONSTANT(LOW_FAT_WINDOW_BYTES);
    CONSTANT(LOW_SCRATCH);
    CONSTANT(LOW_SCRATCH_BYTES);
    CONSTANT(LOW_EBDA_FLOOR);
}

static void stage2_header_constants(void)
{
    CONSTANT(STAGE2_MAGIC_0);
    CONSTANT(STAGE2_MAGIC_1);
    CONSTANT(STAGE2_ENTRY_OFFSET);
    SIZE(stage2_header);
    OFFSET(stage2_header, magic);
    OFFSET(stage2_header, bytes);
    OFFSET(stage2_header, build_id);
    OFFSET(stage2_header, balance);
    OFFSET(stage2_header, mbr_code);
}

static void boot_step_constants(void)
{
    BOOT_STEP_LIST(STEP_CONSTANT)
    SIZE(boot_trace_record);
    OFFSET(boot_trace_record, step);
    OFFSET(boot_trace_record, argument);
    OFFSET(boot_trace_record, tsc);
}

static void boot_status_constants(void)
{
    CONSTANT(BOOT_OK);
    BOOT_STATUS_LIST(STATUS_CONSTANT)
}

static void boot_info_constants(void)
{
    CONSTANT(BOOT_INFO_MAGIC);
    CONSTANT(BOOT_PROTOCOL_VERSION);
    CONSTANT(BOOT_DIRECT_MAP_BASE);
    CONSTANT(BOOT_HANDOFF_BASE);
    CONSTANT(BOOT_STACK_BYTES);
    CONSTANT(BOOT_A20_WAS_ON);
    CONSTANT(BOOT_A20_BIOS);
    CONSTANT(BOOT_A20_PORT_92);
    CONSTANT(BOOT_A20_KEYBOARD);
    CONSTANT(BOOT_E820_END_ZERO);
    CONSTANT(BOOT_E820_END_CARRY);
    CONSTANT(BOOT_E820_END_FULL);
    CONSTANT(BOOT_E820_END_REPEAT);
    CONSTANT(BOOT_E820_END_SIGNATURE);
    CONSTANT(BOOT_E820_END_UNSUPPORTED);
    SIZE(boot_info);
    OFFSET(boot_info, magic);
    SIZE(boot_e820_answer);
    OFFSET(boot_e820_answer, base);
    OFFSET(boot_e820_answer, length);
    OFFSET(boot_e820_answer, type);
    OFFSET(boot_e820_answer, attributes);
    OFFSET(boot_e820_answer, returned_eax);
    OFFSET(boot_e820_answer, returned_bytes);
    OFFSET(boot_e820_answer, continuation);
    OFFSET(boot_e820_answer, flags);
}

static void cpu_constants(void)
{
    CONSTANT(CR0_PE);
    CONSTANT(CR0_EM);
    CONSTANT(CR0_TS);
    CONSTANT(CR0_NW);
    CONSTANT(CR0_WP);
    CONSTANT(CR0_CD);
    CONSTANT(CR0_PG);
    CONSTANT(CR4_PAE);
    CONSTANT(CR4_OSFXSR);
    CONSTANT(CR4_LA57);
    CONSTANT(MSR_EFER);
    CONSTANT(EFER_LME);
    CONSTANT(EFER_NXE);
    CONSTANT(RFLAGS_CF);
    CONSTANT(RFLAGS_FIXED);
    CONSTANT(RFLAGS_PF);
    CONSTANT(RFLAGS_AF);
    CONSTANT(RFLAGS_ZF);
    CONSTANT(RFLAGS_SF);
    CONSTANT(RFLAGS_IF);
    CONSTANT(RFLAGS_OF);
    CONSTANT(RFLAGS_ID);
    CONSTANT(CPUID_VENDOR);
    CONSTANT(CPUID_FEATURES);
    CONSTANT(CPUID_EXTENDED);
    CONSTANT(CPUID_EXTENDED_1);
    CONSTANT(CPUID_1_EDX_TSC);
    CONSTANT(CPUID_X1_EDX_NX);
    CONSTANT(CPUID_X1_EDX_LM);
    CONSTANT(VECTORS_EXCEPTION);
    CONSTANT(VECTOR_NMI);
    CONSTANT(PAGE_BYTES);
    CONSTANT(TABLE_ENTRIES);
    CONSTANT(PTE_P);
    CONSTANT(PTE_RW);
    CONSTANT(PTE_PS);
}

static void foreign_constants(void)
{
    CONSTANT(KERNEL_BASE);
    CONSTANT(KERNEL_PHYS);
    CONSTANT(MULTIBOOT2_HEADER_MAGIC);
    CONSTANT(MULTIBOOT2_HEADER_ALIGN);
    CONSTANT(MULTIBOOT2_ARCHITECTURE_I386);
    CONSTANT(MULTIBOOT2_HEADER_END);
    CONSTANT(MULTIBOOT2_HEADER_INFORMATION);
    CONSTANT(MULTIBOOT2_HEADER_ENTRY);
    CONSTANT(MULTIBOOT2_HEADER_CONSOLE);
    CONSTANT(MULTIBOOT2_HEADER_FRAMEBUFFER);
    CONSTANT(MULTIBOOT2_HEADER_MODULE_ALIGN);
    CONSTANT(MULTIBOOT2_HEADER_OPTIONAL);
    CONSTANT(MULTIBOOT2_CONSOLE_TEXT);
    CONSTANT(MULTIBOOT2_LOADER_MAGIC);
    CONSTANT(MULTIBOOT2_TAG_MEMORY_MAP);
    CONSTANT(XEN_ELFNOTE_PHYS32_ENTRY);
}

static void port_constants(void)
{
    CONSTANT(PORT_POST);
    CONSTANT(PORT_SYSTEM_A);
    CONSTANT(PORT_NMI_STATUS);
    CONSTANT(NMI_STATUS_PARITY);
    CONSTANT(NMI_STATUS_IOCHK);
    CONSTANT(SYSTEM_A_RESET);
    CONSTANT(SYSTEM_A_A20);
    CONSTANT(PORT_ABSENT);
    CONSTANT(PORT_DEBUG_CONSOLE);
    CONSTANT(I8042_DATA);
    CONSTANT(I8042_STATUS);
    CONSTANT(I8042_COMMAND);
    CONSTANT(I8042_STATUS_OUTPUT);
    CONSTANT(I8042_STATUS_INPUT);
    CONSTANT(I8042_ABSENT);
    CONSTANT(I8042_WRITE_OUTPUT);
    CONSTANT(I8042_NULL);
    CONSTANT(I8042_OUTPUT_A20_ON);
    CONSTANT(I8042_PULSE_RESET);
    CONSTANT(UART_COM1);
    CONSTANT(UART_DATA);
    CONSTANT(UART_IER);
    CONSTANT(UART_FCR);
    CONSTANT(UART_LCR);
    CONSTANT(UART_MCR);
    CONSTANT(UART_LSR);
    CONSTANT(UART_SCRATCH);
    CONSTANT(UART_LCR_8N1);
    CONSTANT(UART_LCR_DLAB);
    CONSTANT(UART_FCR_ENABLE);
    CONSTANT(UART_MCR_DTR);
    CONSTANT(UART_MCR_RTS);
    CONSTANT(UART_LSR_THRE);
    CONSTANT(VGA_TEXT_PHYS);
    CONSTANT(VGA_LIGHT_GREY);
    CONSTANT(UART_DIVISOR_115200);
}

static void bios_constants(void)
{
    CONSTANT(INT_VIDEO);
    CONSTANT(INT_MEMORY_SIZE);
    CONSTANT(INT_SYSTEM);
    CONSTANT(INT_KEYBOARD);
    CONSTANT(INT_NO_BOOT);
    CONSTANT(INT10_TELETYPE);
    CONSTANT(TELETYPE_COLOUR);
    CONSTANT(INT15_A20_ON);
    CONSTANT(INT15_E801);
    CONSTANT(INT15_EXTENDED);
    CONSTANT(INT15_E820);
    CONSTANT(E820_SIGNATURE);
    CONSTANT(E820_BYTES);
    CONSTANT(E820_BYTES_EXTENDED);
    CONSTANT(INT16_READ);
    CONSTANT(INT16_PEEK);
    CONSTANT(BDA_EBDA_SEGMENT);
    CONSTANT(BDA_ACTIVE_PAGE);
    CONSTANT(BDA_TICKS);
    CONSTANT(BIOS_TICKS_30_S);
}

static void descriptor_constants(void)
{
    CONSTANT(DESCRIPTOR_CODE64);
    CONSTANT(DESCRIPTOR_CODE32);
    CONSTANT(DESCRIPTOR_DATA);
    CONSTANT(DESCRIPTOR_CODE16);
    CONSTANT(DESCRIPTOR_DATA16);
    CONSTANT(DESCRIPTOR_PRESENT);
    CONSTANT(DESCRIPTOR_TSS);
    CONSTANT(GATE_INTERRUPT_16);
    CONSTANT(GATE_INTERRUPT);
    SIZE(system_descriptor);
    OFFSET(system_descriptor, type);
    SIZE(gate_descriptor);
    SIZE(task_state);
    OFFSET(task_state, ist);
    OFFSET(task_state, io_map);
}

static void memory_answers_constants(void)
{
    CONSTANT(MEMORY_ANSWERS_MAX);
    SIZE(memory_answers);
    OFFSET(memory_answers, e820_count);
    OFFSET(memory_answers, e820_end);
    OFFSET(memory_answers, e801_ax);
    OFFSET(memory_answers, e801_bx);
    OFFSET(memory_answers, e801_cx);
    OFFSET(memory_answers, e801_dx);
    OFFSET(memory_answers, e801_flags);
    OFFSET(memory_answers, int88_ax);
    OFFSET(memory_answers, int88_flags);
    OFFSET(memory_answers, int12_ax);
    OFFSET(memory_answers, ebda_segment);
    OFFSET(memory_answers, e820_asked);
    OFFSET(memory_answers, e820);
}

static void exchange_constants(void)
{
    CONSTANT(CONSOLE_SCREEN);
    CONSTANT(CONSOLE_SERIAL);
    CONSTANT(CONSOLE_E9);
    CONSTANT(EXCHANGE_TRACE_MAX);
    CONSTANT(EXCHANGE_TEXT_BYTES);
    SIZE(exchange);
    OFFSET(exchange, drive);
    OFFSET(exchange, a20_method);
    OFFSET(exchange, cpu_has_tsc);
    OFFSET(exchange, cpu_has_nx);
    OFFSET(exchange, console);
    OFFSET(exchange, nmis);
    OFFSET(exchange, trace_count);
    OFFSET(exchange, trips);
    OFFSET(exchange, a20_bios_ax);
    OFFSET(exchange, a20_bios_flags);
    OFFSET(exchange, trace);
    OFFSET(exchange, registers);
    OFFSET(exchange, disk);
    OFFSET(exchange, text_bytes);
    OFFSET(exchange, text);
}

static void bios_call_constants(void)
{
    SIZE(bios_registers);
    OFFSET(bios_registers, eax);
    OFFSET(bios_registers, ebx);
    OFFSET(bios_registers, ecx);
    OFFSET(bios_registers, edx);
    OFFSET(bios_registers, esi);
    OFFSET(bios_registers, edi);
    OFFSET(bios_registers, ebp);
    OFFSET(bios_registers, ds);
    OFFSET(bios_registers, es);
    OFFSET(bios_registers, flags);
    CONSTANT(INT13);
    CONSTANT(INT13_RESET);
    CONSTANT(INT13_READ_CHS);
    CONSTANT(INT13_EDD_READ);
    SIZE(edd_packet);
    OFFSET(edd_packet, size);
    OFFSET(edd_packet, count);
    OFFSET(edd_packet, offset);
    OFFSET(edd_packet, segment);
    CONSTANT(DISK_READ_EDD);
    CONSTANT(DISK_RESET);
    OFFSET(disk_batch, count);
    OFFSET(disk_batch, made);
    OFFSET(disk_batch, drive);
    OFFSET(disk_batch, request);
    SIZE(disk_request);
    OFFSET(disk_request, kind);
    OFFSET(disk_request, chs_dh);
    OFFSET(disk_request, chs_cx);
    OFFSET(disk_request, status);
    OFFSET(disk_request, carry);
    OFFSET(disk_request, moved);
}

void constants(void)
{
    disk_constants();
    stage1_constants();
    low_memory_constants();
    stage2_header_constants();
    boot_step_constants();
    boot_status_constants();
    boot_info_constants();
    cpu_constants();
    foreign_constants();
    port_constants();
    bios_constants();
    descriptor_constants();
    memory_answers_constants();
    exchange_constants();
    bios_call_constants();
}
