"""How far a run of the press is, on a terminal, once it takes long enough for anybody to wonder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Protocol

from moderation.commands.arguments import Arguments

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds before anything is shown."""


class Progress(Protocol):
    """Hears what the press is doing."""

    def step(self, words: str) -> None:
        """It does this now."""

    def pages(self, done: int, total: int) -> None:
        """So many pages are made; a total of 0 means that nobody knows yet how many there are."""


class Untold:
    """Says nothing."""

    def step(self, words: str) -> None:
        """Nothing."""

    def pages(self, done: int, total: int) -> None:
        """Nothing."""


class OnTerminal:
    """Draws a bar, when what it hears of has taken long."""

    def __init__(self, terminal: IO[str], patience: float = PATIENCE) -> None:
        """`patience` is in seconds."""
        self._terminal = terminal
        self._until = time.monotonic() + patience
        self._words = "Waiting for the press"
        self._bar: Bar | None = None

    def step(self, words: str) -> None:
        """Say so beside the bar."""
        self._words = words
        self._show(0, 0)

    def pages(self, done: int, total: int) -> None:
        """Let the bar grow."""
        self._show(done, total)

    def end(self) -> None:
        """Leave nothing behind on the terminal."""
        if self._bar:
            self._bar.stop()

    def _show(self, done: int, total: int) -> None:
        if time.monotonic() < self._until:
            return
        bar = self._bar or self._drawn()
        bar.update(bar.task_ids[0], description=self._words, completed=done, total=total or None)

    def _drawn(self) -> Bar:
        from rich import console, progress  # noqa: PLC0415 - most runs end before they draw anything

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            console=console.Console(file=self._terminal, force_terminal=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._bar.add_task(self._words, total=None)
        self._bar.start()
        return self._bar


@contextmanager
def progress(asked: Arguments) -> Iterator[Progress]:
    """A bar on a terminal; nothing anywhere else."""
    if asked.json or not sys.stdout.isatty():
        yield Untold()
        return
    shown = OnTerminal(sys.stdout)  # as it is before a build lets nothing be printed
    try:
        yield shown
    finally:
        shown.end()
