/* SPDX-License-Identifier: MIT
 *
 * The audit at entry as a demand: a kernel that was mapped badly does not run.
 */
#pragma once

#include "kernel/arch/x86_64/audit.h"

/* Audit the tables of the hand-off, before anything is built on them; panics as below. */
void boot_audit(void);

/* Audit the tables in use; panics with the address of the page that breaks a rule. */
void boot_require_audit(struct audit_report *report);
