/* SPDX-License-Identifier: MIT
 *
 * Print the CRC-32C of a file, as coldstart.cfg wants it. On purpose not the
 * loader's own code: the two must agree without having anything in common.
 *
 * Spec: RFC 3720, section 12.1 and appendix B.4.
 */
#include <stdint.h>
#include <stdio.h>

#define POLYNOMIAL_REFLECTED 0x82F63B78u
#define BITS_PER_BYTE        8

static uint32_t table[256];

static void table_fill(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (unsigned bit = 0; bit < BITS_PER_BYTE; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL_REFLECTED : 0);
        table[byte] = crc;
    }
}

int main(int count, char **arguments)
{
    static uint8_t buffer[1 << 16];
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: crc32c FILE\n");
        return 2;
    }
    table_fill();
    uint32_t crc = ~0u;
    size_t bytes;
    while ((bytes = fread(buffer, 1, sizeof buffer, file)) != 0)
        for (size_t i = 0; i < bytes; i++)
            crc = (crc >> BITS_PER_BYTE) ^ table[(crc ^ buffer[i]) & 0xFF];
    if (ferror(file) || fclose(file) != 0) {
        perror(arguments[1]);
        return 1;
    }
    printf("%08x\n", ~crc);
    return 0;
}
