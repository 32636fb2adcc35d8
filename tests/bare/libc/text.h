/* SPDX-License-Identifier: MIT
 *
 * C's own names for what the core has under names of ours, as strings.c gives
 * them. The four memory functions are not here: they have C's names in the core.
 * Spec: ISO C17, section 7.24; POSIX for those that C does not have.
 */
#pragma once

#include <stddef.h>

void *memchr(const void *bytes, int value, size_t count);
void *mempcpy(void *restrict to, const void *restrict from, size_t bytes);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t limit);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t limit);
char *strchr(const char *text, int letter);
char *strrchr(const char *text, int letter);
char *strpbrk(const char *text, const char *letters);
char *strstr(const char *text, const char *wanted);
size_t strspn(const char *text, const char *letters);
size_t strcspn(const char *text, const char *letters);

char *strcpy(char *restrict to, const char *restrict from);
char *strncpy(char *restrict to, const char *restrict from, size_t limit);
char *strcat(char *restrict to, const char *restrict from);
char *strncat(char *restrict to, const char *restrict from, size_t limit);
char *stpcpy(char *restrict to, const char *restrict from);
char *stpncpy(char *restrict to, const char *restrict from, size_t limit);

void bcopy(const void *from, void *to, size_t bytes);
void bzero(void *to, size_t bytes);
int bcmp(const void *left, const void *right, size_t bytes);
char *index(const char *text, int letter);
char *rindex(const char *text, int letter);
