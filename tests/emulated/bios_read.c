/* SPDX-License-Identifier: MIT
 *
 * Reads that go wrong in every way of enum read_habit. A request that no BIOS could
 * serve, or that leaves stage 2's place in memory, breaks a rule.
 * Spec: EDD 3.0, INT 13h AH=42h; PC/AT BIOS, INT 13h AH=02h.
 */
#include "tests/emulated/bios_read.h"

#include <string.h>

#include "base/bytes.h"
#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "hw/edd.h"

#define SEGMENT_BYTES 0x10000u
#define CHS_CYLINDERS 1024

struct request {
    enum method method;
    enum copy copy;
    unsigned sector; /* of the copy */
    unsigned count;
    uint8_t *to;
    uint8_t *packet; /* NULL: by CHS */
};

/* The request's numbers, if they mean a piece of a copy and its place in memory. */
static bool is_sane(struct machine *machine, struct request *request, uint64_t lba,
                    uint32_t address)
{
    const struct bios *const bios = machine->context;
    const struct disk *const disk = bios->disk;
    const uint32_t bytes = request->count * SECTOR_BYTES;
    const char *broken = "reads what is no part of a copy";

    for (request->copy = COPY_A; request->copy < COPIES; request->copy++) {
        const uint64_t first = disk->lba[request->copy];
        if (request->count == 0 || lba < first || lba + request->count > first + disk->sectors)
            continue;
        request->sector = (unsigned)(lba - first);
        request->to = machine->memory + address;
        broken = NULL;
        if (address != LOW_STAGE2 + request->sector * SECTOR_BYTES)
            broken = "reads a sector to where it does not belong";
        if (address % SEGMENT_BYTES + bytes > SEGMENT_BYTES)
            broken = "reads across 64 KiB (Q20)";
        if (request->count > EDD_MAX_SECTORS)
            broken = "asks for too many sectors at once (Q19)";
        break;
    }
    if (broken != NULL)
        machine_break(machine, broken, address);
    return broken == NULL;
}

static bool by_packet(struct machine *machine, struct request *request)
{
    uint8_t *const packet = machine->memory + machine_linear(machine, UC_X86_REG_DS, UC_X86_REG_SI);
    const uint32_t address = load_le16(packet + offsetof(struct edd_packet, segment)) * 16u +
                             load_le16(packet + offsetof(struct edd_packet, offset));

    request->method = BY_EDD;
    request->packet = packet;
    request->count = load_le16(packet + offsetof(struct edd_packet, count));
    if (packet[0] != sizeof(struct edd_packet) || packet[1] != 0) {
        machine_break(machine, "not a packet", (uint32_t)(packet - machine->memory));
        return false;
    }
    return is_sane(machine, request, load_le64(packet + offsetof(struct edd_packet, lba)), address);
}

static bool by_place(struct machine *machine, struct request *request,
                     const struct geometry *geometry)
{
    const uint32_t cl = machine_get(machine, UC_X86_REG_CL);
    const uint32_t cylinder = machine_get(machine, UC_X86_REG_CH) | (cl & CHS_CYLINDER_MASK)
                                                                        << CHS_CYLINDER_SHIFT;
    const uint32_t head = machine_get(machine, UC_X86_REG_DH);
    const uint32_t sector = cl & CHS_SECTOR_MASK;
    const uint32_t heads = geometry->highest_head + 1u;

    request->method = BY_CHS;
    request->packet = NULL;
    request->count = machine_get(machine, UC_X86_REG_AL);
    if (sector == 0 || sector > geometry->track || head >= heads || cylinder >= CHS_CYLINDERS) {
        machine_break(machine, "a place that the geometry does not have", head << 16 | cl);
        return false;
    }
    return is_sane(machine, request,
                   (cylinder * heads + head) * (uint64_t)geometry->track + sector - 1,
                   machine_linear(machine, UC_X86_REG_ES, UC_X86_REG_BX));
}

static const uint8_t *on_disk(const struct bios *bios, const struct request *request)
{
    return bios->disk->bytes + request->sector * SECTOR_BYTES;
}

static void noise(struct bios *bios, uint8_t *to, unsigned sectors)
{
    for (unsigned i = 0; i < sectors * SECTOR_BYTES; i += sizeof(uint64_t))
        store_le64(to + i, random_next(&bios->random));
}

/* The last word but one weighs twice: the second of the two sums stays right. */
static void change_first_sum(uint8_t *end)
{
    uint32_t words[2];

    memcpy(words, end - sizeof(words), sizeof(words));
    words[0] += 1;
    words[1] -= 2;
    memcpy(end - sizeof(words), words, sizeof(words));
}

static void wrong_data(struct bios *bios, const struct request *request, enum wrong_data kind)
{
    const uint8_t *const good = on_disk(bios, request);
    const unsigned bytes = request->count * SECTOR_BYTES;

    memcpy(request->to, good, bytes);
    switch (kind) {
    case WRONG_ZEROS:
        memset(request->to, 0, bytes);
        break;
    case WRONG_ONES:
        memset(request->to, 0xFF, bytes);
        break;
    case WRONG_BIT:
        request->to[random_below(&bios->random, bytes)] ^=
            (uint8_t)(1u << random_below(&bios->random, 8));
        break;
    case WRONG_SWAPPED:
        memcpy(request->to, good + SECTOR_BYTES / 2, SECTOR_BYTES / 2);
        memcpy(request->to + SECTOR_BYTES / 2, good, SECTOR_BYTES / 2);
        break;
    case WRONG_WEIGHED:
        change_first_sum(request->to + bytes);
        break;
    default:
        noise(bios, request->to, request->count);
    }
}

static void set_count(const struct request *request, unsigned count)
{
    if (request->packet != NULL) {
        request->packet[offsetof(struct edd_packet, count)] = (uint8_t)count;
        request->packet[offsetof(struct edd_packet, count) + 1] = 0;
    }
}

static void fail(struct machine *machine, const struct request *request, uint8_t status)
{
    noise(machine->context, request->to, 1);
    set_count(request, 0);
    bios_answer(machine, true, status);
}

static void succeed(struct machine *machine, const struct request *request)
{
    const struct bios *const bios = machine->context;

    memcpy(request->to, on_disk(bios, request), request->count * SECTOR_BYTES);
    bios_answer(machine, false, INT13_OK);
}

/* Half of it arrives; what lies behind is lost, whatever it was. */
static void deliver_half(struct machine *machine, const struct request *request)
{
    struct bios *const bios = machine->context;
    const unsigned half = request->count / 2;

    memcpy(request->to, on_disk(bios, request), half * SECTOR_BYTES);
    noise(bios, request->to + half * SECTOR_BYTES, request->count - half);
    set_count(request, half);
    bios_answer(machine, false, INT13_OK);
}

/* Whether this very call fails, for the habits that fail only sometimes. */
static bool fails_now(struct bios *bios, const struct request *request,
                      const struct read_answer *answer)
{
    unsigned *const given = &bios->errors_given[request->method][request->copy];
    bool *const once = &bios->wedged_once[request->method][request->copy];

    if (bios->wedged)
        return true;
    switch (answer->habit) {
    case READ_ERROR:
        return true;
    case READ_ERROR_TIMES:
        return *given < answer->number && ++*given > 0;
    case READ_LIMIT:
        return request->count > answer->number;
    case READ_STUCK:
        bios->wedged = !*once;
        *once = true;
        return bios->wedged;
    default:
        return false;
    }
}

static void read_by_habit(struct machine *machine, const struct request *request,
                          const struct read_answer *answer)
{
    struct bios *const bios = machine->context;

    if (fails_now(bios, request, answer)) {
        fail(machine, request, answer->habit == READ_LIMIT ? INT13_E_DMA_BOUNDARY : answer->status);
        return;
    }
    switch (answer->habit) {
    case READ_PACKET_ZEROED:
        succeed(machine, request);
        if (request->packet != NULL)
            memset(request->packet, 0, sizeof(struct edd_packet));
        break;
    case READ_NOTHING:
        /* Of a longer copy an earlier try may have left this very part. */
        if (bios->disk->sectors > 1)
            noise(bios, request->to, request->count);
        bios_answer(machine, false, INT13_OK);
        break;
    case READ_SHORT:
        deliver_half(machine, request);
        break;
    case READ_PARTIAL:
        deliver_half(machine, request);
        bios_answer(machine, true, answer->status);
        break;
    case READ_WRONG:
        wrong_data(bios, request, answer->number);
        bios_answer(machine, false, INT13_OK);
        break;
    case READ_HANG:
        bios->hangs = true;
        machine_end(machine);
        break;
    default:
        succeed(machine, request);
    }
}

void bios_read(struct machine *machine, bool real)
{
    static const struct geometry decoy = { .track = DECOY_TRACK, .highest_head = DECOY_HEADS - 1 };
    static const struct read_answer good = { .habit = READ_GOOD };
    static const struct read_answer other = { .habit = READ_WRONG, .number = WRONG_NOISE };
    struct bios *const bios = machine->context;
    struct request request;
    const bool edd = machine_get(machine, UC_X86_REG_AH) == INT13_EDD_READ;

    if (edd ? !by_packet(machine, &request)
            : !by_place(machine, &request, real ? &bios->habits->geometry : &decoy))
        return;
    const struct read_answer *answer = &bios->habits->read[request.method][request.copy];
    if (answer->sector != SECTOR_ANY && answer->habit != READ_LIMIT &&
        (answer->sector < request.sector || answer->sector >= request.sector + request.count))
        answer = &good;
    read_by_habit(machine, &request, real ? answer : &other);
}
