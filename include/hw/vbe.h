/* SPDX-License-Identifier: MIT
 *
 * VESA BIOS extensions: the INT 10h functions, the offsets of what they fill
 * in, and the bits that tell a linear direct-colour mode. Plain defines: both
 * blocks are read as bytes.
 * Spec: VBE Core Functions Standard 3.0, sections 4.3 to 4.5.
 */
#pragma once

#define INT10_SET_MODE      0x0000 /* AX: AH = 00h, AL = mode */
#define INT10_TEXT_80X25    0x03
#define VBE_GET_INFO        0x4F00 /* AX; ES:DI = 512 bytes, "VBE2" in front */
#define VBE_GET_MODE_INFO   0x4F01 /* AX; CX = mode, ES:DI = 256 bytes */
#define VBE_SET_MODE        0x4F02 /* AX; BX = mode and flags */
#define VBE_OK              0x004F /* AX afterwards: AL known, AH done */
#define VBE_SET_MODE_LINEAR 0x4000 /* BX bit 14 */

/* The controller's block. */
#define VBE_INFO_BYTES     512
#define VBE_INFO_SIGNATURE 0x00       /* "VESA" */
#define VBE_INFO_VERSION   0x04       /* word, BCD: 0300h is 3.0 */
#define VBE_INFO_MODES     0x0E       /* far pointer to words, FFFFh ends them */
#define VBE_SIGNATURE_ASK  0x32454256 /* "VBE2": answer in the long form */
#define VBE_SIGNATURE      0x41534556 /* "VESA" */
#define VBE_VERSION_2      0x0200     /* linear framebuffers from here on */
#define VBE_VERSION_3      0x0300     /* separate fields for linear modes */
#define VBE_MODE_LIST_END  0xFFFF

/* A mode's block. */
#define VBE_MODE_BYTES         256
#define VBE_MODE_ATTRIBUTES    0x00
#define VBE_MODE_PITCH         0x10
#define VBE_MODE_WIDTH         0x12
#define VBE_MODE_HEIGHT        0x14
#define VBE_MODE_PLANES        0x18
#define VBE_MODE_BITS          0x19
#define VBE_MODE_MODEL         0x1B
#define VBE_MODE_MASKS         0x1F /* red bits, red shift, then green, then blue */
#define VBE_MODE_PHYS          0x28
#define VBE_MODE_LINEAR_PITCH  0x32 /* 3.0 */
#define VBE_MODE_LINEAR_MASKS  0x36 /* 3.0; ordered like VBE_MODE_MASKS */
#define VBE_MODEL_DIRECT       0x06
#define VBE_ATTRIBUTE_USABLE   0x0001
#define VBE_ATTRIBUTE_COLOUR   0x0008
#define VBE_ATTRIBUTE_GRAPHICS 0x0010
#define VBE_ATTRIBUTE_LINEAR   0x0080
