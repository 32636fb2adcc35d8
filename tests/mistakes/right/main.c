/* SPDX-License-Identifier: MIT
 * The learner's kernel: says what works, and counts the timer's ticks. */
#include "kernel.h"

enum { PD = 0x3000, BUSY_TICKS = 10, LAST_TICK = 20, PRIMES_BELOW = 100, PRIMES = 25 };

void kernel_main(void);
void kernel_idle(void);

static volatile uint64_t ticks;

void tick(void)
{
    ticks++;
}

static void print_number(uint64_t number)
{
    char digits[32] = { 0 };
    unsigned first = sizeof digits - 1;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    print(digits + first);
}

/* The sieve lies on the stack; the timer interrupts it many times. */
static __attribute__((noinline)) unsigned primes(void)
{
    volatile uint8_t crossed[PRIMES_BELOW];
    unsigned count = 0;
    for (unsigned number = 0; number < PRIMES_BELOW; number++)
        crossed[number] = 0;
    for (unsigned number = 2; number < PRIMES_BELOW; number++) {
        if (crossed[number])
            continue;
        count++;
        for (unsigned multiple = 2 * number; multiple < PRIMES_BELOW; multiple += number)
            crossed[multiple] = 1;
    }
    return count;
}

static void recurse(void);
static void (*volatile self)(void) = recurse;

/* Each call takes some of the stack, and none returns. */
static __attribute__((noinline)) void recurse(void)
{
    volatile uint8_t room[1024];
    room[0] = 1;
    (*self)();
    room[0] = 0;
}

void kernel_main(void)
{
    console_start();
    ((volatile uint64_t *)PD)[1] = 0; /* 2 to 4 MiB: the guard below the stack */
    __asm__ volatile("invlpg (%0)" : : "r"(0x200000ul));
    print("kernel\n");
    interrupts_start();
    print("interrupts on\n");
    __asm__ volatile("int3");
    print("breakpoint returned\n");
    *(volatile uint64_t *)0x2000000 = 1;
    print("page mapped when touched\n");
    overflow_try(recurse);
    __asm__ volatile("sti");
    print("stack overflow caught\n");
    while (ticks < BUSY_TICKS) {
        if (primes() != PRIMES) {
            print("wrong number of primes\n");
            for (;;)
                __asm__ volatile("hlt");
        }
    }
    print("primes: ");
    print_number(PRIMES);
    print("\n");
}

/* After each interrupt, when there is nothing else to do. */
void kernel_idle(void)
{
    if (ticks == LAST_TICK) {
        print("right: ");
        print_number(LAST_TICK);
        print(" ticks\n");
    }
}
