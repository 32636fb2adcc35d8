/* SPDX-License-Identifier: MIT
 *
 * The ELF64 judge against files that clang and ld.lld make: each is linked
 * here, planned, loaded into this process, relocated and, where this machine
 * can, called. Says so if a tool is missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/compiler.h"
#include "hw/elf64.h"
#include "kernel/core/elf64.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/scratch_folder.h"

#define FILE_MAX 0x40000
#define ANSWER   5150 /* 1 + 2 + ... + 100, and 1 for each pointer that is right */

/* A kernel that finds its answer through a hundred pointers. */
static const char source[] =
    "#define P(n) &numbers[n], &numbers[n + 1], &numbers[n + 2], &numbers[n + 3], &numbers[n + 4]\n"
    "#define Q(n) P(n), P(n + 5), P(n + 10), P(n + 15), P(n + 20)\n"
    "static int numbers[101];\n"
    "int *pointers[] = { Q(1), Q(26), Q(51), Q(76) };\n"
    "int **const pointer_to_pointers = pointers;\n"
    "static char zeroed[40000];\n"
    "long entry(void)\n"
    "{\n"
    "    long sum = 0;\n"
    "    for (int i = 0; i < 100; i++)\n"
    "        *pointers[i] = i + 1;\n"
    "    for (int i = 1; i <= 100; i++)\n"
    "        sum += numbers[i] + zeroed[i * 300];\n"
    "    for (int i = 0; i < 100; i++)\n"
    "        sum += pointer_to_pointers[i] == &numbers[i + 1];\n"
    "    return sum;\n"
    "}\n";

static struct scratch_folder folder;
static uint8_t content[FILE_MAX];

#define run(...) scratch_folder_run(&folder, __VA_ARGS__)

static void write_source(const char *text)
{
    char path[SCRATCH_PATH_BYTES];
    scratch_folder_path(&folder, "source.c", path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    fclose(file);
}

/* Compile and link; the flags of each go in as written. */
static void link_kernel(const char *text, const char *compile, const char *link)
{
    write_source(text);
    run("clang --target=x86_64-unknown-none-elf -ffreestanding -mno-red-zone -O1 %s -c source.c "
        "-o source.o",
        compile);
    run("ld.lld -m elf_x86_64 -e entry -z max-page-size=4096 %s source.o -o kernel.elf", link);
}

/* Plan what was linked last, from its bytes alone. */
static enum boot_status plan_kernel(struct elf64_plan *plan)
{
    char path[SCRATCH_PATH_BYTES];
    scratch_folder_path(&folder, "kernel.elf", path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t bytes = fread(content, 1, sizeof(content), file);
    fclose(file);
    assert_in_range(bytes, 1, sizeof(content) - 1);
    struct elf64_header_plan header;
    struct elf64_problem problem;
    const enum boot_status status = elf64_parse_header(content, bytes, &header);
    return status != BOOT_OK
               ? status
               : elf64_make_plan(&header, content + header.program_offset, plan, &problem);
}

/* Load into fresh pages of this process; all segments in one piece, as far apart as planned. */
static uint8_t *load_kernel(const struct elf64_plan *plan, struct elf64_image *image)
{
    const size_t span = plan->pages.last - plan->pages.first + 1;
    uint8_t *pages =
        mmap(NULL, span, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];
        image->pages[i] = pages + (segment->page_virt - plan->pages.first);
        memcpy(image->pages[i] + (segment->virt - segment->page_virt),
               content + segment->file_offset, segment->file_bytes);
    }
    return pages;
}

static bool host_is_x86_64(void)
{
    struct utsname name;
    return uname(&name) == 0 && strcmp(name.machine, "x86_64") == 0;
}

/* Load the kernel where this process has room, relocate it to there, and ask it. */
static void expect_answer(void)
{
    struct elf64_plan plan;
    struct elf64_image image;
    struct elf64_problem problem;
    assert_int_equal(plan_kernel(&plan), BOOT_OK);
    assert_true(plan.is_dynamic);
    uint8_t *pages = load_kernel(&plan, &image);
    const uint64_t slide = (uintptr_t)pages - plan.pages.first;
    assert_int_equal(elf64_relocate(&plan, &image, slide, &problem), BOOT_OK);
    if (host_is_x86_64()) {
        long (*entry)(void) = (long (*)(void))(uintptr_t)(plan.entry + slide);
        assert_int_equal(entry(), ANSWER);
    } else {
        print_message("not an x86-64 machine: loaded and relocated, not called\n");
    }
    assert_int_equal(munmap(pages, plan.pages.last - plan.pages.first + 1), 0);
}

static void loads_position_independent_kernels(void **state)
{
    (void)state;
    static const char *const links[] = {
        "-pie --no-dynamic-linker",
        "-pie --no-dynamic-linker --pack-dyn-relocs=relr",
        "-pie --no-dynamic-linker -z norelro --image-base=0x200000",
        "-pie --no-dynamic-linker --image-base=0xffffffff80000000 -z separate-code",
        "-static -pie --no-dynamic-linker --hash-style=gnu -z now",
    };
    for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
        link_kernel(source, "-fpie", links[i]);
        expect_answer();
    }
}

static void plans_static_kernels(void **state)
{
    (void)state;
    struct elf64_plan plan;
    struct elf64_problem problem;
    struct elf64_image image;
    link_kernel(source, "-fno-pic -mcmodel=kernel", "-static --image-base=0xffffffff80000000");
    assert_int_equal(plan_kernel(&plan), BOOT_OK);
    assert_false(plan.is_dynamic);
    assert_int_equal(plan.slide, 0);
    assert_in_range(plan.entry, 0xFFFFFFFF80000000, UINT64_MAX);
    uint8_t *pages = load_kernel(&plan, &image);
    assert_int_equal(elf64_relocate(&plan, &image, 0, &problem), BOOT_OK);
    assert_int_equal(munmap(pages, plan.pages.last - plan.pages.first + 1), 0);
    link_kernel(source, "-fno-pic -g", "-static");
    assert_int_equal(plan_kernel(&plan), BOOT_OK);
    assert_int_equal(plan.pages.first, 0x200000);
}

static void refuses_other_files(void **state)
{
    (void)state;
    struct elf64_plan plan;
    link_kernel(source, "-fno-pic", "--omagic");
    assert_int_equal(plan_kernel(&plan), BOOT_E_ELF_W_X);
    link_kernel(source, "-fpie", "-pie --dynamic-linker=/lib/ld.so");
    assert_int_equal(plan_kernel(&plan), BOOT_E_ELF_DYNAMIC);
    link_kernel(source, "-fpie", "-r");
    assert_int_equal(plan_kernel(&plan), BOOT_E_ELF_TYPE);
    run("clang --target=i386-unknown-none-elf -ffreestanding -c source.c -o source.o && "
        "ld.lld -m elf_i386 -e entry source.o -o kernel.elf");
    assert_int_equal(plan_kernel(&plan), BOOT_E_ELF_CLASS);
    run("clang --target=aarch64-unknown-none-elf -ffreestanding -c source.c -o source.o && "
        "ld.lld -m aarch64elf -e entry source.o -o kernel.elf");
    assert_int_equal(plan_kernel(&plan), BOOT_E_ELF_MACHINE);
    run("cp source.c kernel.elf");
    assert_int_equal(plan_kernel(&plan), BOOT_E_NOT_ELF);
}

/* A symbol of somebody else, and a library that has it. */
static void refuses_relocations_by_symbol(void **state)
{
    (void)state;
    static const char foreign[] = "extern int foreign;\n"
                                  "int *pointer = &foreign;\n"
                                  "int *entry(void)\n"
                                  "{\n"
                                  "    return pointer;\n"
                                  "}\n";
    struct elf64_plan plan;
    struct elf64_image image;
    struct elf64_problem problem;
    link_kernel(foreign, "-fpic", "-shared");
    assert_int_equal(plan_kernel(&plan), BOOT_OK);
    uint8_t *pages = load_kernel(&plan, &image);
    assert_int_equal(elf64_relocate(&plan, &image, 0, &problem), BOOT_E_ELF_DYNAMIC);
    assert_string_equal(problem.what, "relocation");
    assert_int_equal(munmap(pages, plan.pages.last - plan.pages.first + 1), 0);

    run("echo 'int foreign;' >library.c && clang --target=x86_64-unknown-none-elf -fpic -c "
        "library.c -o library.o && ld.lld -m elf_x86_64 -shared library.o -o library.so");
    link_kernel(foreign, "-fpic", "-shared library.so");
    assert_int_equal(plan_kernel(&plan), BOOT_OK);
    pages = load_kernel(&plan, &image);
    assert_int_equal(elf64_relocate(&plan, &image, 0, &problem), BOOT_E_ELF_DYNAMIC);
    assert_string_equal(problem.what, "dynamic entry");
    assert_int_equal(problem.value, ELF_DT_NEEDED);
    assert_int_equal(munmap(pages, plan.pages.last - plan.pages.first + 1), 0);
}

static int set_up_all(void **state)
{
    (void)state;
    return scratch_folder_make(&folder, "clang ld.lld", "clang, lld");
}

static int tear_down_all(void **state)
{
    (void)state;
    return scratch_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_position_independent_kernels),
        cmocka_unit_test(plans_static_kernels),
        cmocka_unit_test(refuses_other_files),
        cmocka_unit_test(refuses_relocations_by_symbol),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
