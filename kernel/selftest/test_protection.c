/* SPDX-License-Identifier: MIT
 *
 * What the CPU keeps the kernel from doing to user pages, each feature provoked
 * where there is one. UMIP binds ring 3 alone, and nothing runs there yet: of it
 * only the switch is looked at.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/mm/space.h"
#include "kernel/selftest/page_space.h"
#include "kernel/selftest/selftest.h"
#include "kernel/selftest/touch.h"

#define USER_PAGE 0x0000000000400000 /* where a program would be */

/* A space with one page that ring 3 may use; it holds a return. False: no memory for it. */
static bool user_page_begin(struct page_space *user, unsigned access)
{
    if (!page_space_begin(user, USER_PAGE, access | PAGING_USER))
        return false;
    *(uint8_t *)direct_map_at(user->phys) = RET_OPCODE;
    space_switch(&user->space);
    return true;
}

static void user_page_end(struct page_space *user)
{
    space_switch(space_kernel());
    page_space_end(user);
}

/* A page to write to, where there is SMAP to close it. */
static bool user_page_begin_smap(struct page_space *user)
{
    if (cpu_has("SMAP"))
        return user_page_begin(user, PAGING_WRITE);
    CLAIM_SKIP("this CPU has no SMAP");
    return false;
}

SELFTEST(protect_smep, "protect.smep")
{
    struct page_space user;
    if (!cpu_has("SMEP")) {
        CLAIM_SKIP("this CPU has no SMEP");
        return;
    }
    if (!user_page_begin(&user, PAGING_EXECUTE))
        return;
    touch_claim_fault(TOUCH_RUN, USER_PAGE, PF_ERROR_P | PF_ERROR_I);
    user_page_end(&user);
}

SELFTEST(protect_smap, "protect.smap")
{
    struct page_space user;
    if (!user_page_begin_smap(&user))
        return;
    touch_claim_fault(TOUCH_READ, USER_PAGE, PF_ERROR_P);
    touch_claim_fault(TOUCH_WRITE, USER_PAGE, PF_ERROR_P | PF_ERROR_W);
    user_page_end(&user);
}

/* Between allow and forbid the same page can be used, and not a moment longer. */
SELFTEST(protect_smap_allowed, "protect.smap-allowed")
{
    struct page_space user;
    if (!user_page_begin_smap(&user))
        return;
    user_access_allow();
    touch_claim(TOUCH_READ, USER_PAGE);
    touch_claim(TOUCH_WRITE, USER_PAGE);
    user_access_forbid();
    touch_claim_fault(TOUCH_READ, USER_PAGE, PF_ERROR_P);
    CLAIM_EQUAL(*(const uint8_t *)direct_map_at(user.phys), TOUCH_BYTE);
    user_page_end(&user);
}

/* Without the feature the same page is open: it is the feature that closes it. */
SELFTEST(protect_by_the_feature, "protect.open-without-the-feature")
{
    struct page_space user;
    const uint64_t cr4 = cr4_read();
    if (!user_page_begin(&user, PAGING_EXECUTE))
        return;
    cr4_write(cr4 & ~(uint64_t)(CR4_SMEP | CR4_SMAP));
    touch_claim(TOUCH_READ, USER_PAGE);
    touch_claim(TOUCH_RUN, USER_PAGE);
    cr4_write(cr4);
    user_page_end(&user);
}

SELFTEST(protect_wp, "protect.wp")
{
    struct page_space user;
    CLAIM((cr0_read() & CR0_WP) != 0);
    if (!user_page_begin(&user, 0))
        return;
    const uint64_t cr4 = cr4_read();
    cr4_write(cr4 & ~(uint64_t)CR4_SMAP); /* so that only WP is in the way */
    touch_claim_fault(TOUCH_WRITE, USER_PAGE, PF_ERROR_P | PF_ERROR_W);
    cr0_write(cr0_read() & ~(uint64_t)CR0_WP);
    touch_claim(TOUCH_WRITE, USER_PAGE);
    cr0_write(cr0_read() | CR0_WP);
    cr4_write(cr4);
    user_page_end(&user);
}

SELFTEST(protect_umip, "protect.umip")
{
    CLAIM_EQUAL((cr4_read() & CR4_UMIP) != 0, cpu_has("UMIP"));
}
