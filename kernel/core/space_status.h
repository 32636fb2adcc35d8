/* SPDX-License-Identifier: MIT
 *
 * What can come of changing an address space. Nothing is changed unless it is
 * SPACE_OK.
 */
#pragma once

enum space_status {
    SPACE_OK = 0,
    SPACE_E_ADDRESS,    /* not whole pages, empty, not canonical, or across two halves */
    SPACE_E_PAGE_ZERO,  /* a null pointer would not fault */
    SPACE_E_W_X,        /* writable and executable */
    SPACE_E_USER,       /* open to ring 3 in the kernel's half */
    SPACE_E_MAPPED,     /* something is mapped there already */
    SPACE_E_NOT_MAPPED, /* a part of it is not mapped */
    SPACE_E_SHARED,     /* belongs to all spaces, and is asked of one */
    SPACE_E_NO_ROOM,    /* no memory for a table */
};

/* The status as a sentence's end: "is mapped already". */
const char *space_status_words(enum space_status status);
