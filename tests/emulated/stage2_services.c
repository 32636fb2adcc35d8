/* SPDX-License-Identifier: MIT
 *
 * The real-mode ends of the trips that C makes, entered directly, and whole trips.
 */
#include <string.h>

#include "base/bytes.h"
#include "boot/low_memory.h"
#include "hw/bios.h"
#include "hw/cpu.h"
#include "tests/emulated/stage2_cases.h"

#define REQUESTS 5
#define DRIVE    0x81
#define FAILS_AT 3 /* this request's status */
#define STATUS   0x0C

/* What the disk of a test does, and saw. */
struct player {
    unsigned calls;
    unsigned fails_at; /* this call fails; 0: none */
    uint8_t status;
    uint16_t moved; /* by the failing call */
    bool damages_packet;
    bool flags_right; /* IF on, DF off, each time */
    bool packets_right;
    uint16_t ax, cx, dx, bx, es;
};

/* The call's packet must be the caller's, whatever became of the last one (Q26). */
static void play_packet(struct machine *machine, struct player *player)
{
    struct edd_packet *const packet =
        (struct edd_packet *)(machine->memory +
                              machine_linear(machine, UC_X86_REG_DS, UC_X86_REG_SI));

    if (packet->size != sizeof(*packet) || packet->count != player->calls ||
        packet->lba != 100 + player->calls || packet->segment != 0x3000)
        player->packets_right = false;
    if (player->damages_packet)
        memset(packet, 0, sizeof(*packet));
    if (player->calls == player->fails_at)
        packet->count = player->moved;
}

static void play_disk(struct machine *machine, unsigned number)
{
    struct pc *const pc = machine->context;
    struct player *const player = pc->owner;
    static const int names[] = { UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX,
                                 UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EBP };
    const uint32_t flags = machine_get(machine, UC_X86_REG_EFLAGS);

    if (number != INT13) {
        machine_break(machine, "an interrupt that nobody asked for", number);
        return;
    }
    player->calls++;
    player->flags_right = player->flags_right && (flags & RFLAGS_IF) && !(flags & RFLAGS_DF);
    player->ax = (uint16_t)machine_get(machine, UC_X86_REG_AX);
    player->bx = (uint16_t)machine_get(machine, UC_X86_REG_BX);
    player->cx = (uint16_t)machine_get(machine, UC_X86_REG_CX);
    player->dx = (uint16_t)machine_get(machine, UC_X86_REG_DX);
    player->es = (uint16_t)machine_get(machine, UC_X86_REG_ES);
    if (player->ax >> 8 == INT13_EDD_READ)
        play_packet(machine, player);
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (pc->habits->careless & CARELESS_REGISTERS)
            machine_set(machine, names[i], (uint32_t)random_next(&pc->random));
    if (pc->habits->careless & CARELESS_SEGMENTS) {
        machine_set(machine, UC_X86_REG_DS, 0x40);
        machine_set(machine, UC_X86_REG_ES, 0x9000);
    }
    if (pc->habits->closes_a20) {
        pc->a20 = false;
        pc->settles_in = 0;
    }
    if (pc->habits->careless & CARELESS_GDT)
        uc_reg_write(machine->engine, UC_X86_REG_GDTR, &(uc_x86_mmr){ .base = 1, .limit = 7 });
    machine_flags(machine, RFLAGS_IF, pc->habits->careless & CARELESS_DF ? RFLAGS_DF : 0);
    pc_carry(machine, player->calls == player->fails_at);
    machine_set(machine, UC_X86_REG_AH, player->calls == player->fails_at ? player->status : 0);
}

static void be_disk(struct rig *rig, struct player *player)
{
    player->flags_right = player->packets_right = true;
    rig->pc.disk = play_disk;
    rig->pc.owner = player;
}

static void fill_batch(struct exchange *exchange)
{
    exchange->disk.count = REQUESTS;
    exchange->disk.drive = DRIVE;
    for (unsigned i = 0; i < REQUESTS; i++) {
        struct disk_request *const request = &exchange->disk.request[i];
        request->packet = (struct edd_packet){ .size = sizeof(struct edd_packet),
                                               .count = (uint16_t)(i + 1),
                                               .segment = 0x3000,
                                               .lba = 101 + i };
        request->kind = DISK_READ_EDD;
    }
}

/* A batch of packets; returns how the test's disk saw it. */
static struct player batch(struct rig *rig, struct player player, uint8_t careless)
{
    static struct pc_habits habits;

    habits = pc_habits_plain();
    habits.careless = careless;
    struct exchange *const exchange = rig_prepare(rig, &habits);
    fill_batch(exchange);
    be_disk(rig, &player);
    rig_call(rig, "real_service_disk");
    const unsigned made = player.fails_at != 0 ? player.fails_at : REQUESTS;
    rig_claim(rig, exchange->disk.made == made && player.calls == made,
              "calls are made up to the first that fails");
    rig_claim(rig, player.packets_right, "each call gets a packet of its own (Q26)");
    rig_claim(rig, (player.dx & 0xFF) == DRIVE, "each call names the drive");
    return player;
}

static void q21(struct rig *rig)
{
    batch(rig, (struct player){ 0 }, CARELESS_REGISTERS | CARELESS_SEGMENTS);
}

static void q22(struct rig *rig)
{
    const struct player seen = batch(rig, (struct player){ 0 }, CARELESS_DF);

    rig_claim(rig, seen.flags_right, "each call finds IF on and DF off (Q22)");
}

static void q24(struct rig *rig)
{
    const struct player silent = { .fails_at = FAILS_AT, .status = 0 };
    const struct exchange *const exchange = rig_exchange(rig);

    batch(rig, silent, 0);
    rig_claim(rig, exchange->disk.request[FAILS_AT - 1].carry == 1, "CF alone is a failure");
    rig_claim(rig, exchange->disk.request[FAILS_AT - 1].status == 0, "AH is kept as it came");
}

static void q25(struct rig *rig)
{
    const struct player half = { .fails_at = FAILS_AT, .status = STATUS, .moved = 1 };
    const struct exchange *const exchange = rig_exchange(rig);

    batch(rig, half, CARELESS_REGISTERS);
    rig_claim(rig, exchange->disk.request[FAILS_AT - 1].moved == 1, "what was moved is told");
    rig_claim(rig, exchange->disk.request[FAILS_AT - 1].status == STATUS, "the status is told");
}

static void q26(struct rig *rig)
{
    batch(rig, (struct player){ .damages_packet = true }, 0);
}

/* AH=02h and AH=00h get their registers from the request. */
static void disk_registers(struct rig *rig)
{
    const struct pc_habits habits = pc_habits_plain();
    struct player player = { 0 };
    struct exchange *exchange = rig_prepare(rig, &habits);

    fill_batch(exchange);
    exchange->disk.count = 1;
    exchange->disk.request[0].kind = DISK_READ_CHS;
    exchange->disk.request[0].chs_cx = 0x1234;
    exchange->disk.request[0].chs_dh = 0x56;
    exchange->disk.request[0].packet.offset = 0x0200;
    be_disk(rig, &player);
    rig_call(rig, "real_service_disk");
    rig_claim(rig,
              player.ax == (INT13_READ_CHS << 8 | 1) && player.cx == 0x1234 &&
                  player.dx == (0x5600 | DRIVE) && player.bx == 0x0200 && player.es == 0x3000,
              "AH=02h gets place, count and buffer");
    exchange = rig_prepare(rig, &habits);
    fill_batch(exchange);
    exchange->disk.count = 1;
    exchange->disk.request[0].kind = DISK_RESET;
    be_disk(rig, &player);
    rig_call(rig, "real_service_disk");
    rig_claim(rig, player.ax >> 8 == INT13_RESET && (player.dx & 0xFF) == DRIVE, "AH=00h");
    rig_claim(rig, exchange->disk.request[0].carry == 0, "and is reported");
}

/* Registers in and out of any interrupt, by the vector table. */
static void interrupt(struct rig *rig)
{
    const struct pc_habits habits = pc_habits_plain();
    struct exchange *const exchange = rig_prepare(rig, &habits);
    struct player player = { .fails_at = 1, .status = STATUS };

    exchange->registers = (struct bios_registers){ .eax = 0x11110000,
                                                   .ebx = 0x22220003,
                                                   .ecx = 0x33330004,
                                                   .edx = 0x44440005,
                                                   .esi = 0x55550006,
                                                   .edi = 0x66660007,
                                                   .ebp = 0x77770008,
                                                   .ds = 0x1234,
                                                   .es = 0x5678,
                                                   .flags = UINT16_MAX };
    rig->machine.memory[coverage_find(&rig->coverage, "real_interrupt")] = INT13;
    be_disk(rig, &player);
    rig_call(rig, "real_service_interrupt");
    rig_claim(rig,
              player.calls == 1 && player.bx == 3 && player.cx == 4 && player.dx == 5 &&
                  player.es == 0x5678,
              "the interrupt gets the registers");
    rig_claim(rig, exchange->registers.eax == (0x11110000 | STATUS << 8), "and eax comes back");
    rig_claim(rig,
              exchange->registers.ebx == 0x22220003 && exchange->registers.ecx == 0x33330004 &&
                  exchange->registers.edx == 0x44440005 && exchange->registers.esi == 0x55550006 &&
                  exchange->registers.edi == 0x66660007 && exchange->registers.ebp == 0x77770008 &&
                  exchange->registers.ds == 0x1234 && exchange->registers.es == 0x5678,
              "so does the rest");
    rig_claim(rig, (exchange->registers.flags & RFLAGS_CF) != 0, "and the carry");
}

static void print(struct rig *rig)
{
    static const char text[] = "one\ntwo";
    const struct pc_habits habits = pc_habits_plain();
    struct exchange *exchange = rig_prepare(rig, &habits);

    memcpy(exchange->text, text, sizeof(text));
    exchange->text_bytes = sizeof(text) - 1;
    rig_call(rig, "real_service_print");
    rig_claim(rig, strcmp(rig->pc.screen, "one\r\ntwo") == 0, "newlines are CR LF");
    rig_claim(rig, strcmp(rig->pc.serial, rig->pc.screen) == 0, "the same on COM1");
    exchange = rig_prepare(rig, &habits);
    exchange->text_bytes = 0;
    rig_call(rig, "real_service_print");
    rig_claim(rig, rig->pc.screen_count == 0, "nothing is nothing");
    exchange = rig_prepare(rig, &habits);
    exchange->console = 0;
    exchange->text_bytes = 1;
    rig_call(rig, "real_service_print");
    rig_claim(rig, rig->pc.screen_count + rig->pc.serial_count + rig->pc.debug_count == 0,
              "no console, no bytes");
}

/* A full trace keeps its head. */
static void trace(struct rig *rig)
{
    const struct pc_habits habits = pc_habits_plain();
    struct exchange *const exchange = rig_prepare(rig, &habits);

    exchange->trace_count = EXCHANGE_TRACE_MAX;
    rig_call(rig, "real_trace_step");
    rig_claim(rig, exchange->trace_count == EXCHANGE_TRACE_MAX, "no record behind the last");
}

/* Down, a service, and up: the GDT is ours again (Q62), and A20 is open. */
static void trip(struct rig *rig, const struct pc_habits *habits)
{
    struct player player = { 0 };
    uc_x86_mmr gdt;

    judge_road(rig, habits);
    be_disk(rig, &player);
    fill_batch(rig_exchange(rig));
    if (!rig_claim(rig, rig->arrived, "it boots") || !rig_trip(rig, "real_service_disk"))
        return;
    rig_claim(rig, player.calls == REQUESTS && player.flags_right, "the service works");
    rig_claim(rig, !(machine_get(&rig->machine, UC_X86_REG_EFLAGS) & RFLAGS_IF),
              "interrupts are off again (Q22)");
    uc_reg_read(rig->machine.engine, UC_X86_REG_GDTR, &gdt);
    rig_claim(rig, gdt.base == rig_dword(rig, "gdt_register") >> 16, "the GDT is ours (Q62)");
    rig_claim(rig, rig->pc.a20, "A20 is open again");
}

static void q62(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    trip(rig, &habits);
    habits.careless = CARELESS_GDT;
    trip(rig, &habits);
    habits.careless = CARELESS - 1;
    trip(rig, &habits);
}

/* A BIOS call closes A20 behind our back. */
static void a20_closed(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    habits.closes_a20 = true;
    for (unsigned gate = 0; gate < GATES; gate++) {
        habits.gate = (enum bios_gate)gate;
        trip(rig, &habits);
    }
    habits.fast = FAST_ABSENT;
    trip(rig, &habits);
}

/* An NMI while the mode is switched: counted, and CS is mended where it is stale. */
static void q66(struct rig *rig)
{
    static const char *const handlers[] = { "nmi_in_real_mode", "nmi_in_protected_mode" };
    const uint8_t *const memory = rig->machine.memory;
    const struct pc_habits habits = pc_habits_plain();
    /* What the way down loads into CS. */
    const uint16_t selector =
        load_le16(memory + coverage_find(&rig->coverage, "compatibility_pointer") + 4);

    for (unsigned i = 0; i < 2; i++)
        for (unsigned stale = 0; stale < 2; stale++) {
            struct exchange *const exchange = rig_prepare(rig, &habits);
            const uint16_t right = i == 0 ? 0 : selector;
            const uint16_t wrong = i == 0 ? selector : 0;
            rig_interrupt(rig, handlers[i], stale ? wrong : right, right);
            rig_claim(rig, exchange->nmis == 1, "the NMI is counted");
        }
}

const struct stage2_case stage2_service_cases[] = {
    { "q21", "INT 13h loses registers", q21 },
    { "q22", "INT 13h changes IF and DF", q22 },
    { "q24", "CF without a status", q24 },
    { "q25", "a partial transfer", q25 },
    { "q26", "the packet is changed", q26 },
    { "q62", "GDTR is changed; down to real mode and up again", q62 },
    { "q66", "an NMI in a mode switch", q66 },
    { "closed", "INT 13h closes A20", a20_closed },
    { "registers", "AH=02h and AH=00h", disk_registers },
    { "interrupt", "any interrupt", interrupt },
    { "print", "text to the console", print },
    { "trace", "a full trace", trace },
    { NULL, NULL, NULL },
};
