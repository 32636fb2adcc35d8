/* SPDX-License-Identifier: MIT
 *
 * See multiboot2.h. One reader for each tag the kernel can use; the others are
 * passed over. A tag given twice counts twice in lists, else the last one wins.
 */
#include "kernel/foreign/multiboot2.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "hw/multiboot2.h"
#include "hw/vga.h"
#include "kernel/core/firmware_tables.h"
#include "kernel/core/string.h"
#include "kernel/foreign/text.h"

#define BLOCK_BYTES_MAX 0x1000000 /* ours: a larger one is a damaged length */
#define COLOUR_BITS     8         /* of each colour at most: that is what a byte holds */
#define TEXT_CELL_BYTES 2

/* One tag: all its bytes, and how many they are. */
struct tag {
    const uint8_t *bytes;
    uint32_t size;
};

static const char *read_command_line(struct tag tag, struct foreign_facts *facts)
{
    const char *text = (const char *)tag.bytes + MULTIBOOT2_TAG_HEADER;
    if (!foreign_copy_command_line(facts, text, tag.size - MULTIBOOT2_TAG_HEADER))
        return "the command line is longer than the kernel has room for";
    return NULL;
}

static const char *read_loader_name(struct tag tag, struct foreign_facts *facts)
{
    foreign_copy_name(facts->loader, (const char *)tag.bytes + MULTIBOOT2_TAG_HEADER,
                      tag.size - MULTIBOOT2_TAG_HEADER);
    return NULL;
}

static const char *read_module(struct tag tag, struct foreign_facts *facts)
{
    if (tag.size < MULTIBOOT2_MODULE_TEXT)
        return "a module tag is too short";
    if (facts->module_count == FOREIGN_MODULES_MAX)
        return "there are more modules than the kernel has room for";
    const uint32_t start = load_le32(tag.bytes + MULTIBOOT2_MODULE_START);
    const uint32_t end = load_le32(tag.bytes + MULTIBOOT2_MODULE_END);
    if (end < start)
        return "a module ends before it starts";
    struct foreign_module *module = &facts->modules[facts->module_count++];
    module->phys = start;
    module->bytes = end - start;
    foreign_copy_word(module->name, (const char *)tag.bytes + MULTIBOOT2_MODULE_TEXT,
                      tag.size - MULTIBOOT2_MODULE_TEXT);
    return NULL;
}

static const char *read_memory_map(struct tag tag, struct foreign_facts *facts)
{
    if (tag.size < MULTIBOOT2_MEMORY_ENTRIES)
        return "the memory map's tag is too short";
    const uint32_t entry_bytes = load_le32(tag.bytes + MULTIBOOT2_MEMORY_ENTRY_SIZE);
    if (entry_bytes < MULTIBOOT2_MEMORY_ENTRY_MIN)
        return "the entries of the memory map are too short";
    uint32_t left = tag.size - MULTIBOOT2_MEMORY_ENTRIES;
    const uint8_t *entry = tag.bytes + MULTIBOOT2_MEMORY_ENTRIES;
    for (; left >= entry_bytes; left -= entry_bytes, entry += entry_bytes) {
        if (facts->memory_count == FOREIGN_MEMORY_MAX)
            return "the memory map has more entries than the kernel has room for";
        facts->memory[facts->memory_count++] = (struct foreign_memory){
            .base = load_le64(entry + MULTIBOOT2_MEMORY_BASE),
            .length = load_le64(entry + MULTIBOOT2_MEMORY_LENGTH),
            .type = load_le32(entry + MULTIBOOT2_MEMORY_TYPE),
        };
    }
    return NULL;
}

/* A colour's place must lie inside the pixel. */
static bool read_colour(const uint8_t *bytes, uint8_t bits_per_pixel, uint8_t *shift, uint8_t *bits)
{
    *shift = bytes[0];
    *bits = bytes[1];
    return *bits != 0 && *bits <= COLOUR_BITS && *bits <= bits_per_pixel &&
           *shift <= bits_per_pixel - *bits;
}

/* Video memory must not wrap, nor a line be longer than its pitch. */
static bool geometry_is_sane(const struct boot_video *video, uint32_t pixel_bytes)
{
    if (video->width == 0 || video->height == 0 || pixel_bytes == 0 ||
        video->pitch / pixel_bytes < video->width)
        return false;
    return (uint64_t)video->pitch * video->height - 1 <= UINT64_MAX - video->phys;
}

/* A screen the kernel cannot use is one it does not know: no error. */
static const char *read_framebuffer(struct tag tag, struct foreign_facts *facts)
{
    if (tag.size < MULTIBOOT2_FRAMEBUFFER_COMMON)
        return "the framebuffer's tag is too short";
    struct boot_video video = {
        .width = load_le32(tag.bytes + MULTIBOOT2_FRAMEBUFFER_WIDTH),
        .height = load_le32(tag.bytes + MULTIBOOT2_FRAMEBUFFER_HEIGHT),
        .pitch = load_le32(tag.bytes + MULTIBOOT2_FRAMEBUFFER_PITCH),
        .phys = load_le64(tag.bytes + MULTIBOOT2_FRAMEBUFFER_PHYS),
    };
    const uint8_t type = tag.bytes[MULTIBOOT2_FRAMEBUFFER_TYPE];
    const uint8_t depth = tag.bytes[MULTIBOOT2_FRAMEBUFFER_BITS];
    if (type == MULTIBOOT2_FRAMEBUFFER_DIRECT && tag.size >= MULTIBOOT2_FRAMEBUFFER_COLOUR &&
        (depth == 24 || depth == 32) && geometry_is_sane(&video, depth / 8U) &&
        read_colour(tag.bytes + MULTIBOOT2_FRAMEBUFFER_RED, depth, &video.red_shift,
                    &video.red_bits) &&
        read_colour(tag.bytes + MULTIBOOT2_FRAMEBUFFER_GREEN, depth, &video.green_shift,
                    &video.green_bits) &&
        read_colour(tag.bytes + MULTIBOOT2_FRAMEBUFFER_BLUE, depth, &video.blue_shift,
                    &video.blue_bits)) {
        video.kind = BOOT_VIDEO_FRAMEBUFFER;
        video.bits_per_pixel = depth;
        facts->video = video;
    } else if (type == MULTIBOOT2_FRAMEBUFFER_EGA && video.phys == VGA_TEXT_PHYS &&
               geometry_is_sane(&video, TEXT_CELL_BYTES)) {
        video.kind = BOOT_VIDEO_TEXT;
        facts->video = video;
    }
    return NULL;
}

/* Only with right sums; the later pointer is the better one, whatever the order. */
static const char *read_rsdp(struct tag tag, struct foreign_facts *facts)
{
    const uint8_t *copy = tag.bytes + MULTIBOOT2_TAG_HEADER;
    uint32_t bytes = tag.size - MULTIBOOT2_TAG_HEADER;
    size_t offset;
    if (bytes > sizeof(facts->rsdp))
        bytes = sizeof(facts->rsdp);
    if (bytes > facts->rsdp_bytes && firmware_find_rsdp(copy, bytes, &offset) && offset == 0) {
        memcpy(facts->rsdp, copy, bytes);
        facts->rsdp_bytes = bytes;
    }
    return NULL;
}

static const char *read_tag(struct tag tag, uint32_t type, struct foreign_facts *facts)
{
    switch (type) {
    case MULTIBOOT2_TAG_COMMAND_LINE:
        return read_command_line(tag, facts);
    case MULTIBOOT2_TAG_LOADER_NAME:
        return read_loader_name(tag, facts);
    case MULTIBOOT2_TAG_MODULE:
        return read_module(tag, facts);
    case MULTIBOOT2_TAG_MEMORY_MAP:
        return read_memory_map(tag, facts);
    case MULTIBOOT2_TAG_FRAMEBUFFER:
        return read_framebuffer(tag, facts);
    case MULTIBOOT2_TAG_RSDP_1:
    case MULTIBOOT2_TAG_RSDP_2:
        return read_rsdp(tag, facts);
    default:
        return NULL;
    }
}

/* Every tag up to the one that ends the list. Offsets stay below the size, a 32-bit number. */
static const char *read_tags(const uint8_t *block, uint32_t size, struct foreign_facts *facts)
{
    uint32_t at = MULTIBOOT2_BLOCK_HEADER;
    while (at <= size && size - at >= MULTIBOOT2_TAG_HEADER) {
        const struct tag tag = { .bytes = block + at,
                                 .size = load_le32(block + at + MULTIBOOT2_TAG_SIZE) };
        const uint32_t type = load_le32(tag.bytes + MULTIBOOT2_TAG_TYPE);
        if (tag.size < MULTIBOOT2_TAG_HEADER || tag.size > size - at)
            return "a tag runs out of the information block";
        if (type == MULTIBOOT2_TAG_END)
            return NULL;
        const char *wrong = read_tag(tag, type, facts);
        if (wrong != NULL)
            return wrong;
        at += (tag.size + MULTIBOOT2_TAG_ALIGN - 1) & ~(MULTIBOOT2_TAG_ALIGN - 1U);
    }
    return "the information block ends before its tags do";
}

const char *multiboot2_read(const struct foreign_reader *reader, uint64_t phys,
                            struct foreign_facts *facts)
{
    *facts = (struct foreign_facts){ .memory_count = 0 };
    if (phys % MULTIBOOT2_TAG_ALIGN != 0)
        return "the information block is not 8-byte aligned";
    const uint8_t *block = reader->at(reader->context, phys, MULTIBOOT2_BLOCK_HEADER);
    if (block == NULL)
        return "the information block lies where nothing can be read, or in the kernel";
    const uint32_t size = load_le32(block + MULTIBOOT2_BLOCK_SIZE);
    if (size < MULTIBOOT2_BLOCK_HEADER || size > BLOCK_BYTES_MAX)
        return "the information block has no sensible size";
    block = reader->at(reader->context, phys, size);
    if (block == NULL)
        return "the information block reaches where nothing can be read, or into the kernel";
    const char *wrong = read_tags(block, size, facts);
    if (wrong == NULL && facts->memory_count == 0)
        wrong = "the loader gives no memory map";
    return wrong;
}
