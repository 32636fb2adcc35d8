/* SPDX-License-Identifier: MIT
 *
 * Names of vectors and meanings of error codes.
 * Spec: Intel SDM, volume 3A, table 6-1, section 6.13, section 4.7.
 */
#include "kernel/arch/x86_64/exception_words.h"

#include "base/compiler.h"
#include "hw/cpu.h"
#include "kernel/core/format.h"

#define SELECTOR_BYTES 64 /* the longest is 46 */

struct exception_text {
    const char *name;
    const char *mnemonic;
};

static const struct exception_text texts[VECTORS_EXCEPTION] = {
    [VECTOR_DE] = { "divide error", "#DE" },
    [VECTOR_DB] = { "debug exception", "#DB" },
    [VECTOR_NMI] = { "non-maskable interrupt", "NMI" },
    [VECTOR_BP] = { "breakpoint", "#BP" },
    [VECTOR_OF] = { "overflow", "#OF" },
    [VECTOR_BR] = { "BOUND range exceeded", "#BR" },
    [VECTOR_UD] = { "invalid opcode", "#UD" },
    [VECTOR_NM] = { "no math coprocessor", "#NM" },
    [VECTOR_DF] = { "double fault", "#DF" },
    [VECTOR_TS] = { "invalid TSS", "#TS" },
    [VECTOR_NP] = { "segment not present", "#NP" },
    [VECTOR_SS] = { "stack-segment fault", "#SS" },
    [VECTOR_GP] = { "general protection", "#GP" },
    [VECTOR_PF] = { "page fault", "#PF" },
    [VECTOR_MF] = { "x87 floating-point error", "#MF" },
    [VECTOR_AC] = { "alignment check", "#AC" },
    [VECTOR_MC] = { "machine check", "#MC" },
    [VECTOR_XM] = { "SIMD floating-point error", "#XM" },
    [VECTOR_VE] = { "virtualization exception", "#VE" },
    [VECTOR_CP] = { "control protection", "#CP" },
    [VECTOR_HV] = { "hypervisor injection", "#HV" },
    [VECTOR_VC] = { "VMM communication", "#VC" },
    [VECTOR_SX] = { "security exception", "#SX" },
};

const char *exception_name(unsigned vector)
{
    if (vector >= VECTORS_EXCEPTION)
        return "interrupt";
    return texts[vector].name != NULL ? texts[vector].name : "reserved exception";
}

const char *exception_mnemonic(unsigned vector)
{
    if (vector >= VECTORS_EXCEPTION || texts[vector].mnemonic == NULL)
        return "";
    return texts[vector].mnemonic;
}

size_t exception_debug_cause(char *text, size_t size, uint64_t dr6, uint64_t dr7)
{
    static const struct {
        const char *before, *behind;
    } struck[] = {
        [DR7_RW_EXECUTE] = { "the breakpoint in", "" },
        [DR7_RW_WRITE] = { "data watched by", " was written" },
        [DR7_RW_IO] = { "a port watched by", " was touched" },
        [DR7_RW_ACCESS] = { "data watched by", " was touched" },
    };
    if ((dr6 & DR6_BS) != 0)
        return format_string(text, size, "a single step");
    for (unsigned i = 0; i < DEBUG_REGISTERS; i++) {
        if ((dr6 & (uint64_t)DR6_B0 << i) == 0)
            continue;
        const uint64_t kind = dr7 >> (DR7_RW_SHIFT + DR7_RW_BITS * i) & DR7_RW_MASK;
        return format_string(text, size, "%s DR%u%s", struck[kind].before, i, struck[kind].behind);
    }
    return format_string(text, size,
                         (dr6 & DR6_BD) != 0 ? "a guarded debug register was touched"
                                             : "by an instruction");
}

bool exception_has_error(unsigned vector)
{
    return exception_has_selector(vector) || vector == VECTOR_DF || vector == VECTOR_PF ||
           vector == VECTOR_AC || vector == VECTOR_CP || vector == VECTOR_VC || vector == VECTOR_SX;
}

bool exception_has_selector(unsigned vector)
{
    return vector == VECTOR_TS || vector == VECTOR_NP || vector == VECTOR_SS || vector == VECTOR_GP;
}

const char *exception_page_fault_access(uint64_t error)
{
    const bool from_ring_3 = (error & PF_ERROR_U) != 0;
    if ((error & PF_ERROR_I) != 0)
        return from_ring_3 ? "ring 3's instruction fetch at" : "instruction fetch at";
    if ((error & PF_ERROR_W) != 0)
        return from_ring_3 ? "ring 3's write to" : "write to";
    return from_ring_3 ? "ring 3's read of" : "read of";
}

const char *exception_page_fault_reason(uint64_t error)
{
    if ((error & PF_ERROR_RSVD) != 0)
        return "a reserved bit is set in its page tables";
    if ((error & PF_ERROR_PK) != 0)
        return "its protection key forbids it";
    if ((error & PF_ERROR_SS) != 0)
        return "a shadow-stack access to an ordinary page, or the reverse";
    if ((error & PF_ERROR_P) == 0)
        return "the page is not mapped";
    if ((error & PF_ERROR_I) != 0)
        return "the page is not executable";
    return (error & PF_ERROR_W) != 0 ? "the page is read-only" : "the page forbids it";
}

size_t exception_describe_selector(char *text, size_t size, uint64_t error)
{
    if (error == 0)
        return format_string(text, size, "no selector is involved");
    const char *table = "GDT";
    if ((error & SELECTOR_ERROR_IDT) != 0)
        table = "IDT";
    else if ((error & SELECTOR_ERROR_TI) != 0)
        table = "LDT";
    const char *source = (error & SELECTOR_ERROR_EXT) != 0 ? ", from outside the program" : "";
    return format_string(text, size, "entry %llu of the %s%s",
                         (unsigned long long)(error >> SELECTOR_ERROR_INDEX), table, source);
}

size_t exception_describe(char *text, size_t size, unsigned vector, uint64_t error)
{
    char selector[SELECTOR_BYTES];
    const char *name = exception_name(vector);
    const char *mnemonic = exception_mnemonic(vector);
    if (exception_has_selector(vector)) {
        exception_describe_selector(selector, sizeof(selector), error);
        return format_string(text, size, "%s (%s): %s (error code 0x%llx)", name, mnemonic,
                             selector, (unsigned long long)error);
    }
    if (exception_has_error(vector))
        return format_string(text, size, "%s (%s), error code 0x%llx", name, mnemonic,
                             (unsigned long long)error);
    if (mnemonic[0] == '\0')
        return format_string(text, size, "%s, vector %u", name, vector);
    return format_string(text, size, "%s (%s)", name, mnemonic);
}
