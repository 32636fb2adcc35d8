/* SPDX-License-Identifier: MIT
 *
 * Tell a recorder what a boot does outside the firmware: a QEMU TCG plugin. The
 * count of instructions is where another program can read it at any moment; what
 * only the CPU's instructions show goes into QEMU's log, in order with QEMU's own
 * trace events, a line each:
 *
 *   watch port ADDRESS    an IN or OUT (INS, OUTS) begins
 *   watch call ADDRESS    the INT, or the far jump, there has led into the firmware
 *   watch clock ADDRESS   there is a RDTSC or RDTSCP, which is about to run for the first time
 *   watch pass ADDRESS    one of the given addresses runs for the first time
 *   watch enter ADDRESS   a routine that was called runs for the first time
 *
 *   -plugin boot_watch.so,count=FILE[,pass=FILE][,enter=on] -d plugin -D LOG
 *
 * count  a file of at least eight bytes; the count is its first eight, little-endian
 * pass   a file of addresses, hexadecimal, one a line
 * enter  on: the enter lines, for code that has no symbols
 *
 * It does not look at registers or memory, and knows one CPU only.
 * Spec: QEMU documentation, "QEMU TCG Plugins", API version 1; Intel SDM, volume
 * 2A, section 2.1 "Instruction format".
 */
#include "arguments.h"
#include "outside.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LINE_BYTES  64
#define REAL_REACH  0x110000 /* no real-mode code lies higher */
#define BOOT_SECTOR 0x7C00
#define SET_SLOTS   65536
/* Knuth, The Art of Computer Programming, section 6.4: multiplicative hashing. */
#define HASH_FACTOR 0x9E3779B97F4A7C15
#define HASH_SHIFT  48

enum op { OP_OTHER, OP_PORT, OP_INT, OP_FAR_JUMP, OP_CALL, OP_CLOCK };

int qemu_plugin_version = PLUGIN_API_VERSION;

static uint64_t *executed; /* in the file */
static uint64_t leaving;   /* the INT or far jump that ran last, and nothing since; else 0 */
static bool called;        /* a near or far call ran last, and nothing since */
static bool booted;        /* the boot sector runs, or has run */
static bool watching_enters;

/* Addresses, hashed. A full set has everything; address 0 is never in one. */
struct address_set {
    uint64_t slots[SET_SLOTS];
};

static struct address_set wanted, passed, entered, clocks;

static void say(const char *what, uint64_t address)
{
    char line[LINE_BYTES];
    snprintf(line, sizeof(line), "watch %s %" PRIx64 "\n", what, address);
    qemu_plugin_outs(line);
}

/* Where an address is, or would be put; NULL when there is no room. */
static uint64_t *set_slot(struct address_set *set, uint64_t address)
{
    for (uint64_t i = 0, at = address * HASH_FACTOR >> HASH_SHIFT; i < SET_SLOTS; i++, at++) {
        uint64_t *const slot = &set->slots[at % SET_SLOTS];
        if (*slot == address || *slot == 0)
            return slot;
    }
    return NULL;
}

static bool set_has(struct address_set *set, uint64_t address)
{
    const uint64_t *const slot = set_slot(set, address);
    return slot == NULL || *slot == address;
}

/* Whether an address is new, and that it no longer is. */
static bool set_add(struct address_set *set, uint64_t address)
{
    if (set_has(set, address))
        return false;
    *set_slot(set, address) = address;
    return true;
}

/* ModRM's middle bits: which of an opcode's group. */
static unsigned group_of(const uint8_t *code, size_t bytes)
{
    return bytes == 0 ? 0 : code[0] >> 3 & 7;
}

static bool is_prefix(uint8_t byte)
{
    switch (byte) {
    case 0x26:
    case 0x2E:
    case 0x36:
    case 0x3E: /* segments */
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67:
    case 0xF0:
    case 0xF2:
    case 0xF3:
        return true;
    default:
        return false;
    }
}

static enum op op_of(const uint8_t *code, size_t bytes)
{
    while (bytes > 1 && (is_prefix(code[0]))) {
        code++;
        bytes--;
    }
    switch (code[0]) {
    case 0x6C:
    case 0x6D:
    case 0x6E:
    case 0x6F: /* INS, OUTS */
    case 0xE4:
    case 0xE5:
    case 0xE6:
    case 0xE7: /* IN, OUT with a constant */
    case 0xEC:
    case 0xED:
    case 0xEE:
    case 0xEF:
        return OP_PORT;
    case 0xCD:
        return OP_INT;
    case 0xEA:
        return OP_FAR_JUMP;
    case 0xE8:
    case 0x9A:
        return OP_CALL;
    case 0xFF:
        switch (group_of(code + 1, bytes - 1)) {
        case 2:
        case 3:
            return OP_CALL;
        case 5:
            return OP_FAR_JUMP;
        default:
            return OP_OTHER;
        }
    case 0x0F:
        if (bytes == 2 && code[1] == 0x31)
            return OP_CLOCK;
        return bytes == 3 && code[1] == 0x01 && code[2] == 0xF9 ? OP_CLOCK : OP_OTHER;
    default:
        return OP_OTHER;
    }
}

static void run_port(unsigned int vcpu, void *address)
{
    (void)vcpu;
    if (booted)
        say("port", (uintptr_t)address);
}

static void run_leave(unsigned int vcpu, void *address)
{
    (void)vcpu;
    leaving = (uintptr_t)address;
}

static void run_call(unsigned int vcpu, void *address)
{
    (void)vcpu;
    (void)address;
    called = true;
}

static void run_clock(unsigned int vcpu, void *address)
{
    (void)vcpu;
    if (booted && set_add(&clocks, (uintptr_t)address))
        say("clock", (uintptr_t)address);
}

static void run_wanted(unsigned int vcpu, void *address)
{
    (void)vcpu;
    if (booted && set_add(&passed, (uintptr_t)address))
        say("pass", (uintptr_t)address);
}

/* What was left by the instruction before is in the firmware now. */
static void run_firmware(unsigned int vcpu, void *address)
{
    (void)vcpu;
    (void)address;
    if (leaving != 0 && booted)
        say("call", leaving);
    leaving = 0;
    called = false;
}

static void run_outside(unsigned int vcpu, void *address)
{
    (void)vcpu;
    leaving = 0;
    booted = booted || (uintptr_t)address == BOOT_SECTOR;
    if (called && booted && watching_enters && set_add(&entered, (uintptr_t)address))
        say("enter", (uintptr_t)address);
    called = false;
}

static void watch(struct qemu_plugin_insn *insn, void (*run)(unsigned int, void *))
{
    qemu_plugin_register_vcpu_insn_exec_cb(insn, run, QEMU_PLUGIN_CB_NO_REGS,
                                           (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn));
}

static void translate_instruction(struct qemu_plugin_insn *insn)
{
    const uint64_t address = qemu_plugin_insn_vaddr(insn);
    if (!outside_firmware(address))
        return;
    outside_count(insn, executed);
    if (set_has(&wanted, address))
        watch(insn, run_wanted);
    switch (op_of(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn))) {
    case OP_PORT:
        watch(insn, run_port);
        break;
    case OP_INT:
    case OP_FAR_JUMP:
        if (address < REAL_REACH)
            watch(insn, run_leave);
        break;
    case OP_CALL:
        watch(insn, run_call);
        break;
    case OP_CLOCK:
        watch(insn, run_clock);
        break;
    case OP_OTHER:
        break;
    }
}

static void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    const uint64_t address = qemu_plugin_tb_vaddr(block);
    qemu_plugin_register_vcpu_tb_exec_cb(block,
                                         outside_firmware(address) ? run_outside : run_firmware,
                                         QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)address);
    const size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; i++)
        translate_instruction(qemu_plugin_tb_get_insn(block, i));
}

static bool map_count(const char *path)
{
    const int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return false;
    executed = mmap(NULL, sizeof(*executed), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return executed != MAP_FAILED;
}

static bool read_wanted(const char *path)
{
    FILE *const file = fopen(path, "r");
    uint64_t address;
    if (file == NULL)
        return false;
    while (fscanf(file, "%" SCNx64, &address) == 1)
        set_add(&wanted, address);
    return fclose(file) == 0;
}

static bool take_argument(const char *key, const char *value)
{
    if (strcmp(key, "count") == 0)
        return map_count(value);
    if (strcmp(key, "pass") == 0)
        return read_wanted(value);
    if (strcmp(key, "enter") == 0)
        return (watching_enters = strcmp(value, "on") == 0) || true;
    return false;
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *machine, int count, char **arguments)
{
    (void)machine;
    if (!arguments_read("boot_watch", count, arguments, take_argument))
        return -1;
    if (executed == NULL) {
        fprintf(stderr, "boot_watch: count=FILE is needed\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
    return 0;
}
