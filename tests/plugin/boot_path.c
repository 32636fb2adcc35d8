/* SPDX-License-Identifier: MIT
 *
 * Write down the way that a boot takes: a QEMU TCG plugin. From the first byte of the boot sector on it
 * notes each instruction outside the firmware in order, who wrote each byte of memory last, and what
 * each instruction read and wrote. Everything is in one file that the reader maps while the machine
 * runs or after; tools/see/explain/path.py has the same layout. It knows one CPU only.
 *
 *   -plugin boot_path.so,out=FILE[,also=HEX ...][,new=N][,guest=N][,total=N][,halts=N]
 *
 * also   an address in the firmware whose instruction is noted all the same
 * new    the end: so many instructions after the last one that had never run before
 * guest  the end: so many instructions outside the firmware, at most 64 Mi
 * total  the end: so many instructions, the firmware included
 * halts  the end: so many HLT instructions without anything new
 *
 * It is also the end when the CPU runs through zeros, and when there is no room for more.
 *
 * At the end nothing more is noted, and the machine is held back until the reader
 * stops it. All iterations of a `rep` instruction are one step.
 *
 * Spec: QEMU documentation, "QEMU TCG Plugins", API version 1.
 */
#define _GNU_SOURCE
#include "arguments.h"
#include "outside.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BOOT_SECTOR    0x7C00
#define PLACES         (1u << 16)
#define HASH_SLOTS     (1u << 18)
#define STEPS          (1u << 26) /* a longer way is not followed */
#define MEMORY_BYTES   (1u << 24) /* the part of RAM whose writers are known */
#define CODE_BYTES     16
#define ALSO_MAX       16
#define FIRMWARE_WROTE (PLACES + 1)
#define OPCODE_HLT     0xF4
#define MOST_ZEROS     256 /* instructions 00 00, one after the other: no program has them */
#define HOLD_BACK_US   1000

enum end { END_NOT_YET, END_NOTHING_NEW, END_GUEST, END_TOTAL, END_HALTS, END_FULL, END_ZEROS };

/* One instruction at one address; the same address with other bytes is another. */
struct place {
    uint64_t address; /* linear */
    uint8_t code[CODE_BYTES];
    uint64_t size;
    uint64_t executions;
    uint64_t first_step;
    uint64_t last_step;
    uint64_t reads;
    uint64_t first_read; /* physical */
    uint64_t last_read;
    uint64_t blank_reads; /* of bytes that nothing had written */
    uint64_t first_blank;
    uint64_t writes;
    uint64_t first_write;
    uint64_t last_write;
    uint64_t last_write_bytes;
    uint64_t repeats; /* it has a REP prefix */
};

struct writer {
    uint32_t place; /* number + 1, FIRMWARE_WROTE, or 0: nobody */
    uint32_t step;
};

struct path {
    uint64_t started;
    uint64_t end;
    uint64_t place_count;
    uint64_t steps; /* noted so far */
    uint64_t total; /* instructions, the firmware included */
    uint64_t newest_step;
    uint64_t halts;  /* since something was new */
    uint64_t asleep; /* times that the CPU went to sleep */
    uint64_t unused[8];
    struct place places[PLACES];
    uint32_t way[STEPS]; /* place numbers */
    struct writer memory[MEMORY_BYTES];
};

int qemu_plugin_version = PLUGIN_API_VERSION;

static struct path *path;
static uint32_t hash_slots[HASH_SLOTS]; /* a place's number + 1 */
static uint64_t also[ALSO_MAX];
static size_t also_count;
static uint64_t most_new = UINT64_MAX;
static uint64_t most_guest = UINT64_MAX;
static uint64_t most_total = UINT64_MAX;
static uint64_t most_halts = UINT64_MAX;
static const struct place *previous;
static uint64_t zeros;

static bool is_noted(uint64_t address)
{
    if (outside_firmware(address))
        return true;
    for (size_t i = 0; i < also_count; i++)
        if (also[i] == address)
            return true;
    return false;
}

static bool running(void)
{
    if (path->end == END_NOT_YET)
        return path->started != 0;
    usleep(HOLD_BACK_US);
    return false;
}

static void end_when(bool reached, enum end end)
{
    if (reached)
        path->end = end;
}

static void note_step(unsigned int vcpu, void *user)
{
    struct place *place = user;
    (void)vcpu;
    if (place->address == BOOT_SECTOR)
        path->started = 1;
    if (!running())
        return;
    if (place->repeats && place == previous) {
        place->executions++;
        return;
    }
    const uint64_t step = path->steps;
    path->way[step] = (uint32_t)(place - path->places);
    if (place->executions++ == 0) {
        place->first_step = step;
        path->newest_step = step;
        path->halts = 0;
    }
    place->last_step = step;
    previous = place;
    if (place->code[0] == OPCODE_HLT)
        path->halts++;
    zeros = place->code[0] == 0 && place->code[1] == 0 ? zeros + 1 : 0;
    path->steps = step + 1;
    end_when(zeros > MOST_ZEROS, END_ZEROS);
    end_when(step - path->newest_step > most_new, END_NOTHING_NEW);
    end_when(step > most_guest || path->steps == STEPS, END_GUEST);
    end_when(path->halts > most_halts, END_HALTS);
}

/* Physical address of an access to RAM that we follow, or MEMORY_BYTES. */
static uint64_t followed(uint32_t info, uint64_t address)
{
    struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, address);
    if (where == NULL || qemu_plugin_hwaddr_is_io(where))
        return MEMORY_BYTES;
    const uint64_t phys = qemu_plugin_hwaddr_phys_addr(where);
    return phys < MEMORY_BYTES ? phys : MEMORY_BYTES;
}

static void note_write(struct place *place, uint64_t phys, uint64_t bytes)
{
    for (uint64_t at = phys; at < phys + bytes && at < MEMORY_BYTES; at++) {
        path->memory[at].place = place ? (uint32_t)(place - path->places) + 1 : FIRMWARE_WROTE;
        path->memory[at].step = (uint32_t)path->steps;
    }
    if (place == NULL)
        return;
    if (place->writes++ == 0)
        place->first_write = phys;
    place->last_write = phys;
    place->last_write_bytes = bytes;
}

static void note_read(struct place *place, uint64_t phys)
{
    if (place->reads++ == 0)
        place->first_read = phys;
    place->last_read = phys;
    if (phys < MEMORY_BYTES && path->memory[phys].place == 0 && place->blank_reads++ == 0)
        place->first_blank = phys;
}

/* user: the place, or NULL in the firmware, whose reads are nobody's business. */
static void note_access(unsigned int vcpu, uint32_t info, uint64_t address, void *user)
{
    (void)vcpu;
    if (!running())
        return;
    const bool store = qemu_plugin_mem_is_store(info);
    if (!store && user == NULL)
        return;
    uint64_t phys = followed(info, address);
    if (store)
        note_write(user, phys == MEMORY_BYTES ? address : phys,
                   1ull << qemu_plugin_mem_size_shift(info));
    else
        note_read(user, phys == MEMORY_BYTES ? address : phys);
}

static void note_block(unsigned int vcpu, void *instructions)
{
    (void)vcpu;
    if (!running())
        return;
    path->total += (uintptr_t)instructions;
    end_when(path->total > most_total, END_TOTAL);
}

static void note_sleep(qemu_plugin_id_t id, unsigned int vcpu)
{
    (void)id;
    (void)vcpu;
    path->asleep++;
}

/* Whether a REP or REPNE stands among the prefixes. */
static bool has_rep(const uint8_t *code, size_t size)
{
    static const char prefixes[] = "\x66\x67\x26\x2E\x36\x3E\x64\x65\xF0";
    for (size_t i = 0; i < size; i++) {
        if (code[i] == 0xF2 || code[i] == 0xF3)
            return true;
        if (memchr(prefixes, code[i], sizeof(prefixes) - 1) == NULL)
            return false;
    }
    return false;
}

/* Number + 1 of the place with this code, made when it is new; 0 when there is no room. */
static uint32_t place_number(uint64_t address, const void *code, size_t size)
{
    uint32_t slot = (uint32_t)(address * 2654435761u) % HASH_SLOTS;
    for (; hash_slots[slot] != 0; slot = (slot + 1) % HASH_SLOTS) {
        const struct place *known = &path->places[hash_slots[slot] - 1];
        if (known->address == address && known->size == size &&
            memcmp(known->code, code, size) == 0)
            return hash_slots[slot];
    }
    if (path->place_count == PLACES)
        return 0;
    struct place *place = &path->places[path->place_count++];
    place->address = address;
    place->size = size;
    memcpy(place->code, code, size);
    place->repeats = has_rep(code, size);
    return hash_slots[slot] = (uint32_t)path->place_count;
}

static void translate_instruction(struct qemu_plugin_insn *insn)
{
    const uint64_t address = qemu_plugin_insn_vaddr(insn);
    const size_t size = qemu_plugin_insn_size(insn);
    if (!is_noted(address)) {
        qemu_plugin_register_vcpu_mem_cb(insn, note_access, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_W, NULL);
        return;
    }
    const uint32_t number =
        size <= CODE_BYTES ? place_number(address, qemu_plugin_insn_data(insn), size) : 0;
    if (number == 0) {
        end_when(path->started != 0, END_FULL);
        return;
    }
    struct place *place = &path->places[number - 1];
    qemu_plugin_register_vcpu_insn_exec_cb(insn, note_step, QEMU_PLUGIN_CB_NO_REGS, place);
    qemu_plugin_register_vcpu_mem_cb(insn, note_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
                                     place);
}

static void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    const size_t count = qemu_plugin_tb_n_insns(block);
    qemu_plugin_register_vcpu_tb_exec_cb(block, note_block, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)(uintptr_t)count);
    for (size_t i = 0; i < count; i++)
        translate_instruction(qemu_plugin_tb_get_insn(block, i));
}

static bool map_file(const char *name)
{
    const int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ftruncate(file, sizeof(*path)) != 0)
        return false;
    path = mmap(NULL, sizeof(*path), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return path != MAP_FAILED;
}

static bool parse_argument(const char *key, const char *value)
{
    if (strcmp(key, "out") == 0)
        return path == NULL && map_file(value);
    if (strcmp(key, "also") == 0 && also_count < ALSO_MAX)
        return (also[also_count++] = strtoull(value, NULL, 16)) != 0;
    uint64_t *limit = strcmp(key, "new") == 0     ? &most_new
                      : strcmp(key, "guest") == 0 ? &most_guest
                      : strcmp(key, "total") == 0 ? &most_total
                      : strcmp(key, "halts") == 0 ? &most_halts
                                                  : NULL;
    return limit != NULL && (*limit = strtoull(value, NULL, 10)) != 0;
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *machine, int count, char **arguments)
{
    (void)machine;
    if (!arguments_read("boot_path", count, arguments, parse_argument))
        return -1;
    if (path == NULL) {
        fprintf(stderr, "boot_path: out= is needed\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
    qemu_plugin_register_vcpu_idle_cb(id, note_sleep);
    return 0;
}
