/* SPDX-License-Identifier: MIT
 *
 * See judge_file.h.
 */
#include "tools/image/judge_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stage2/plan/detail.h"
#include "tools/image/report.h"

/* struct source's context. */
struct host_file {
    int fd;
    const char *path; /* of this machine */
    int error;        /* errno of the read that failed */
};

static enum boot_status host_read(const struct source *source, uint64_t offset, uint64_t bytes,
                                  void *to)
{
    struct host_file *const file = source->context;
    uint8_t *at = to;

    while (bytes != 0) {
        const ssize_t moved = pread(file->fd, at, (size_t)bytes, (off_t)offset);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved <= 0) {
            file->error = moved < 0 ? errno : EIO;
            return BOOT_E_DISK_READ;
        }
        at += moved;
        offset += (uint64_t)moved;
        bytes -= (uint64_t)moved;
    }
    return BOOT_OK;
}

static bool host_refuse(const struct source *source, enum boot_status status,
                        struct check_report *report)
{
    const struct host_file *const file = source->context;

    if (status == BOOT_E_DISK_READ)
        return report_refuse(report, status, "%s: %s", file->path, strerror(file->error));
    if (source->line == 0)
        return report_refuse(report, status, DETAIL_FILE, source->path);
    return report_refuse(report, status, DETAIL_FILE_LINE, source->path, source->line);
}

bool kernel_file_judge(const char *path, const char *name, unsigned line,
                       struct kernel_facts *facts, struct check_report *report)
{
    struct host_file file = { .fd = open(path, O_RDONLY | O_CLOEXEC), .path = path };
    struct source source = {
        .read = host_read, .refuse = host_refuse, .context = &file, .path = name, .line = line
    };
    struct stat status;

    if (file.fd < 0 || fstat(file.fd, &status) != 0) {
        file.error = errno;
        if (file.fd >= 0)
            close(file.fd);
        return host_refuse(&source, BOOT_E_DISK_READ, report);
    }
    source.bytes = (uint64_t)status.st_size;
    const bool good = kernel_judge(&source, facts, report);
    close(file.fd);
    return good && report_fine(report);
}
