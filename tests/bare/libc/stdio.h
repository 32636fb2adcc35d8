/* SPDX-License-Identifier: MIT
 *
 * Printing under C's own names, by the core's formatter. There is one stream,
 * and nothing is read.
 * Spec: ISO C17, section 7.21.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

typedef struct bare_stream FILE; /* the name is C's */
#define stdout ((FILE *)0)
#define stderr ((FILE *)0)
#define EOF    (-1)

int printf(const char *restrict format, ...);
int vprintf(const char *restrict format, va_list arguments);
int fprintf(FILE *restrict stream, const char *restrict format, ...);
int vfprintf(FILE *restrict stream, const char *restrict format, va_list arguments);
int sprintf(char *restrict to, const char *restrict format, ...);
int vsprintf(char *restrict to, const char *restrict format, va_list arguments);
int snprintf(char *restrict to, size_t size, const char *restrict format, ...);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments);

int putchar(int letter);
int fputc(int letter, FILE *stream);
int puts(const char *text);
int fputs(const char *restrict text, FILE *restrict stream);
size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict stream);
int fflush(FILE *stream);
