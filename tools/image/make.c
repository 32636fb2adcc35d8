/* SPDX-License-Identifier: MIT
 *
 * See make.h. The image is made in a folder of its own, judged as the loader will judge
 * it, and only then gets its name.
 */
#include "tools/image/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage2/plan/config.h"
#include "tools/disk/beside.h"
#include "tools/image/config_make.h"
#include "tools/image/explain.h"
#include "tools/image/forms.h"
#include "tools/image/host_file.h"
#include "tools/image/made.h"
#include "tools/image/programs.h"
#include "tools/image/say.h"
#include "tools/image/volume_make.h"
#include "tools/image/work.h"

#define IMAGE_MODE 0666

/* What was built or installed with this program; host_file_need tells when it is not there. */
static const char *beside_need(const char *name)
{
    const char *const path = beside_find(name);
    if (path == NULL)
        fail("/proc/self/exe does not tell where this program lies");
    return path;
}

/* The first of them that is there; LLVM's is the one the usual image is made with. */
static const char *const strippers[] = { "llvm-objcopy", "objcopy" };

static const char *stripper(void)
{
    for (unsigned i = 0; i < sizeof(strippers) / sizeof(strippers[0]); i++) {
        if (program_is_there(strippers[i]))
            return strippers[i];
    }
    fail("neither llvm-objcopy nor objcopy is installed (Debian and Ubuntu: apt install llvm, or "
         "binutils); or --no-strip");
}

/* A copy without debug sections. What is no kernel at all is refused in the loader's words. */
static char *kernel_strip(const char *kernel)
{
    char *const copy = work_path("kernel.elf");
    const char *const words[] = { stripper(), "--strip-debug", kernel, copy, NULL };
    const char *const reason = program_run(words, "objcopy failed");

    if (reason == NULL)
        return copy;
    explain_refused_kernel(kernel);
    fail("%s: %s; --no-strip takes it as it is", kernel, reason);
}

static void add_checked(const struct options *options, struct making *making, const char *from,
                        const char *path)
{
    contents_add(&making->contents, from, path);
    if (options->no_crc)
        return;
    char *const line = text_make("%s %08x", path, host_file_crc32c(from));
    char *const longer = text_make("%scrc32c = %s\n", making->checksums, line);
    free(line);
    free(making->checksums);
    making->checksums = longer;
}

static void add_kernel(const struct options *options, struct making *making)
{
    making->kernel_bytes = host_file_need(options->kernel);
    char *const copy =
        options->no_strip ? text_make("%s", options->kernel) : kernel_strip(options->kernel);

    add_checked(options, making, copy, options->kernel_path);
    free(copy);
}

/* FILE or FILE=NAME; the line of coldstart.cfg is added to `config`. */
static void add_module(const struct options *options, struct making *making, const char *module,
                       struct config_make *config)
{
    const char *const equals = strrchr(module, '=');
    char *const from =
        text_make("%.*s", equals != NULL ? (int)(equals - module) : (int)strlen(module), module);
    const char *const slash = strrchr(from, '/');
    char *const path = text_make("/boot/%s", slash != NULL ? slash + 1 : from);
    char *const line = equals != NULL && equals[1] != '\0' ? text_make("%s %s", path, equals + 1)
                                                           : text_make("%s", path);

    if (strpbrk(path, " \t\n\r\v\f") != NULL ||
        (equals != NULL && strpbrk(equals + 1, " \t\n\r\v\f") != NULL))
        fail("%s: a module's name has no blanks", from);
    add_checked(options, making, from, path);
    config_add(config, "module", line);
    free(line);
    free(path);
    free(from);
}

/* Kernel, modules, and the coldstart.cfg that speaks of them. */
static void add_bootable(const struct options *options, struct making *making)
{
    struct config_make config = { NULL };

    add_kernel(options, making);
    if (options->config != NULL) {
        contents_add(&making->contents, options->config, CONFIG_PATH);
        return;
    }
    const char *const usual = beside_need("coldstart.cfg");
    config_begin(&config, usual, options->kernel_path);
    if (options->command_line != NULL)
        config_add(&config, "cmdline", options->command_line);
    if (options->video != NULL)
        config_add(&config, "video", options->video);
    for (size_t i = 0; i < options->modules.count; i++)
        add_module(options, making, options->modules.values[i], &config);

    char *const whole = text_make("%s%s", config.text, making->checksums);
    char *const file = work_path("coldstart.cfg");
    host_file_write(file, whole, strlen(whole));
    contents_add(&making->contents, file, CONFIG_PATH);
    free(file);
    free(whole);
    free(config.text);
}

static void add_files(const struct options *options, struct making *making)
{
    for (size_t i = 0; i < options->files.count; i++) {
        const char *const file = options->files.values[i];
        const char *const cut = strstr(file, ":/");
        if (cut == NULL)
            misused("--file wants FILE:/PATH: %s", file);
        char *const from = text_make("%.*s", (int)(cut - file), file);
        contents_add(&making->contents, from, cut + 1);
        free(from);
    }
    for (size_t i = 0; i < options->folders.count; i++)
        contents_add_folder(&making->contents, options->folders.values[i]);
}

/* Stages, table, volume, files: everything, in a new file of holes. */
static void image_write(const struct options *options, struct making *making)
{
    const struct stages *const stages = &making->stages;
    uint8_t sector[SECTOR_BYTES];
    const int fd = open(making->raw, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, IMAGE_MODE);

    if (fd < 0 || ftruncate(fd, (off_t)making->layout.bytes) != 0)
        fail("%s: %s", options->out, strerror(errno));
    sector_make(options, stages, &making->layout, sector);
    host_file_put(fd, options->out, 0, sector, sizeof(sector));
    for (unsigned i = 0; i < sizeof(stages->where.copy_lba) / sizeof(stages->where.copy_lba[0]);
         i++)
        host_file_put(fd, options->out, (uint64_t)stages->where.copy_lba[i] * SECTOR_BYTES,
                      stages->stage2, stages->stage2_bytes);
    if (close(fd) != 0)
        fail("%s: %s", options->out, strerror(errno));
    volume_format(making->raw, &making->layout, options->label);
    volume_fill(making->raw, &making->contents);
    volume_verify(making->raw, &making->layout, &making->contents);
}

static void stages_find(const struct options *options, struct stages *stages)
{
    stages_read(options->stage1 != NULL ? options->stage1 : beside_need("stage1.bin"),
                options->stage2 != NULL ? options->stage2 : beside_need("stage2.bin"), stages);
}

int image_make(const struct options *options)
{
    static struct making making;

    volume_need_programs();
    if (!options->no_strip)
        (void)stripper();
    layout_judge(options);
    stages_find(options, &making.stages);
    work_begin(options->out);
    making.raw = work_path("image");
    making.checksums = text_make("%s", "");
    add_bootable(options, &making);
    add_files(options, &making);
    making.layout = layout_choose(options, &making.contents);
    image_write(options, &making);
    made_judge(options, &making);
    work_go_on();
    /* It has said why not. */
    if (!form_make(options->form, making.raw, options->out))
        return STATUS_FAILED;
    made_report(options, &making);
    return EXIT_SUCCESS;
}
