/* SPDX-License-Identifier: MIT
 *
 * The I/O ports. Ordinary functions, so that a test can put its own in their
 * place. A port without a device reads as all ones.
 */
#pragma once

#include <stdint.h>

uint8_t port_read8(uint16_t port);
uint16_t port_read16(uint16_t port);
void port_write8(uint16_t port, uint8_t value);
void port_write16(uint16_t port, uint16_t value);
