"""One run of the press, by whoever asks: reports that hide a post are looked at first."""

from __future__ import annotations

from contextlib import suppress

from forum import wiring
from forum.press_report import Summary
from forum.settings import Settings
from moderation.commands.progress import Progress


def run_press(
    chosen: Settings, told: Progress, *, whole: bool = False, anew: bool = False
) -> Summary:
    """Hide what readers reported, then run the press.

    `whole` looks at everything there is; `anew` makes every page again as well. Raises whatever the
    press raises.
    """
    with suppress(Exception):  # a post that cannot be hidden keeps no other from coming down
        wiring.open_sweep(chosen).hide()
    return wiring.open_press(chosen, told.pages, anew).run(told.step, whole=whole or anew)
