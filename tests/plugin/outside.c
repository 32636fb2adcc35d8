/* SPDX-License-Identifier: MIT
 *
 * See outside.h. The firmware is left out because it polls: its share differs from
 * run to run. A `rep` instruction counts once per iteration and once for the test
 * that ends it, since that is how TCG runs it. Counting is per instruction, not
 * per block: a block that is left early by a fault or an interrupt counts only
 * what it ran.
 */
#include "outside.h"

#define FIRMWARE_FIRST 0xA0000 /* SMRAM, which SeaBIOS enters for each disk call, ... */
#define FIRMWARE_LAST  0xFFFFF /* ... option ROMs and the system ROM */

bool outside_firmware(uint64_t address)
{
    return address < FIRMWARE_FIRST || address > FIRMWARE_LAST;
}

void outside_count(struct qemu_plugin_insn *insn, uint64_t *counter)
{
    if (outside_firmware(qemu_plugin_insn_vaddr(insn)))
        qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}
