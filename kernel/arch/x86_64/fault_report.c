/* SPDX-License-Identifier: MIT
 *
 * Words are decided in exception_words.c and exception_hint.c; here is what is
 * asked of the machine for them.
 */
#include "kernel/arch/x86_64/fault_report.h"

#include "hw/cpu.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/exception_hint.h"
#include "kernel/arch/x86_64/exception_words.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/core/format.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"

#define DESCRIPTION_BYTES 160
#define HINT_BYTES        160
#define HINT_KEY          "\n  hint  "
#define SYMBOL_BYTES      96

static bool within(uint64_t address, const char *first, const char *end)
{
    return address >= (uint64_t)first && address < (uint64_t)end;
}

static enum image_part image_part_of(uint64_t address)
{
    if (within(address, kernel_text_first, kernel_text_end))
        return IMAGE_TEXT;
    if (within(address, kernel_rodata_first, kernel_rodata_end))
        return IMAGE_RODATA;
    if (within(address, kernel_data_first, kernel_data_end))
        return IMAGE_DATA;
    return within(address, kernel_base, kernel_end) ? IMAGE_HOLE : IMAGE_NONE;
}

/* Make a hint a line of the report; no hint, no line. */
static const char *hint_line(char line[HINT_BYTES], size_t (*hint)(char *, size_t, const void *),
                             const void *subject)
{
    const size_t key = sizeof(HINT_KEY) - 1;
    format_string(line, HINT_BYTES, HINT_KEY);
    if (hint(line + key, HINT_BYTES - key, subject) == 0)
        line[0] = '\0';
    return line;
}

static size_t register_hint(char *text, size_t size, const void *frame)
{
    return exception_register_hint(text, size, frame, page_tables_current().levels);
}

static size_t page_hint(char *text, size_t size, const void *subject)
{
    const struct exception_frame *frame = subject;
    const struct page_tables tables = page_tables_current();
    struct stack_area stack;
    struct fault_facts facts = {
        .error = frame->error,
        .address = frame->cr2,
        .guarded = stacks_find_guard(frame->cr2, &stack) ? stack.name : NULL,
        .part = image_part_of(frame->cr2),
    };
    /* A walk along damaged tables would fault: they are walked below, carefully. */
    if ((frame->error & PF_ERROR_RSVD) == 0)
        facts.mapped = page_walk_find(&tables, frame->cr2, &facts.page);
    const size_t bytes = exception_page_fault_hint(text, size, &facts);
    return bytes != 0 ? bytes : register_hint(text, size, frame);
}

void fault_report_page(const struct exception_frame *frame)
{
    char hint[HINT_BYTES];
    char symbol[SYMBOL_BYTES] = "";
    struct symbol_place place;
    if (symbols_find(frame->cr2, &place))
        format_string(symbol, sizeof(symbol), " %s+0x%llx", place.name,
                      (unsigned long long)place.offset);
    panic_at(frame, "page fault (#PF): %s 0x%llx%s\n  as  %s (error code 0x%llx)%s",
             exception_page_fault_access(frame->error), (unsigned long long)frame->cr2, symbol,
             exception_page_fault_reason(frame->error), (unsigned long long)frame->error,
             hint_line(hint, page_hint, frame));
}

void fault_report_double(const struct exception_frame *frame)
{
    struct stack_area stack;
    /* CR2 still holds what the push of the first exception ran into. */
    if (stacks_find_guard(frame->cr2, &stack))
        panic_at(frame, "double fault (#DF): the %s has overflowed", stack.name);
    panic_at(frame, "double fault (#DF): an exception could not be delivered");
}

void fault_report(const struct exception_frame *frame)
{
    char text[DESCRIPTION_BYTES];
    char hint[HINT_BYTES];
    exception_describe(text, sizeof(text), (unsigned)frame->vector, frame->error);
    panic_at(frame, "%s%s", text, hint_line(hint, register_hint, frame));
}
