"""Runs of the press, by whoever asks: reports that hide a post are looked at first."""

from __future__ import annotations

from contextlib import suppress

from forum import wiring
from forum.press_report import Summary
from forum.settings import Settings
from moderation.commands.progress import Progress


def run_press(chosen: Settings, progress: Progress, *, anew: bool = False) -> Summary:
    """Hide what readers reported, then run the press; with `anew`, over everything and every page.

    Raises whatever the press raises.
    """
    _hide(chosen)
    return wiring.open_press(chosen, progress.pages).run(progress.step, anew=anew)


def look_at_everything(chosen: Settings, progress: Progress) -> Summary:
    """The same, but look at every post, every file, and every page as readers get it.

    Pages that are not as they were printed are taken away at once, and then all are made anew.
    """
    _hide(chosen)
    unsound = wiring.open_printer(chosen).look_over()
    press = wiring.open_press(chosen, progress.pages)
    return press.run(progress.step, everything=True, anew=bool(unsound), unsound=unsound)


def _hide(chosen: Settings) -> None:
    with suppress(Exception):  # a post that cannot be hidden keeps no other from coming down
        wiring.open_sweep(chosen).hide()
