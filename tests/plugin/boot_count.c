/* SPDX-License-Identifier: MIT
 *
 * Count the guest instructions of a boot: a QEMU TCG plugin. It counts what runs
 * outside the firmware (A0000h-FFFFFh: SMRAM and the ROMs) from the first byte of
 * the boot sector to a stop address, and notes the count at each mark on the way.
 * It does not look at registers or memory, and knows one CPU only.
 *
 *   -plugin boot_count.so,out=FILE,stop=HEX[,mark=NAME:HEX ...][,call=NAME:HEX ...]
 *           [,start=HEX][,count=off][,quit=on]
 *
 * start  where counting begins, 7C00 when not given; its first execution counts
 * stop   where it ends; the report is written then, or at exit when never reached
 * mark   a boundary: its first execution after start begins the phase NAME
 * call   an address whose executions are counted, in the firmware or not
 * count  off: no counters, so that the host's clock sees an undisturbed boot
 * quit   on: leave QEMU at the stop address
 *
 * What counts, and how, is outside.c's.
 *
 * Spec: QEMU documentation, "QEMU TCG Plugins", API version 1.
 */
#define _GNU_SOURCE
#include "arguments.h"
#include "outside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BOOT_SECTOR        0x7C00
#define MARKS_MAX          256
#define CALLS_MAX          4
#define NAME_BYTES         32
#define NANOSECONDS_PER_S  1000000000ull
#define EXIT_STATUS_PASSED 0
#define EXIT_STATUS_OUTPUT 3

/* One boundary; from `total` on, readings at its first execution. */
struct mark {
    char name[NAME_BYTES];
    uint64_t address;
    uint64_t total; /* instructions */
    uint64_t time;  /* nanoseconds of the host's clock */
    uint64_t work;  /* nanoseconds that this process was really running */
    uint64_t calls[CALLS_MAX];
    bool hit;
};

struct call {
    char name[NAME_BYTES];
    uint64_t address;
    uint64_t executions;
};

int qemu_plugin_version = PLUGIN_API_VERSION;

static struct mark start = { .name = "start", .address = BOOT_SECTOR };
static struct mark stop = { .name = "stop" };
static struct mark marks[MARKS_MAX];
static size_t mark_count;
static struct call calls[CALLS_MAX];
static size_t call_count;
static uint64_t executed; /* instructions outside the firmware since power-on */
static const char *out_path;
static bool counting = true;
static bool quit_at_stop;
static bool reported;

static uint64_t nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS_PER_S + (uint64_t)now.tv_nsec;
}

static void report_mark(FILE *out, const struct mark *mark)
{
    if (!mark->hit) {
        fprintf(out, "missed %s %" PRIx64 "\n", mark->name, mark->address);
        return;
    }
    fprintf(out, "mark %s %" PRIx64 " instructions %" PRIu64, mark->name, mark->address,
            mark->total - start.total);
    fprintf(out, " nanoseconds %" PRIu64 " work %" PRIu64, mark->time - start.time,
            mark->work - start.work);
    for (size_t i = 0; i < call_count; i++)
        fprintf(out, " %s %" PRIu64, calls[i].name, mark->calls[i] - start.calls[i]);
    fputc('\n', out);
}

/* Once: at the stop address, or at exit. */
static void report(void)
{
    if (reported)
        return;
    reported = true;
    FILE *out = fopen(out_path, "w");
    if (out == NULL) {
        perror(out_path);
        _exit(EXIT_STATUS_OUTPUT);
    }
    report_mark(out, &start);
    for (size_t i = 0; i < mark_count; i++)
        report_mark(out, &marks[i]);
    report_mark(out, &stop);
    fclose(out);
}

static void take_reading(struct mark *mark)
{
    if (mark->hit || (mark != &start && !start.hit) || stop.hit)
        return;
    mark->time = nanoseconds(CLOCK_MONOTONIC);
    mark->work = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    mark->total = executed;
    for (size_t i = 0; i < call_count; i++)
        mark->calls[i] = calls[i].executions;
    mark->hit = true;
}

static void reach_mark(unsigned int vcpu, void *mark)
{
    (void)vcpu;
    take_reading(mark);
    if (!stop.hit)
        return;
    report();
    if (quit_at_stop)
        _exit(EXIT_STATUS_PASSED);
}

/* The callback is registered first, so a reading excludes the instruction it stands on. */
static void translate_instruction(struct qemu_plugin_insn *insn)
{
    const uint64_t address = qemu_plugin_insn_vaddr(insn);
    if (address == start.address)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, reach_mark, QEMU_PLUGIN_CB_NO_REGS, &start);
    if (address == stop.address)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, reach_mark, QEMU_PLUGIN_CB_NO_REGS, &stop);
    for (size_t i = 0; i < mark_count; i++)
        if (address == marks[i].address)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, reach_mark, QEMU_PLUGIN_CB_NO_REGS,
                                                   &marks[i]);
    if (!counting)
        return;
    for (size_t i = 0; i < call_count; i++)
        if (address == calls[i].address)
            qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
                                                       &calls[i].executions, 1);
    outside_count(insn, &executed);
}

static void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    const size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; i++)
        translate_instruction(qemu_plugin_tb_get_insn(block, i));
}

static void leave(qemu_plugin_id_t id, void *user)
{
    (void)id;
    (void)user;
    report();
}

/* NAME:HEX into the two; false when it is not that. */
static bool parse_place(const char *text, char name[NAME_BYTES], uint64_t *address)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text || colon - text >= NAME_BYTES)
        return false;
    memcpy(name, text, (size_t)(colon - text));
    name[colon - text] = '\0';
    char *end;
    *address = strtoull(colon + 1, &end, 16);
    return end != colon + 1 && *end == '\0';
}

static bool parse_argument(const char *key, const char *value)
{
    if (strcmp(key, "out") == 0)
        return (out_path = strdup(value)) != NULL;
    if (strcmp(key, "start") == 0)
        return (start.address = strtoull(value, NULL, 16)) != 0;
    if (strcmp(key, "stop") == 0)
        return (stop.address = strtoull(value, NULL, 16)) != 0;
    if (strcmp(key, "count") == 0)
        return (counting = strcmp(value, "off") != 0) || true;
    if (strcmp(key, "quit") == 0)
        return (quit_at_stop = strcmp(value, "on") == 0) || true;
    if (strcmp(key, "mark") == 0 && mark_count < MARKS_MAX)
        return parse_place(value, marks[mark_count].name, &marks[mark_count].address) &&
               ++mark_count != 0;
    if (strcmp(key, "call") == 0 && call_count < CALLS_MAX)
        return parse_place(value, calls[call_count].name, &calls[call_count].address) &&
               ++call_count != 0;
    return false;
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *machine, int count, char **arguments)
{
    (void)machine;
    if (!arguments_read("boot_count", count, arguments, parse_argument))
        return -1;
    if (out_path == NULL || stop.address == 0) {
        fprintf(stderr, "boot_count: out= and stop= are needed\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
    qemu_plugin_register_atexit_cb(id, leave, NULL);
    return 0;
}
