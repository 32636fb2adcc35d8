/* SPDX-License-Identifier: MIT
 *
 * Tests of the firmware record: what was written must read back as what the
 * loader told, with a sum that another method finds too.
 */
#include "kernel/boot/boot.h"
#include "kernel/boot/foreign.h"
#include "kernel/boot/record.h"
#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/selftest/selftest.h"

#define CRC32C_POLYNOMIAL 0x82F63B78U
#define BITS_OF_A_BYTE    8
#define LINE_MAX          160
#define ANSWER_LINE       "int15-e820 "

/* What a record looked like as it came by, line for line. */
struct reading {
    uint32_t sum;        /* over the lines before the newest */
    uint32_t answers;    /* E820 answers so far ... */
    uint32_t matches;    /* ... and those that were right */
    unsigned lines;      /* all */
    unsigned ill_formed; /* empty, not ended, or with a byte that has no business there */
    char first[LINE_MAX];
    char newest[LINE_MAX];
};

/* By its definition, a bit at a time. */
static uint32_t sum_by_bits(uint32_t sum, const char *text, size_t bytes)
{
    sum = ~sum;
    for (size_t i = 0; i < bytes; i++) {
        sum ^= (uint8_t)text[i];
        for (unsigned bit = 0; bit < BITS_OF_A_BYTE; bit++)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? CRC32C_POLYNOMIAL : 0);
    }
    return ~sum;
}

/* Words of lower case with single blanks between, and one LF behind. */
static bool is_well_formed(const char *line, size_t bytes)
{
    if (bytes < 2 || bytes >= LINE_MAX || line[bytes - 1] != '\n' || line[bytes - 2] == ' ')
        return false;
    for (size_t i = 0; i < bytes - 1; i++) {
        const char c = line[i];
        const bool in_word =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '=' || c == '-';
        if (!in_word && !(c == ' ' && i > 0 && line[i - 1] != ' '))
            return false;
    }
    return true;
}

/* Is this line the answer with that number? */
static bool tells_answer(const char *line, uint32_t number)
{
    char expected[LINE_MAX];
    if (number >= boot_info_get()->e820_count)
        return false;
    const struct boot_e820_answer *a = &boot_e820()[number];
    format_string(expected, sizeof(expected),
                  ANSWER_LINE "base=%llx length=%llx type=%x attr=%x ecx=%x ebx=%x flags=%x",
                  (unsigned long long)a->base, (unsigned long long)a->length, a->type,
                  a->attributes, a->returned_bytes, a->continuation, a->flags);
    return string_starts_with(line, expected);
}

/* The sink: takes one line. */
static void read_line(void *context, const char *text, size_t bytes)
{
    struct reading *reading = context;
    if (reading->lines++ > 0)
        reading->sum = sum_by_bits(reading->sum, reading->newest, string_length(reading->newest));
    if (!is_well_formed(text, bytes)) {
        reading->ill_formed++;
        return;
    }
    memcpy(reading->newest, text, bytes);
    reading->newest[bytes] = '\0';
    if (reading->lines == 1)
        memcpy(reading->first, reading->newest, bytes + 1);
    if (string_starts_with(reading->newest, ANSWER_LINE))
        reading->matches += tells_answer(reading->newest, reading->answers++);
}

static void read_record(struct reading *reading)
{
    const struct format_sink sink = { .write = read_line, .context = reading };
    *reading = (struct reading){ .lines = 0 };
    record_write(&sink);
}

SELFTEST(record_form, "record.form")
{
    struct reading reading;
    char expected[LINE_MAX];
    read_record(&reading);
    CLAIM_EQUAL(reading.ill_formed, 0);
    format_string(expected, sizeof(expected), "record 1 stage2=%x kernel=%x\n",
                  boot_info_get()->build_id, boot_kernel_build());
    CLAIM(string_starts_with(reading.first, expected));
}

SELFTEST(record_sum, "record.sum")
{
    struct reading reading;
    char expected[LINE_MAX];
    read_record(&reading);
    format_string(expected, sizeof(expected), "end sum=%08x\n", reading.sum);
    CLAIM(string_starts_with(reading.newest, expected));
}

SELFTEST(record_e820, "record.e820")
{
    struct reading reading;
    read_record(&reading);
    CLAIM_EQUAL(reading.answers, boot_info_get()->e820_count);
    CLAIM_EQUAL(reading.matches, boot_info_get()->e820_count);
}

/* Of a call that was made FLAGS have bit 1, so 0 can mean "not made". */
SELFTEST(record_flags, "record.flags")
{
    const uint16_t always_set = 1 << 1;
    if (foreign_loader() != NULL) {
        CLAIM_SKIP("another loader keeps no answers");
        return;
    }
    const struct boot_firmware *f = &boot_info_get()->firmware;
    const struct boot_bios_answer *asked[] = { &f->a20, &f->edd_parameters, &f->geometry };
    for (unsigned i = 0; i < ARRAY_COUNT(asked); i++)
        CLAIM(asked[i]->flags == 0 || (asked[i]->flags & always_set) != 0);
    CLAIM((f->edd_check.flags & always_set) != 0);
    CLAIM((f->entry.flags & always_set) != 0);
}
