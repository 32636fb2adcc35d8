/* SPDX-License-Identifier: MIT
 *
 * Control registers, model-specific registers, CPUID bits and exception
 * vectors of x86-64, by the manual's names. Plain defines, shared with NASM;
 * how they are read and written is the business of whoever includes this.
 * Spec: Intel SDM, volume 3A chapters 2 and 6, volume 2A "CPUID".
 */
#pragma once

#define CR0_PE 0x00000001 /* protected mode */
#define CR0_MP 0x00000002 /* WAIT honours TS */
#define CR0_EM 0x00000004 /* no x87: its instructions raise #NM */
#define CR0_TS 0x00000008 /* x87 and SSE raise #NM until cleared */
#define CR0_ET 0x00000010
#define CR0_NE 0x00000020 /* x87 errors raise #MF, not IRQ 13 */
#define CR0_WP 0x00010000 /* read-only pages bind the kernel too */
#define CR0_AM 0x00040000
#define CR0_NW 0x20000000
#define CR0_CD 0x40000000 /* caches off */
#define CR0_PG 0x80000000 /* paging */

#define CR4_VME        0x00000001
#define CR4_TSD        0x00000004
#define CR4_DE         0x00000008
#define CR4_PSE        0x00000010
#define CR4_PAE        0x00000020 /* 8-byte page table entries; long mode needs it */
#define CR4_MCE        0x00000040 /* machine checks raise #MC, not a shutdown */
#define CR4_PGE        0x00000080 /* global pages */
#define CR4_PCE        0x00000100
#define CR4_OSFXSR     0x00000200
#define CR4_OSXMMEXCPT 0x00000400
#define CR4_UMIP       0x00000800 /* SGDT, SIDT, SLDT, SMSW, STR only in ring 0 */
#define CR4_LA57       0x00001000 /* five levels of page tables */
#define CR4_FSGSBASE   0x00010000
#define CR4_PCIDE      0x00020000
#define CR4_OSXSAVE    0x00040000
#define CR4_SMEP       0x00100000 /* the kernel executes no user page */
#define CR4_SMAP       0x00200000 /* the kernel touches user pages only when it says so */

/* What of CR3 is an address when PCIDs are not in use. */
#define CR3_ADDRESS 0x000FFFFFFFFFF000

#define MSR_APIC_BASE 0x0000001B
#define MSR_EFER      0xC0000080
#define MSR_FS_BASE   0xC0000100
#define MSR_GS_BASE   0xC0000101

#define EFER_SCE 0x001
#define EFER_LME 0x100 /* long mode wanted */
#define EFER_LMA 0x400 /* long mode active */
#define EFER_NXE 0x800 /* page table entries may say no-execute */

#define RFLAGS_CF    0x00000001
#define RFLAGS_FIXED 0x00000002 /* always 1 */
#define RFLAGS_PF    0x00000004
#define RFLAGS_AF    0x00000010
#define RFLAGS_ZF    0x00000040
#define RFLAGS_SF    0x00000080
#define RFLAGS_TF    0x00000100 /* single step */
#define RFLAGS_IF    0x00000200 /* interrupts on */
#define RFLAGS_DF    0x00000400
#define RFLAGS_OF    0x00000800
#define RFLAGS_NT    0x00004000
#define RFLAGS_RF    0x00010000 /* no instruction breakpoint at the next instruction */
#define RFLAGS_AC    0x00040000
#define RFLAGS_ID    0x00200000 /* can be flipped where CPUID exists */

/* Debug registers: which of the four has struck, and why #DB came. */
#define DR6_B0    0x00000001
#define DR6_BD    0x00002000 /* a debug register was touched while guarded */
#define DR6_BS    0x00004000 /* a single step */
#define DR6_CLEAR 0xFFFF0FF0 /* nothing has struck; the bits that are always 1 */

#define DEBUG_REGISTERS 4
#define DR7_L0          0x00000001 /* DR0 is on; 2 bits for each register */
#define DR7_ENABLE_BITS 2
#define DR7_FIXED       0x00000400 /* always 1 */
#define DR7_RW_SHIFT    16         /* what DR0 waits for; 4 bits for each register */
#define DR7_RW_BITS     4
#define DR7_RW_MASK     3
#define DR7_RW_EXECUTE  0
#define DR7_RW_WRITE    1
#define DR7_RW_IO       2
#define DR7_RW_ACCESS   3
#define DR7_LEN0_8      0x00080000 /* DR0 watches 8 bytes */

/* CPUID leaves. */
#define CPUID_VENDOR          0x00000000
#define CPUID_FEATURES        0x00000001
#define CPUID_FEATURES_7      0x00000007
#define CPUID_EXTENDED        0x80000000
#define CPUID_EXTENDED_1      0x80000001
#define CPUID_BRAND_FIRST     0x80000002
#define CPUID_BRAND_LAST      0x80000004
#define CPUID_POWER           0x80000007
#define CPUID_ADDRESS_SIZES   0x80000008
#define CPUID_HYPERVISOR_LEAF 0x40000000

/* Leaf 1, EDX and ECX. */
#define CPUID_1_EDX_FPU        0x00000001
#define CPUID_1_EDX_PSE        0x00000008
#define CPUID_1_EDX_TSC        0x00000010
#define CPUID_1_EDX_MSR        0x00000020
#define CPUID_1_EDX_PAE        0x00000040
#define CPUID_1_EDX_MCE        0x00000080
#define CPUID_1_EDX_APIC       0x00000200
#define CPUID_1_EDX_PGE        0x00002000
#define CPUID_1_EDX_FXSR       0x01000000
#define CPUID_1_EDX_SSE2       0x04000000
#define CPUID_1_ECX_PCID       0x00020000
#define CPUID_1_ECX_X2APIC     0x00200000
#define CPUID_1_ECX_TSC_DEADLN 0x01000000
#define CPUID_1_ECX_XSAVE      0x04000000
#define CPUID_1_ECX_RDRAND     0x40000000
#define CPUID_1_ECX_HYPERVISOR 0x80000000

/* Leaf 1, EAX: which CPU it is. */
#define CPUID_1_EAX_STEPPING(eax)    ((eax)&0xFU)
#define CPUID_1_EAX_MODEL(eax)       (((eax) >> 4) & 0xFU)
#define CPUID_1_EAX_FAMILY(eax)      (((eax) >> 8) & 0xFU)
#define CPUID_1_EAX_MODEL_MORE(eax)  (((eax) >> 16) & 0xFU)
#define CPUID_1_EAX_FAMILY_MORE(eax) (((eax) >> 20) & 0xFFU)
#define CPUID_FAMILY_P6              0x6
#define CPUID_FAMILY_EXTENDED        0xF

/* Leaf 80000008h, EAX; the default is what the first CPUs with long mode had. */
#define CPUID_X8_EAX_PHYSICAL(eax)  ((eax)&0xFFU)
#define CPUID_X8_EAX_VIRTUAL(eax)   (((eax) >> 8) & 0xFFU)
#define CPUID_ADDRESS_SIZES_DEFAULT 0x3024

/* Leaf 7, subleaf 0. */
#define CPUID_7_EBX_FSGSBASE 0x00000001
#define CPUID_7_EBX_SMEP     0x00000080
#define CPUID_7_EBX_ERMS     0x00000200
#define CPUID_7_EBX_RDSEED   0x00040000
#define CPUID_7_EBX_SMAP     0x00100000
#define CPUID_7_ECX_UMIP     0x00000004
#define CPUID_7_ECX_LA57     0x00010000

/* Leaf 80000001h, EDX; leaf 80000007h, EDX. */
#define CPUID_X1_EDX_SYSCALL  0x00000800
#define CPUID_X1_EDX_NX       0x00100000
#define CPUID_X1_EDX_PAGE1GB  0x04000000
#define CPUID_X1_EDX_RDTSCP   0x08000000
#define CPUID_X1_EDX_LM       0x20000000 /* long mode */
#define CPUID_X7_EDX_TSC_INVT 0x00000100 /* the TSC keeps one rate */

/* Exception vectors; 20 and up that are not listed are reserved. */
#define VECTOR_DE         0  /* divide error */
#define VECTOR_DB         1  /* debug */
#define VECTOR_NMI        2  /* non-maskable interrupt */
#define VECTOR_BP         3  /* breakpoint */
#define VECTOR_OF         4  /* overflow */
#define VECTOR_BR         5  /* BOUND range exceeded */
#define VECTOR_UD         6  /* invalid opcode */
#define VECTOR_NM         7  /* no math coprocessor */
#define VECTOR_DF         8  /* double fault */
#define VECTOR_TS         10 /* invalid TSS */
#define VECTOR_NP         11 /* segment not present */
#define VECTOR_SS         12 /* stack-segment fault */
#define VECTOR_GP         13 /* general protection */
#define VECTOR_PF         14 /* page fault */
#define VECTOR_MF         16 /* x87 error */
#define VECTOR_AC         17 /* alignment check */
#define VECTOR_MC         18 /* machine check */
#define VECTOR_XM         19 /* SIMD error */
#define VECTOR_VE         20 /* virtualization exception */
#define VECTOR_CP         21 /* control protection */
#define VECTOR_HV         28 /* hypervisor injection */
#define VECTOR_VC         29 /* VMM communication */
#define VECTOR_SX         30 /* security exception */
#define VECTORS_EXCEPTION 32
#define VECTORS_ALL       256

/* Page-fault error code. */
#define PF_ERROR_P    0x0001 /* 0: not mapped, 1: forbidden */
#define PF_ERROR_W    0x0002
#define PF_ERROR_U    0x0004
#define PF_ERROR_RSVD 0x0008 /* a reserved bit was set in an entry */
#define PF_ERROR_I    0x0010 /* an instruction fetch */
#define PF_ERROR_PK   0x0020
#define PF_ERROR_SS   0x0040
#define PF_ERROR_SGX  0x8000

/* Selector error code. */
#define SELECTOR_ERROR_EXT   0x0001 /* caused from outside the program */
#define SELECTOR_ERROR_IDT   0x0002 /* the index is a gate of the IDT */
#define SELECTOR_ERROR_TI    0x0004 /* the index is in the LDT, else the GDT */
#define SELECTOR_ERROR_INDEX 3      /* first bit of the index */
