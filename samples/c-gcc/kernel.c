/* SPDX-License-Identifier: MIT
 *
 * A kernel in C in one file, for Coldstart's loader: it looks at what it was given,
 * says so, and takes commands from the serial port. Interrupts stay off, so it
 * needs no tables of its own; the loader's stack and page tables do.
 */
#include <coldstart/boot_info.h>
#include <coldstart/requirements.h>

/* Protocol 1, boot_info as these headers know it, 8 MiB of memory. The loader checks it. */
BOOT_REQUIRE(1, sizeof(struct boot_info), 8 * 1024, 0);

/* The loader has set the first serial port up, 115200 8N1, and so it is used as it is. */
#define COM1            0x3F8
#define COM1_STATUS     0x3FD
#define STATUS_RECEIVED 0x01
#define STATUS_CAN_SEND 0x20
#define STATUS_ALL_SENT 0x40
#define WAIT_MAX        100000 /* a port that is not there never becomes ready */

#define PORT_E9         0xE9   /* QEMU and Bochs show what comes here */
#define PORT_DEBUG_EXIT 0xF4   /* QEMU: -device isa-debug-exit,iobase=0xf4,iosize=4 */
#define EXIT_SUCCESS    0x10   /* becomes QEMU's status 33 */
#define PORT_SHUTDOWN   0x8900 /* Bochs */

#define TEXT_COLOUR 0x0700 /* grey on black, in the upper byte of each cell */

static const struct boot_info *boot;
static volatile uint16_t *cell, *last_cell; /* of the text screen; NULL: it is none */

static void out(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* Physical memory is seen at direct_map_base. */
static void *at(uint64_t phys)
{
    return (void *)(boot->direct_map_base + phys);
}

/* The rows below the loader's text. A screen that is full stays as it is: serial has it all. */
static void screen_put(char letter)
{
    const unsigned columns = boot->video.width;

    if (cell == NULL || cell > last_cell)
        return;
    if (letter == '\n')
        cell += columns - (unsigned)(cell - (uint16_t *)at(boot->video.phys)) % columns;
    else
        *cell++ = TEXT_COLOUR | (uint8_t)letter;
}

static void screen_start(void)
{
    const struct boot_video *const video = &boot->video;

    if (video->kind == BOOT_VIDEO_TEXT) {
        cell = (uint16_t *)at(video->phys) + video->cursor_row * video->width;
        last_cell = (uint16_t *)at(video->phys) + video->width * video->height - 1;
        return;
    }
    /* A framebuffer has no letters: its upper half turns white, to show that it is there. */
    for (uint64_t i = 0; i < (uint64_t)video->pitch * video->height / 2; i++)
        ((volatile uint8_t *)at(video->phys))[i] = 0xFF;
}

static void wait_for(uint8_t status)
{
    for (unsigned i = 0; i < WAIT_MAX && !(in(COM1_STATUS)&status); i++)
        ;
}

static void send(char letter)
{
    wait_for(STATUS_CAN_SEND);
    out(COM1, (uint8_t)letter);
    out(PORT_E9, (uint8_t)letter);
}

static void say(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            send('\r'); /* a terminal wants both */
        send(*text);
        screen_put(*text);
    }
}

static void say_number(uint64_t number)
{
    char digits[21]; /* 2^64 has 20 */
    unsigned i = sizeof(digits) - 1;

    digits[i] = '\0';
    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    say(digits + i);
}

static _Noreturn void leave(void)
{
    wait_for(STATUS_ALL_SENT); /* the last letters, too */
    out(PORT_DEBUG_EXIT, EXIT_SUCCESS);
    for (const char *word = "Shutdown"; *word != '\0'; word++)
        out(PORT_SHUTDOWN, (uint8_t)*word);
    for (;;)
        __asm__ volatile("cli\n\thlt");
}

static int is_same(const char *one, const char *other)
{
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static void show_memory(void)
{
    const struct boot_memory_range *const ranges = at(boot->memory_phys);
    uint64_t bytes = 0;

    for (unsigned i = 0; i < boot->memory_count; i++) {
        if (ranges[i].type == BOOT_MEMORY_USABLE)
            bytes += ranges[i].last - ranges[i].first + 1;
    }
    say("memory: ");
    say_number(bytes / 1024);
    say(" KiB free, in a map of ");
    say_number(boot->memory_count);
    say(" ranges\n");
}

static void show_boot(void)
{
    const struct boot_module *const modules = at(boot->module_phys);

    say("hello from C, built by gcc\nprotocol: ");
    say_number(boot->version);
    say("\n");
    show_memory();
    say("command line: ");
    say(at(boot->command_line_phys));
    say("\n");
    for (unsigned i = 0; i < boot->module_count; i++) {
        say("module: ");
        say(at(modules[i].name_phys));
        say(", ");
        say_number(modules[i].bytes);
        say(" bytes\n");
    }
    say(boot->video.kind == BOOT_VIDEO_TEXT ? "screen: text, " : "screen: framebuffer, ");
    say_number(boot->video.width);
    say(" x ");
    say_number(boot->video.height);
    say("\n");
}

/* A line from the serial port, echoed; cut to fit, without its end. */
static void read_line(char *line, unsigned size)
{
    unsigned length = 0;

    for (;;) {
        while (!(in(COM1_STATUS)&STATUS_RECEIVED))
            ;
        const char letter[2] = { (char)in(COM1), '\0' };
        if (letter[0] == '\r' || letter[0] == '\n')
            break;
        if (letter[0] < ' ' || letter[0] > '~' || length + 1 == size)
            continue;
        line[length++] = letter[0];
        say(letter);
    }
    line[length] = '\0';
    say("\n");
}

static void obey(const char *line)
{
    if (is_same(line, "help")) {
        say("commands: help, mem, exit\n");
    } else if (is_same(line, "mem")) {
        show_memory();
    } else if (is_same(line, "exit")) {
        say("bye\n");
        leave();
    } else {
        say("you said: ");
        say(line);
        say("\n");
    }
}

/*
 * The entry point, a C function like any other: boot_info comes in RDI, where the
 * first argument goes, and the stack is as after a call. It has nowhere to return to.
 */
_Noreturn void _start(const struct boot_info *info)
{
    char line[80];

    boot = info;
    if (boot->magic != BOOT_INFO_MAGIC || boot->version < BOOT_PROTOCOL_VERSION ||
        boot->bytes < sizeof(*boot)) {
        say("this is not the boot protocol this kernel was built for\n");
        leave();
    }
    screen_start();
    show_boot();
    if (is_same(at(boot->command_line_phys), "exit"))
        leave();
    for (;;) {
        say("> ");
        read_line(line, sizeof(line));
        obey(line);
    }
}
