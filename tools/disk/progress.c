/* SPDX-License-Identifier: MIT
 *
 * See progress.h.
 */
#include "tools/disk/progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "tools/disk/json.h"
#include "tools/disk/say.h"
#include "tools/disk/size.h"

#define TENTHS     10
#define PERCENT    100
#define MS_SHOWN   200 /* a terminal's line changes no more often */
#define MS_PER_S   1000
#define NS_PER_MS  1000000
#define LINE_BYTES 160

static struct {
    const char *phase;
    uint64_t total, started_ms, shown_ms;
    uint64_t tenth; /* the last one told */
    bool is_terminal, is_line_open;
} work;

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

void progress_start(const char *phase, uint64_t total_bytes)
{
    work.phase = phase;
    work.total = total_bytes;
    work.started_ms = work.shown_ms = now_ms();
    work.tenth = 0;
    work.is_terminal = !say_is_json() && isatty(STDOUT_FILENO);
    work.is_line_open = false;
}

static void show(uint64_t bytes, uint64_t now)
{
    const uint64_t passed_ms = now == work.started_ms ? 1 : now - work.started_ms;
    const uint64_t speed = bytes * MS_PER_S / passed_ms;
    const uint64_t left_s = speed == 0 ? 0 : (work.total - bytes) / speed;
    char speed_text[SIZE_TEXT_BYTES];

    if (say_is_json()) {
        json_open(NULL);
        json_text("event", "progress");
        json_text("phase", work.phase);
        json_number("bytes", bytes);
        json_number("total", work.total);
        json_number("bytes_per_second", speed);
        json_number("seconds_left", left_s);
        json_close();
        return;
    }
    char line[LINE_BYTES];
    snprintf(line, sizeof(line),
             "%s: %" PRIu64 " of %" PRIu64 " bytes, %" PRIu64 " %%, %s/s, %" PRIu64 " s left",
             work.phase, bytes, work.total, bytes * PERCENT / work.total,
             size_text(speed, speed_text), left_s);
    printf(work.is_terminal ? "\r\033[K%s" : "%s\n", line);
    fflush(stdout);
    work.is_line_open = work.is_terminal;
}

void progress_at(uint64_t bytes)
{
    const uint64_t now = now_ms();
    const uint64_t tenth = bytes * TENTHS / work.total;

    if (work.is_terminal ? bytes == work.total || now - work.shown_ms >= MS_SHOWN
                         : tenth != work.tenth)
        show(bytes, now);
    else
        return;
    work.shown_ms = now;
    work.tenth = tenth;
}

void progress_end(void)
{
    if (work.is_line_open)
        putchar('\n');
    work.is_line_open = false;
}
