# SPDX-License-Identifier: MIT
"""THE catalogue of firmware quirks, for tests and for docs: what each is, where the source copes with
it, and how it is tried.
"""
import quirks_disk
import quirks_entry
import quirks_machine
import quirks_memory

QUIRKS = [*quirks_entry.QUIRKS, *quirks_disk.QUIRKS, *quirks_memory.QUIRKS, *quirks_machine.QUIRKS]


def trials():
    """[(name, trial, emulator)], named Q17-mute-qemu, in the catalogue's order."""
    return [(f"Q{quirk.number}-{trial.name}-{emulator}", trial, emulator)
            for quirk in QUIRKS for trial in quirk.trials for emulator in trial.emulators]
