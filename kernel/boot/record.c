/* SPDX-License-Identifier: MIT
 *
 * See record.h. Judges nothing: what the loader kept is told as it is. A call
 * that was not made has FLAGS of 0, and no line.
 */
#include "kernel/boot/record.h"

#include "boot/steps.h"
#include "hw/bios.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/foreign.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/format.h"
#include "kernel/log/console.h"

#define RECORD_VERSION 1
#define LINE_BYTES     160 /* the longest, an E820 answer of the largest numbers, has 119 */
#define BUFFER_COLUMNS 24  /* bytes of a buffer on one line */

/* A record on its way out: the line so far, and the sum of those before. */
struct record {
    const struct format_sink *sink;
    struct crc32c_tables *tables;
    uint32_t sum;
    size_t used;
    char line[LINE_BYTES];
};

static void finish_line(struct record *record)
{
    record->sum = crc32c_update(record->tables, record->sum, record->line, record->used);
    record->sink->write(record->sink->context, record->line, record->used);
    record->used = 0;
}

/* The formatter's sink. A line that is too long would be cut in two, not lost. */
static void take_text(void *context, const char *text, size_t bytes)
{
    struct record *record = context;
    for (size_t i = 0; i < bytes; i++) {
        record->line[record->used++] = text[i];
        if (text[i] == '\n' || record->used == LINE_BYTES)
            finish_line(record);
    }
}

PRINTF_LIKE(2, 3) static void put(struct record *record, const char *format, ...)
{
    const struct format_sink sink = { .write = take_text, .context = record };
    va_list arguments;
    va_start(arguments, format);
    format_list(&sink, format, arguments);
    va_end(arguments);
}

static void put_entry(struct record *record, const struct boot_entry_registers *r)
{
    put(record, "entry dx=%x si=%x di=%x bp=%x\n", r->dx, r->si, r->di, r->bp);
    put(record, "entry cs=%x ds=%x es=%x ss=%x sp=%x flags=%x\n", r->cs, r->ds, r->es, r->ss, r->sp,
        r->flags);
}

static void put_a20(struct record *record, const struct boot_firmware *f)
{
    put(record, "a20 method=%x\n", f->a20_method);
    if (f->a20.flags != 0)
        put(record, "int15-2401 ax=%x flags=%x\n", f->a20.ax, f->a20.flags);
}

static void put_edd_buffer(struct record *record, const uint8_t *bytes)
{
    for (unsigned at = 0; at < BOOT_EDD_BUFFER_BYTES; at += BUFFER_COLUMNS) {
        put(record, "int13-48 at=%x bytes=", at);
        for (unsigned i = at; i < at + BUFFER_COLUMNS && i < BOOT_EDD_BUFFER_BYTES; i++)
            put(record, "%02x", bytes[i]);
        put(record, "\n");
    }
}

static void put_drive(struct record *record, const struct boot_firmware *f)
{
    const struct boot_bios_answer *answer = &f->edd_check;
    put(record, "int13-41 ax=%x bx=%x cx=%x flags=%x\n", answer->ax, answer->bx, answer->cx,
        answer->flags);
    answer = &f->edd_parameters;
    if (answer->flags != 0) {
        put(record, "int13-48 ax=%x flags=%x\n", answer->ax, answer->flags);
        put_edd_buffer(record, f->edd_buffer);
    }
    answer = &f->geometry;
    if (answer->flags != 0)
        put(record, "int13-08 ax=%x bx=%x cx=%x dx=%x es=%x di=%x flags=%x\n", answer->ax,
            answer->bx, answer->cx, answer->dx, answer->es, answer->di, answer->flags);
}

static void put_memory(struct record *record, const struct boot_firmware *f)
{
    put(record, "int12 ax=%x\n", f->int12_ax);
    put(record, "ebda segment=%x\n", f->ebda_segment);
    put(record, "int15-e801 ax=%x bx=%x cx=%x dx=%x flags=%x\n", f->e801_ax, f->e801_bx, f->e801_cx,
        f->e801_dx, f->e801_flags);
    put(record, "int15-88 ax=%x flags=%x\n", f->int88_ax, f->int88_flags);
}

static void put_e820(struct record *record, const struct boot_info *info)
{
    const struct boot_e820_answer *answers = boot_e820();
    for (uint32_t i = 0; i < info->e820_count; i++) {
        const struct boot_e820_answer *a = &answers[i];
        put(record, "int15-e820 base=%llx length=%llx type=%x attr=%x ecx=%x ebx=%x flags=%x",
            (unsigned long long)a->base, (unsigned long long)a->length, a->type, a->attributes,
            a->returned_bytes, a->continuation, a->flags);
        if (a->returned_eax != E820_SIGNATURE)
            put(record, " eax=%x", a->returned_eax);
        put(record, "\n");
    }
    put(record, "int15-e820-end how=%x asked=%x\n", info->firmware.e820_end,
        info->firmware.e820_asked);
}

static void put_reading(struct record *record, const struct boot_firmware *f)
{
    put(record, "disk drive=%x by=%s copy=%c reads=%x retries=%x stage1-retries=%x\n", f->drive,
        f->disk_by_edd != 0 ? "edd" : "chs", f->stage2_copy == 0 ? 'a' : 'b', f->disk_reads,
        f->disk_retries, f->stage1_retries);
}

static void put_step(struct record *record, uint32_t number, uint32_t argument, uint64_t tsc)
{
    put(record, "step number=%x argument=%x tsc=%llx\n", number, argument, (unsigned long long)tsc);
}

/* The loader's steps, and the one that only the kernel can know. */
static void put_steps(struct record *record, const struct boot_info *info)
{
    const struct boot_trace_record *steps = boot_trace();
    for (uint32_t i = 0; i < info->trace_count; i++)
        put_step(record, steps[i].step, steps[i].argument, steps[i].tsc);
    put_step(record, BOOT_STEP_KERNEL_ENTRY, 0, boot_entry_tsc());
}

void record_write(const struct format_sink *sink)
{
    static struct crc32c_tables tables;
    const struct boot_info *info = boot_info_get();
    struct record record = { .sink = sink, .tables = &tables };

    crc32c_tables_fill(&tables);
    put(&record, "record %x stage2=%x kernel=%x\n", RECORD_VERSION, info->build_id,
        boot_kernel_build());
    put_entry(&record, &info->firmware.entry);
    put_a20(&record, &info->firmware);
    put_drive(&record, &info->firmware);
    put_memory(&record, &info->firmware);
    put_e820(&record, info);
    put_reading(&record, &info->firmware);
    put_steps(&record, info);
    put(&record, "end sum=%08x\n", record.sum);
}

static void write_console(void *context, const char *text, size_t bytes)
{
    (void)context;
    kprintf("%.*s", (int)bytes, text);
}

void record_print(void)
{
    const struct format_sink console = { .write = write_console };
    if (foreign_loader() != NULL)
        kprintf("There is no firmware record: only Coldstart's own loader keeps one\n");
    else
        record_write(&console);
}
