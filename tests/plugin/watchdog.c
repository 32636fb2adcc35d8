/* SPDX-License-Identifier: MIT
 *
 * End a machine that has run too many guest instructions: a QEMU TCG plugin. A
 * guest that hangs while its CPU runs is told from one that is slow by what it
 * executes, not by the host's clock. Counts everything, the firmware included,
 * block by block; a block that is left early counts whole.
 *
 *   -plugin watchdog.so,limit=NUMBER
 *
 * Spec: QEMU documentation, "QEMU TCG Plugins", API version 1.
 */
#include "qemu_plugin_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_STATUS_LIMIT 98 /* vmlib/qemu.py knows it as LIMIT_REACHED */

int qemu_plugin_version = PLUGIN_API_VERSION;

static uint64_t limit;
static uint64_t executed;

static void count_block(unsigned int vcpu, void *instructions)
{
    (void)vcpu;
    executed += (uintptr_t)instructions;
    if (executed > limit)
        _exit(EXIT_STATUS_LIMIT);
}

static void translate_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, count_block, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *machine, int count, char **arguments)
{
    static const char key[] = "limit=";
    (void)machine;
    if (count == 1 && strncmp(arguments[0], key, sizeof(key) - 1) == 0)
        limit = strtoull(arguments[0] + sizeof(key) - 1, NULL, 10);
    if (limit == 0) {
        fprintf(stderr, "watchdog: limit=NUMBER is needed\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
    return 0;
}
