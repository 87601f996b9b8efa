"""One run of the press, by whoever asks: reports that hide a post are looked at first."""

from __future__ import annotations

from contextlib import suppress

from forum import wiring
from forum.press_report import Summary
from forum.settings import Settings
from moderation.commands.progress import Progress


def run_press(
    chosen: Settings, told: Progress, *, everything: bool = False, anew: bool = False
) -> Summary:
    """Hide what readers reported, then run the press.

    `everything` and `anew` are the press's own. Raises whatever the press raises.
    """
    with suppress(Exception):  # a post that cannot be hidden keeps no other from coming down
        wiring.open_sweep(chosen).hide()
    press = wiring.open_press(chosen, told.pages)
    return press.run(told.step, everything=everything, anew=anew)
