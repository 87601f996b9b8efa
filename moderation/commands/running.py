"""Running the place from the command line: the press, the form, the clocks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from forum import wiring
from forum.press import PrintFailed, Step, Summary, TooMuchWouldVanish
from forum.retention import purge as purge_posts
from moderation.commands.arguments import Arguments, Failed

STEPS = 3
"""What the press tells in one run: reading, writing, building."""


def publish(asked: Arguments) -> None:
    """Run the press and say what went up and what came down; then, if automatic, purge.

    Nothing stands before a removal, and no press that fails keeps the clocks from running.
    """
    trouble = ""
    try:
        _press(asked)
    finally:
        trouble = _trouble_purging() if asked.automatic else ""
    if trouble:
        raise Failed(trouble)


def _press(asked: Arguments) -> None:
    chosen = wiring.settings()
    began = time.monotonic()
    try:
        with suppress(Exception):  # a post that cannot be hidden keeps no other from coming down
            wiring.open_sweep(chosen).hide()
        with _progress(asked) as step:
            summary = wiring.open_press(chosen).run(step)
    except TooMuchWouldVanish as error:
        raise Failed(str(error)) from None
    except PrintFailed as error:
        raise Failed(f"The last edition stays: the site could not be built. {error}") from None
    seconds = round(time.monotonic() - began, 3)
    asked.say({**_for_programs(summary), "seconds": seconds}, _in_words(summary, seconds))


def set_open(asked: Arguments) -> None:
    """Open or close the form."""
    closed = asked.command == "close"
    wiring.open_desk(wiring.settings()).set_closed(closed, asked.who)
    asked.say({"open": not closed}, "The form is closed." if closed else "The form is open.")


def purge(asked: Arguments) -> None:
    """Erase what has run out."""
    erased = _purge()
    asked.say(erased, ", ".join(f"{name}: {number}" for name, number in erased.items()))


def _trouble_purging() -> str:
    try:
        _purge()
    except Exception as error:  # noqa: BLE001 - whatever it is, the press has done its part
        return f"The press is done. What has run out was not erased: {type(error).__name__}."
    return ""


def _purge() -> dict[str, int]:
    chosen, now = wiring.settings(), wiring.CLOCK.now()
    days = wiring.open_duty(chosen).erase_duty(now.date())  # before all is compacted
    erased = asdict(purge_posts(wiring.open_retention(chosen), now))
    erased["passing"] += days + wiring.open_people(chosen).erase_expired()
    return erased


@contextmanager
def _progress(asked: Arguments) -> Iterator[Step]:
    """A bar on a terminal; nothing anywhere else."""
    if asked.json or not sys.stdout.isatty():
        yield lambda words: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(), transient=True) as progress:
        task = progress.add_task("Waiting for the press", total=STEPS)

        def step(words: str) -> None:
            done = progress.tasks[task].description != "Waiting for the press"
            progress.update(task, description=words, advance=1 if done else 0)

        yield step


def _for_programs(summary: Summary) -> dict[str, object]:
    aside = [{"id": post_id, "why": why} for post_id, why in summary.set_aside]
    return {**asdict(summary), "set_aside": aside}


def _in_words(summary: Summary, seconds: float) -> str:
    up, down = len(summary.went_up), len(summary.came_down)
    lines = [f"Went up: {up}. Came down: {down}. Pages: {summary.pages}. Took {seconds:.1f} s."]
    if summary.waiting:
        lines.append(f"Approved and waiting for their batch: {summary.waiting}.")
    return "\n".join((*lines, *summary.amiss))
