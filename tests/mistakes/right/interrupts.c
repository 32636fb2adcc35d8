/* SPDX-License-Identifier: MIT
 * Descriptor tables, the interrupt controller, the timer, and what is done with each interrupt. */
#include "kernel.h"

enum { CODE = 0x18, TSS = 0x20 }; /* the boot sector's GDT has the same code selector */
enum { BREAKPOINT = 3, DOUBLE_FAULT = 8, PAGE_FAULT = 14, TIMER = 32, VECTORS = 33 };
enum { PIC1 = 0x20, PIC2 = 0xA0, EOI = 0x20, PIT = 0x40, TICKS_A_SECOND = 100 };
enum { PD = 0x3000, PAGE = 0x200000, PAGES_AT_BOOT = 3, DEMAND_LIMIT = 0x40000000 };

struct pointer {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

struct tss {
    uint32_t reserved;
    uint64_t rsp[3];
    uint64_t reserved2;
    uint64_t ist[7];
    uint8_t rest[12];
} __attribute__((packed));

static uint8_t fault_stack[16384] __attribute__((aligned(16)));
static struct tss tss;
static uint64_t gdt[6] = { 0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF, 0x00AF9A000000FFFF, 0, 0 };

/* One entry of the IDT. */
struct gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist;
    uint8_t type;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};

static struct gate idt[VECTORS];

static void gate_set(int vector, uint64_t offset)
{
    idt[vector].offset_low = (uint16_t)offset;
    idt[vector].selector = CODE;
    idt[vector].type = 0x8E; /* present, interrupt gate */
    idt[vector].offset_middle = (uint16_t)(offset >> 16);
    idt[vector].offset_high = (uint32_t)(offset >> 32);
}

static void gdt_load(void)
{
    const uint64_t base = (uint64_t)&tss;
    const uint64_t limit = sizeof tss - 1;
    tss.ist[0] = (uint64_t)(fault_stack + sizeof fault_stack);
    gdt[4] = limit | (base & 0xFFFFFF) << 16 | 0x89ull << 40 | (base >> 24 & 0xFF) << 56;
    gdt[5] = base >> 32;
    const struct pointer pointer = { sizeof gdt - 1, (uint64_t)gdt };
    __asm__ volatile("lgdt %0" : : "m"(pointer));
    __asm__ volatile("ltr %w0" : : "r"(TSS));
}

static void idt_load(void)
{
    for (int vector = 0; vector < VECTORS; vector++)
        gate_set(vector, (uint64_t)stubs[vector]);
    idt[DOUBLE_FAULT].ist = 1;
    const struct pointer pointer = { sizeof idt - 1, (uint64_t)idt };
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

/* IRQ 0 to 15 become vectors 32 to 47; only the timer is let through. */
static void pic_remap(void)
{
    outb(PIC1, 0x11);
    outb(PIC2, 0x11);
    outb(PIC1 + 1, TIMER);
    outb(PIC2 + 1, TIMER + 8);
    outb(PIC1 + 1, 4);
    outb(PIC2 + 1, 2);
    outb(PIC1 + 1, 1);
    outb(PIC2 + 1, 1);
}

static void timer_start(void)
{
    const unsigned divisor = 1193182 / TICKS_A_SECOND;
    outb(PIT + 3, 0x34);
    outb(PIT, divisor & 0xFF);
    outb(PIT, divisor >> 8);
    outb(PIC1 + 1, 0xFE);
    outb(PIC2 + 1, 0xFF);
}

void interrupts_start(void)
{
    gdt_load();
    idt_load();
    pic_remap();
    timer_start();
    __asm__ volatile("sti");
}

static _Noreturn void panic(const struct frame *frame)
{
    print("exception ");
    print_hex(frame->vector);
    print(" code ");
    print_hex(frame->code);
    print(" at ");
    print_hex(frame->rip);
    print("\n");
    for (;;)
        __asm__ volatile("hlt");
}

/* Memory below 1 GiB is mapped when it is first touched; the guard below the stack never. */
static void page_fault(const struct frame *frame)
{
    uint64_t address;
    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    if (address >= DEMAND_LIMIT || address < PAGES_AT_BOOT * PAGE)
        panic(frame);
    ((volatile uint64_t *)PD)[address / PAGE] = (address & ~(PAGE - 1ull)) | 0x83;
}

void interrupt(struct frame *frame)
{
    switch (frame->vector) {
    case BREAKPOINT:
        return;
    case PAGE_FAULT:
        page_fault(frame);
        return;
    case DOUBLE_FAULT:
        if (!overflow_stack)
            panic(frame);
        overflow_leave();
    case TIMER:
        tick();
        outb(PIC1, EOI);
        return;
    default:
        panic(frame);
    }
}
