/* SPDX-License-Identifier: MIT
 * What the learner's kernel is made of. */
#pragma once

#include <stdint.h>

/* What `all_interrupts` in entry.asm leaves on the stack. */
struct frame {
    uint64_t r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax;
    uint64_t vector, code;
    uint64_t rip, cs, rflags, rsp, ss;
};

static inline void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

void interrupts_start(void);
void interrupt(struct frame *frame);

void tick(void);

void console_start(void);
void print(const char *text);
void print_hex(uint64_t number);

/* entry.asm */
extern void (*const stubs[33])(void);
extern uint64_t overflow_stack;
void overflow_try(void (*function)(void));
_Noreturn void overflow_leave(void);
