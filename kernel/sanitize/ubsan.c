/* SPDX-License-Identifier: MIT
 *
 * The handlers that checked code calls, by the names that clang 14 gives them
 * for C without floating point. Not checked themselves: one finding must not
 * lead to the next. What clang has for C++ and for floating point only is not
 * here, and a kernel that called it would not link.
 */
#include "kernel/sanitize/ubsan.h"

#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/format.h"
#include "kernel/sanitize/ubsan_words.h"

/* The compiler's names; C may not have such of its own. */
#define HANDLER(name) __asm__("__ubsan_handle_" #name)
/* Where the check is: what called the handler. */
#define CALLER        __builtin_frame_address(0)

static struct ubsan_finding *caught;

void ubsan_catch(struct ubsan_finding *finding)
{
    caught = finding;
}

/* Told as of the place of the check; `link` is the frame of the handler. */
static void report(const void *link, const struct ubsan_place *place, const char *text)
{
    if (caught != NULL) {
        caught->count++;
        caught->file = place->file;
        caught->line = place->line;
        format_string(caught->text, sizeof(caught->text), "%s", text);
        return;
    }
    struct exception_frame frame;
    const uint64_t *const words = link;
    exception_frame_capture(&frame);
    frame.rbp = words[0];
    frame.rip = words[1] - 1;
    frame.rsp = (uint64_t)(words + 2);
    panic_at(&frame, "undefined behaviour: %s:%u:%u: %s", place->file, place->line, place->column,
             text);
}

void ubsan_add_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
    HANDLER(add_overflow);
void ubsan_sub_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
    HANDLER(sub_overflow);
void ubsan_mul_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
    HANDLER(mul_overflow);
void ubsan_negate_overflow(const struct ubsan_typed *data, uint64_t value) HANDLER(negate_overflow);
void ubsan_divrem_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
    HANDLER(divrem_overflow);
void ubsan_shift(const struct ubsan_two_types *data, uint64_t left, uint64_t right)
    HANDLER(shift_out_of_bounds);
void ubsan_out_of_bounds(const struct ubsan_two_types *data, uint64_t index) HANDLER(out_of_bounds);
void ubsan_type_mismatch(const struct ubsan_mismatch *data, uint64_t pointer)
    HANDLER(type_mismatch_v1);
void ubsan_pointer_overflow(const struct ubsan_place *data, uint64_t base, uint64_t result)
    HANDLER(pointer_overflow);
void ubsan_load_invalid_value(const struct ubsan_typed *data, uint64_t value)
    HANDLER(load_invalid_value);
void ubsan_vla_bound(const struct ubsan_typed *data, uint64_t bound)
    HANDLER(vla_bound_not_positive);
void ubsan_invalid_builtin(const struct ubsan_builtin *data) HANDLER(invalid_builtin);
void ubsan_nonnull_arg(const struct ubsan_argument *data) HANDLER(nonnull_arg);
void ubsan_nonnull_return(const struct ubsan_place *attribute, const struct ubsan_place *place)
    HANDLER(nonnull_return_v1);
void ubsan_alignment_assumption(const struct ubsan_assumption *data, uint64_t pointer,
                                uint64_t alignment, uint64_t offset) HANDLER(alignment_assumption);
NORETURN void ubsan_unreachable(const struct ubsan_place *place) HANDLER(builtin_unreachable);

void ubsan_add_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_overflow(text, data->type, '+', left, right);
    report(CALLER, &data->place, text);
}

void ubsan_sub_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_overflow(text, data->type, '-', left, right);
    report(CALLER, &data->place, text);
}

void ubsan_mul_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_overflow(text, data->type, '*', left, right);
    report(CALLER, &data->place, text);
}

void ubsan_negate_overflow(const struct ubsan_typed *data, uint64_t value)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_negation(text, data->type, value);
    report(CALLER, &data->place, text);
}

void ubsan_divrem_overflow(const struct ubsan_typed *data, uint64_t left, uint64_t right)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_division(text, data->type, left, right);
    report(CALLER, &data->place, text);
}

void ubsan_shift(const struct ubsan_two_types *data, uint64_t left, uint64_t right)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_shift(text, data, left, right);
    report(CALLER, &data->place, text);
}

void ubsan_out_of_bounds(const struct ubsan_two_types *data, uint64_t index)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_index(text, data, index);
    report(CALLER, &data->place, text);
}

void ubsan_type_mismatch(const struct ubsan_mismatch *data, uint64_t pointer)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_mismatch(text, data, pointer);
    report(CALLER, &data->place, text);
}

void ubsan_pointer_overflow(const struct ubsan_place *data, uint64_t base, uint64_t result)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_pointer(text, base, result);
    report(CALLER, data, text);
}

void ubsan_load_invalid_value(const struct ubsan_typed *data, uint64_t value)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_value(text, data->type, value);
    report(CALLER, &data->place, text);
}

void ubsan_vla_bound(const struct ubsan_typed *data, uint64_t bound)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_bound(text, data->type, bound);
    report(CALLER, &data->place, text);
}

void ubsan_invalid_builtin(const struct ubsan_builtin *data)
{
    report(CALLER, &data->place,
           data->leading != 0 ? "the leading zeros of 0 were counted"
                              : "the trailing zeros of 0 were counted");
}

void ubsan_nonnull_arg(const struct ubsan_argument *data)
{
    char text[UBSAN_TEXT_BYTES];
    format_string(text, sizeof(text), "argument %d is null, which its function forbids",
                  data->number);
    report(CALLER, &data->place, text);
}

void ubsan_nonnull_return(const struct ubsan_place *attribute, const struct ubsan_place *place)
{
    (void)attribute;
    report(CALLER, place, "null is returned, which the function itself forbids");
}

void ubsan_alignment_assumption(const struct ubsan_assumption *data, uint64_t pointer,
                                uint64_t alignment, uint64_t offset)
{
    char text[UBSAN_TEXT_BYTES];
    ubsan_words_assumption(text, pointer, alignment, offset);
    report(CALLER, &data->place, text);
}

/* There is nothing to go on with: a test sees #UD behind its finding. */
void ubsan_unreachable(const struct ubsan_place *place)
{
    report(CALLER, place, "a place was reached that was said to be unreachable");
    __builtin_trap();
}
