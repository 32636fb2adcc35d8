/* SPDX-License-Identifier: MIT
 *
 * The oracle: every way that exists is walked once, and each is good for one of
 * four ends. A way delivers when its errors are fewer than the tries it has.
 */
#include "tests/emulated/oracle.h"

#include "boot/stage1.h"
#include "tests/emulated/bios.h"

enum end { END_DELIVERS, END_ERROR, END_WRONG, END_HANGS };

struct state {
    unsigned errors_left[METHODS][COPIES];
    bool stuck[METHODS][COPIES];
    unsigned retries;
};

/* Reads of one sector that may fail before its way is given up. */
static unsigned tries(enum method method)
{
    unsigned halvings = 0;

    if (method == BY_EDD)
        for (unsigned n = STAGE1_EDD_SECTORS; n > 1; n /= 2)
            halvings++;
    return STAGE1_TRIES + halvings;
}

unsigned oracle_calls_most(unsigned sectors)
{
    const unsigned questions = 3; /* AH=41h once, AH=08h twice */
    const unsigned ways_by_chs = 2 * COPIES;

    /* A try is a read, and a reset behind each that failed. */
    return questions + 2 * COPIES * (tries(BY_EDD) + sectors * STAGE1_TRIES) +
           2 * ways_by_chs * sectors * STAGE1_TRIES;
}

/* How often a call is halved before the BIOS takes that many sectors. */
static unsigned halvings_to(unsigned limit, unsigned sectors)
{
    unsigned halvings = 0;

    for (unsigned n = STAGE1_EDD_SECTORS; (n < sectors ? n : sectors) > limit; n /= 2)
        halvings++;
    return halvings;
}

static enum end fails_times(struct state *state, enum method method, enum copy copy)
{
    const unsigned most = tries(method);
    unsigned *const left = &state->errors_left[method][copy];
    const unsigned now = *left < most ? *left : most;

    *left -= now;
    state->retries += now;
    return now < most ? END_DELIVERS : END_ERROR;
}

static enum end read_copy(const struct habits *habits, struct state *state, enum method method,
                          enum copy copy, unsigned sectors)
{
    const struct read_answer *const answer = &habits->read[method][copy];

    switch ((enum read_habit)answer->habit) {
    case READ_GOOD:
    case READ_PACKET_ZEROED:
        return END_DELIVERS;
    case READ_ERROR_TIMES:
        return fails_times(state, method, copy);
    case READ_STUCK:
        state->retries += state->stuck[method][copy];
        state->stuck[method][copy] = false;
        return END_DELIVERS;
    case READ_LIMIT:
        state->retries += method == BY_EDD ? halvings_to(answer->number, sectors) : 0;
        return END_DELIVERS;
    case READ_ERROR:
    case READ_PARTIAL:
        state->retries += tries(method);
        return END_ERROR;
    case READ_HANG:
        return END_HANGS;
    default:
        return END_WRONG;
    }
}

/* Both copies by one method from one drive; true: the run ends here. */
static bool try_way(const struct habits *habits, struct state *state, uint8_t drive,
                    enum method method, unsigned sectors, struct prediction *prediction)
{
    for (enum copy copy = COPY_A; copy < COPIES; copy++) {
        const bool decoy = drive != habits->drive_real;
        const enum end end = decoy ? END_WRONG : read_copy(habits, state, method, copy, sectors);
        if (end == END_DELIVERS || end == END_HANGS) {
            *prediction = (struct prediction){
                .outcome = end == END_HANGS ? OUTCOME_HANGS : OUTCOME_BOOTS,
                .drive = drive,
                .method = method,
                .copy = copy,
                .retries = state->retries,
            };
            return true;
        }
        prediction->error = STAGE1_E_CHECKSUM << 8;
        if (end == END_ERROR)
            prediction->error = (uint16_t)(STAGE1_E_DISK << 8 | habits->read[method][copy].status);
    }
    return false;
}

static bool offers_edd(const struct habits *habits, uint8_t drive)
{
    if (drive != habits->drive_real)
        return habits->others == OTHERS_DECOY;
    return habits->edd == EDD_YES || habits->edd == EDD_YES_DL_LOST;
}

/* By cylinder, head and sector; first its geometry. */
static bool try_chs(const struct habits *habits, struct state *state, uint8_t drive,
                    unsigned sectors, struct prediction *prediction)
{
    const struct geometry absent = { .fails = true, .status = ABSENT_STATUS };
    const struct geometry decoy = { .track = DECOY_TRACK, .highest_head = DECOY_HEADS - 1 };
    const struct geometry *geometry = &habits->geometry;

    if (drive != habits->drive_real)
        geometry = habits->others == OTHERS_DECOY ? &decoy : &absent;
    if (geometry->track < STAGE1_TRACK_MIN) { /* carry or not: an answer in CX counts (Q24) */
        prediction->error = (uint16_t)(STAGE1_E_BIOS << 8 | geometry->status);
        return false;
    }
    return try_way(habits, state, drive, BY_CHS, sectors, prediction);
}

struct prediction oracle(const struct habits *habits, unsigned sectors)
{
    const bool believed = (habits->drive_named & STAGE1_DRIVE_MASK) == STAGE1_DRIVE_FIRST;
    const uint8_t judged = believed ? habits->drive_named : STAGE1_DRIVE_FIRST;
    struct prediction prediction = { .outcome = OUTCOME_STOPS };
    struct state state;

    for (unsigned method = 0; method < METHODS; method++)
        for (unsigned copy = 0; copy < COPIES; copy++) {
            state.errors_left[method][copy] = habits->read[method][copy].number;
            state.stuck[method][copy] = true;
        }
    state.retries = 0;
    if (judged != habits->drive_real && habits->others == OTHERS_HANG) {
        prediction.outcome = OUTCOME_HANGS;
        return prediction;
    }
    if (offers_edd(habits, judged) && try_way(habits, &state, judged, BY_EDD, sectors, &prediction))
        return prediction;
    if (try_chs(habits, &state, judged, sectors, &prediction))
        return prediction;
    const uint16_t error = prediction.error; /* the better guess's is the one to report */
    if (habits->drive_named != habits->drive_real && habits->others == OTHERS_HANG)
        prediction.outcome = OUTCOME_HANGS;
    else if (!try_chs(habits, &state, habits->drive_named, sectors, &prediction))
        prediction.error = error;
    return prediction;
}
