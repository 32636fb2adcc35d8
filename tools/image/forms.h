/* SPDX-License-Identifier: MIT
 *
 * The forms in which an image is handed to a virtual machine: the raw disk made
 * into what a hypervisor reads, or into a CD. Well-kept programs convert; the
 * result holds the raw image byte by byte, and that is proven before it has its name.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* X(name, word on the command line, sentence) */
#define IMAGE_FORM_LIST(X)                                                                         \
    X(IMAGE_RAW, "raw", "the disk, byte by byte: QEMU, Bochs, dd")                                 \
    X(IMAGE_VHD, "vhd", "dynamic VHD: Hyper-V (generation 1), VirtualBox")                         \
    X(IMAGE_VMDK, "vmdk", "one sparse file: VMware, VirtualBox")                                   \
    X(IMAGE_QCOW2, "qcow2", "QEMU, libvirt, Proxmox")                                              \
    X(IMAGE_ISO, "iso", "boots as a CD, and from a stick that it is written to")

enum image_form {
#define IMAGE_FORM_ENUM(name, word, text) name,
    IMAGE_FORM_LIST(IMAGE_FORM_ENUM)
#undef IMAGE_FORM_ENUM
        IMAGE_FORMS
};

/* The form of that word; IMAGE_FORMS: there is none. */
enum image_form form_find(const char *word);

/*
 * Make `out` in this form from `raw`, an image as mkimage makes it. The same raw image
 * makes the same bytes, and a file of that name is replaced only by a whole one.
 * IMAGE_RAW: `raw` is renamed; else it stays as it is. False: why is said on standard
 * error, and nothing of it is left.
 */
MUST_CHECK bool form_make(enum image_form form, const char *raw, const char *out);
