/* SPDX-License-Identifier: MIT
 *
 * See options.h.
 */
#include "tools/image/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage2/plan/config.h"
#include "tools/image/judge_file.h"
#include "tools/image/say.h"

#define MIB_PER_GIB     1024
#define SIZE_DIGITS     7
#define HEXADECIMAL     16
#define DECIMAL         10
#define FIRST_PRINTABLE ' '
#define LAST_ASCII      '~'

/* Not allowed in a label. Spec: Microsoft FAT specification, section 6.1. */
static const char label_forbidden[] = "\"*+,./:;<=>?[\\]|";

static const char usage[] =
    "Usage: mkimage -o IMAGE --kernel FILE [options]\n"
    "       mkimage --check KERNEL|IMAGE|DISK [--json]\n"
    "\n"
    "  -o IMAGE               the image to write\n"
    "  --kernel FILE          an ELF64 kernel; goes to /boot/kernel.elf\n"
    "  --kernel-path /PATH    ... or there\n"
    "  --format FORM          raw (default), vhd, vmdk, qcow2, iso: docs/image-forms.md\n"
    "  --size SIZE            of the image: 64M (default), 1G, ...; at least 16M; auto: as small "
    "as\n"
    "                         the contents allow\n"
    "  --fat 12|16|32         kind of FAT; default: 32 from 64M on, 16 below\n"
    "  --label NAME           of the volume; default: COLDSTART\n"
    "  --signature HEX        of the disk, eight digits; default: stage 2's build id\n"
    "  --stage1 FILE          the loader; default: stage1.bin and stage2.bin of the build folder,\n"
    "  --stage2 FILE          or of share/coldstart where this program is installed\n"
    "  --cmdline TEXT         the kernel's command line\n"
    "  --video MODE           text, or WIDTHxHEIGHTxBITS such as 1024x768x32\n"
    "  --module FILE[=NAME]   goes to /boot, and the loader hands it to the kernel; repeatable\n"
    "  --file FILE:/PATH      goes to /PATH on the volume, nothing more; repeatable\n"
    "  --folder DIR           all files below it, with their folders; repeatable\n"
    "  --no-crc               no checksums in coldstart.cfg; default: --crc\n"
    "  --config FILE          a coldstart.cfg to use instead of the usual one\n"
    "  --first-bytes bpb|nt   of the image: EB 58 90 (default), or 33 C0 EB 56 for BIOSes that\n"
    "                         expect the code of Windows NT\n"
    "  --no-bpb               zeros where a BPB would be, for BIOSes that a BPB confuses\n"
    "  --no-strip             keep the kernel's debug sections; default: --strip\n"
    "  --force                make the image though the loader would refuse what is on it\n"
    "  --json                 tell what was made, or found, as JSON on standard output\n"
    "  --check FILE           what the loader would say of a kernel, an image or a disk, and why;\n"
    "                         status 0: it boots, 1: it does not, 2: misused\n"
    "  --help                 this text\n"
    "\n"
    "With --config the file is taken as it is, so --cmdline, --video, --module and --kernel-path "
    "do\n"
    "not go with it.\n";

enum letter {
    LETTER_KERNEL = 'z' + 1,
    LETTER_KERNEL_PATH,
    LETTER_SIZE,
    LETTER_FAT,
    LETTER_LABEL,
    LETTER_SIGNATURE,
    LETTER_STAGE1,
    LETTER_STAGE2,
    LETTER_CMDLINE,
    LETTER_VIDEO,
    LETTER_MODULE,
    LETTER_FILE,
    LETTER_FOLDER,
    LETTER_CRC,
    LETTER_NO_CRC,
    LETTER_CONFIG,
    LETTER_FIRST_BYTES,
    LETTER_NO_BPB,
    LETTER_STRIP,
    LETTER_NO_STRIP,
    LETTER_FORCE,
    LETTER_JSON,
    LETTER_CHECK,
    LETTER_FORMAT
};

static const struct option known[] = {
    { "kernel", required_argument, NULL, LETTER_KERNEL },
    { "kernel-path", required_argument, NULL, LETTER_KERNEL_PATH },
    { "size", required_argument, NULL, LETTER_SIZE },
    { "fat", required_argument, NULL, LETTER_FAT },
    { "label", required_argument, NULL, LETTER_LABEL },
    { "signature", required_argument, NULL, LETTER_SIGNATURE },
    { "stage1", required_argument, NULL, LETTER_STAGE1 },
    { "stage2", required_argument, NULL, LETTER_STAGE2 },
    { "cmdline", required_argument, NULL, LETTER_CMDLINE },
    { "video", required_argument, NULL, LETTER_VIDEO },
    { "module", required_argument, NULL, LETTER_MODULE },
    { "file", required_argument, NULL, LETTER_FILE },
    { "folder", required_argument, NULL, LETTER_FOLDER },
    { "crc", no_argument, NULL, LETTER_CRC },
    { "no-crc", no_argument, NULL, LETTER_NO_CRC },
    { "config", required_argument, NULL, LETTER_CONFIG },
    { "first-bytes", required_argument, NULL, LETTER_FIRST_BYTES },
    { "no-bpb", no_argument, NULL, LETTER_NO_BPB },
    { "strip", no_argument, NULL, LETTER_STRIP },
    { "no-strip", no_argument, NULL, LETTER_NO_STRIP },
    { "force", no_argument, NULL, LETTER_FORCE },
    { "json", no_argument, NULL, LETTER_JSON },
    { "check", required_argument, NULL, LETTER_CHECK },
    { "format", required_argument, NULL, LETTER_FORMAT },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static void list_add(struct option_list *list, const char *value)
{
    list->values = realloc(list->values, (list->count + 1) * sizeof(*list->values));
    if (list->values == NULL)
        fail("no memory left");
    list->values[list->count++] = value;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if (iscntrl((unsigned char)*text))
            return true;
    }
    return false;
}

static void size_read(struct options *options, const char *text)
{
    options->size_text = text;
    if (strcmp(text, "auto") == 0) {
        options->size_mib = 0;
        return;
    }
    const size_t digits = strspn(text, "0123456789");
    const char unit = text[digits];
    if (digits == 0 || digits > SIZE_DIGITS || text[0] == '0' || (unit != 'M' && unit != 'G') ||
        text[digits + 1] != '\0')
        misused("--size wants a size such as 64M or 1G, or auto");
    options->size_mib = strtoull(text, NULL, DECIMAL) * (unit == 'G' ? MIB_PER_GIB : 1);
    if (options->size_mib < SIZE_LEAST_MIB)
        misused("--size: at least %dM", SIZE_LEAST_MIB);
    if (options->size_mib > SIZE_MOST_MIB)
        misused("--size: an MBR describes less than 2 TiB");
}

static unsigned fat_read(const char *text)
{
    if (strcmp(text, "12") != 0 && strcmp(text, "16") != 0 && strcmp(text, "32") != 0)
        misused("--fat wants 12, 16 or 32");
    return (unsigned)strtoul(text, NULL, DECIMAL);
}

/* FAT labels have no lower case. */
static void label_read(struct options *options, const char *text)
{
    const size_t bytes = strlen(text);

    if (bytes == 0 || bytes > LABEL_BYTES || text[0] == ' ')
        misused("--label wants 1 to %d characters, the first no blank", LABEL_BYTES);
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] < FIRST_PRINTABLE || text[i] > LAST_ASCII ||
            strchr(label_forbidden, text[i]) != NULL)
            misused("--label: a FAT volume's label has only ASCII, and none of %s",
                    label_forbidden);
        options->label[i] = (char)toupper((unsigned char)text[i]);
    }
    options->label[bytes] = '\0';
}

static uint32_t signature_read(const char *text)
{
    const size_t digits = 2 * sizeof(uint32_t);

    if (strlen(text) != digits || strspn(text, "0123456789abcdefABCDEF") != digits)
        misused("--signature wants eight hex digits");
    const uint32_t signature = (uint32_t)strtoul(text, NULL, HEXADECIMAL);
    if (signature == 0)
        misused("--signature: zeros mean that a disk has none");
    return signature;
}

/* The loader's own parser judges what goes into coldstart.cfg. */
static bool config_takes(const char *key, const char *value)
{
    struct config *const config = malloc(sizeof(*config));
    struct config_problem problem;
    char *const text =
        text_make("kernel = %s\n%s%s%s\n", strcmp(key, "kernel") == 0 ? value : KERNEL_USUAL_PATH,
                  strcmp(key, "kernel") == 0 ? "# " : key, " = ", value);

    if (config == NULL)
        fail("no memory left");
    const bool good = config_parse(text, strlen(text), config, &problem) == BOOT_OK;
    free(text);
    free(config);
    return good;
}

static void value_take(struct options *options, int letter, const char *value)
{
    switch (letter) {
    case LETTER_SIZE:
        size_read(options, value);
        break;
    case LETTER_FAT:
        options->fat = fat_read(value);
        break;
    case LETTER_LABEL:
        label_read(options, value);
        break;
    case LETTER_SIGNATURE:
        options->signature = signature_read(value);
        break;
    case LETTER_CMDLINE:
        if (has_control(value))
            misused("--cmdline must be one line of text");
        if (!config_takes("cmdline", value))
            misused("--cmdline: at most %d bytes", CONFIG_CMDLINE_SIZE - 1);
        options->command_line = value;
        break;
    case LETTER_VIDEO:
        if (!config_takes("video", value))
            misused("--video wants text, or WIDTHxHEIGHTxBITS with 15, 16, 24 or 32 bits");
        options->video = value;
        break;
    case LETTER_KERNEL_PATH:
        if (!config_takes("kernel", value))
            misused("--kernel-path wants a path on the volume, such as /boot/my.elf, no blanks");
        options->kernel_path = value;
        break;
    case LETTER_FORMAT:
        options->form = form_find(value);
        if (options->form == IMAGE_FORMS)
            misused("--format wants raw, vhd, vmdk, qcow2 or iso");
        break;
    case LETTER_MODULE:
        list_add(&options->modules, value);
        break;
    case LETTER_FILE:
        list_add(&options->files, value);
        break;
    case LETTER_FOLDER:
        list_add(&options->folders, value);
        break;
    case LETTER_FIRST_BYTES:
        if (strcmp(value, "bpb") != 0 && strcmp(value, "nt") != 0)
            misused("--first-bytes wants bpb or nt");
        options->nt_first_bytes = strcmp(value, "nt") == 0;
        break;
    default:
        break;
    }
}

/* The plain ones: a path, or a yes or no. */
static void plain_take(struct options *options, int letter, const char *value)
{
    switch (letter) {
    case 'o':
        options->out = value;
        break;
    case LETTER_KERNEL:
        options->kernel = value;
        break;
    case LETTER_STAGE1:
        options->stage1 = value;
        break;
    case LETTER_STAGE2:
        options->stage2 = value;
        break;
    case LETTER_CONFIG:
        options->config = value;
        break;
    case LETTER_CHECK:
        options->check = value;
        break;
    case LETTER_CRC:
    case LETTER_NO_CRC:
        options->no_crc = letter == LETTER_NO_CRC;
        break;
    case LETTER_NO_BPB:
        options->no_bpb = true;
        break;
    case LETTER_STRIP:
    case LETTER_NO_STRIP:
        options->no_strip = letter == LETTER_NO_STRIP;
        break;
    case LETTER_FORCE:
        options->force = true;
        break;
    case LETTER_JSON:
        options->json = true;
        break;
    default:
        value_take(options, letter, value);
        break;
    }
}

/* What does not go together, and what is missing. */
static void options_judge(const struct options *options)
{
    const struct {
        bool given;
        const char *name;
    } lost[] = { { options->command_line != NULL, "--cmdline" },
                 { options->video != NULL, "--video" },
                 { options->modules.count != 0, "--module" },
                 { options->kernel_path != NULL, "--kernel-path" } };

    if (options->check != NULL) {
        if (options->out != NULL || options->kernel != NULL)
            misused("--check or -o IMAGE, not both");
        return;
    }
    if (options->out == NULL)
        misused("-o IMAGE is missing");
    if (options->kernel == NULL)
        misused("--kernel FILE is missing");
    for (unsigned i = 0; options->config != NULL && i < sizeof(lost) / sizeof(lost[0]); i++) {
        if (lost[i].given)
            misused("%s or --config, not both", lost[i].name);
    }
}

struct options options_read(int count, char **arguments)
{
    struct options options = { .size_text = "64M", .size_mib = 64, .label = "COLDSTART" };
    int letter;

    opterr = 0;
    while ((letter = getopt_long(count, arguments, ":o:h", known, NULL)) != -1) {
        if (letter == 'h') {
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        }
        if (letter == ':')
            misused("%s needs a value", arguments[optind - 1]);
        if (letter == '?')
            misused("no such option: %s", arguments[optind - 1]);
        plain_take(&options, letter, optarg);
    }
    if (optind != count)
        misused("no such option: %s", arguments[optind]);
    options_judge(&options);
    if (options.kernel_path == NULL)
        options.kernel_path = KERNEL_USUAL_PATH;
    return options;
}
