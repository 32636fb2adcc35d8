/* SPDX-License-Identifier: MIT
 *
 * See options.h.
 */
#include "tools/disk/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/disk/beside.h"

/* Beyond every letter: these options have none. */
enum option_code {
    OPTION_YES = 256,
    OPTION_FILE,
    OPTION_INSTALL,
    OPTION_UNINSTALL,
    OPTION_GROW,
    OPTION_SAVED,
    OPTION_STAGE1,
    OPTION_STAGE2,
    OPTION_DRY_RUN,
    OPTION_JSON,
    OPTION_NO_EJECT,
    OPTION_HELP,
};

static const char usage[] =
    "Usage: write                     list the disks, and which can be written\n"
    "       write DEVICE [IMAGE]      write IMAGE to a whole disk, and verify it\n"
    "       write --install DEVICE [--saved FILE]\n"
    "                                 the loader onto a disk that keeps its partitions\n"
    "       write --uninstall DEVICE --saved FILE\n"
    "                                 and off it again\n"
    "       write --grow DEVICE [--saved FILE]\n"
    "                                 the boot volume up to the end of the disk, with its files\n"
    "\n"
    "  IMAGE          default: coldstart.img of the build\n"
    "  --saved FILE   the old sectors: --install and --grow write it, --uninstall reads it\n"
    "  --stage1 FILE, --stage2 FILE\n"
    "                 what --install installs; default: those of the build\n"
    "  --yes SERIAL   ask nothing if this is the disk's serial number, as the list shows it;\n"
    "                 of a disk that has none, and of a file, the name\n"
    "  --file         DEVICE may be a plain file\n"
    "  --dry-run      do all but writing\n"
    "  --json         say everything as JSON, one object a line\n"
    "  --no-eject     leave the disk attached\n"
    "  --help         this text\n"
    "\n"
    "Status: 0 done; 1 refused or failed, and what is on the disk now is said; 2 misused.\n";

static NORETURN void misused(const char *what)
{
    if (what != NULL)
        fprintf(stderr, "write: %s\n", what);
    fputs("Try: write --help\n", stderr);
    exit(STATUS_MISUSED);
}

/* An option that says what to do; two of them contradict each other. */
static void take_mode(struct request *request, enum request_mode mode)
{
    if (request->mode != REQUEST_LIST)
        misused("one thing at a time");
    request->mode = mode;
}

static void take_option(struct request *request, int code)
{
    switch (code) {
    case OPTION_YES:
        request->serial = optarg;
        break;
    case OPTION_INSTALL:
        take_mode(request, REQUEST_INSTALL);
        break;
    case OPTION_UNINSTALL:
        take_mode(request, REQUEST_UNINSTALL);
        break;
    case OPTION_GROW:
        take_mode(request, REQUEST_GROW);
        break;
    case OPTION_SAVED:
        request->saved = optarg;
        break;
    case OPTION_STAGE1:
        request->stage1 = optarg;
        break;
    case OPTION_STAGE2:
        request->stage2 = optarg;
        break;
    case OPTION_FILE:
        request->file_allowed = true;
        break;
    case OPTION_DRY_RUN:
        request->dry_run = true;
        break;
    case OPTION_JSON:
        request->json = true;
        break;
    case OPTION_NO_EJECT:
        request->no_eject = true;
        break;
    case OPTION_HELP:
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);
    default:
        misused(NULL);
    }
}

/* The words that are no options: DEVICE and IMAGE. */
static void take_words(struct request *request, int count, char **words)
{
    if (count > 0 && request->mode == REQUEST_LIST)
        request->mode = REQUEST_WRITE;
    if (count > 0)
        request->device = words[0];
    else if (request->mode != REQUEST_LIST)
        misused("DEVICE is missing");
    if (count > 1)
        request->image = words[1];
    if (count > (request->mode == REQUEST_WRITE ? 2 : 1))
        misused("too many words");
}

/* Options that another asks for, or that nothing uses. */
static void check_words(const struct request *request)
{
    if (request->mode == REQUEST_UNINSTALL && request->saved == NULL)
        misused("--uninstall needs --saved FILE");
    if (request->saved != NULL && request->mode != REQUEST_INSTALL &&
        request->mode != REQUEST_UNINSTALL && request->mode != REQUEST_GROW)
        misused("--saved goes with --install, --uninstall and --grow");
}

static void use_defaults(struct request *request)
{
    if (request->image == NULL)
        request->image = beside_find("coldstart.img");
    if (request->stage1 == NULL)
        request->stage1 = beside_find("stage1.bin");
    if (request->stage2 == NULL)
        request->stage2 = beside_find("stage2.bin");
}

struct request options_read(int count, char **arguments)
{
    static const struct option known[] = {
        { "yes", required_argument, NULL, OPTION_YES },
        { "file", no_argument, NULL, OPTION_FILE },
        { "dry-run", no_argument, NULL, OPTION_DRY_RUN },
        { "install", no_argument, NULL, OPTION_INSTALL },
        { "uninstall", no_argument, NULL, OPTION_UNINSTALL },
        { "grow", no_argument, NULL, OPTION_GROW },
        { "saved", required_argument, NULL, OPTION_SAVED },
        { "stage1", required_argument, NULL, OPTION_STAGE1 },
        { "stage2", required_argument, NULL, OPTION_STAGE2 },
        { "json", no_argument, NULL, OPTION_JSON },
        { "no-eject", no_argument, NULL, OPTION_NO_EJECT },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    struct request request = { .mode = REQUEST_LIST };
    int code;

    while ((code = getopt_long(count, arguments, "", known, NULL)) != -1)
        take_option(&request, code);
    take_words(&request, count - optind, arguments + optind);
    check_words(&request);
    use_defaults(&request);
    return request;
}
