"""Work done by forked copies of this process side by side, its results in their order.

A copy ends when nobody takes its results any more, whatever becomes of the process that made it.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, TypeVar

from editions.press import CannotPrint

One = TypeVar("One")
Done = TypeVar("Done")

COPIES = min(2, os.cpu_count() or 1)
"""More would wait for the process that takes the results."""


class CopyDied(CannotPrint):
    """A copy ended before its work was done."""


def side_by_side(
    work: Callable[[One], Done], ones: Sequence[One], copies: int = COPIES
) -> Iterator[Done]:
    """What comes of each, worked out by as many copies; an exception is raised in its place.

    What `work` changes, it changes in its copy alone. Raises `CopyDied`.
    """
    with ExitStack() as until_taken:
        readers = [
            until_taken.enter_context(_Copy(work, ones[first::copies])).results
            for first in range(copies)
        ]
        for number in range(len(ones)):
            yield _taken(readers[number % copies])


def look_only_at_what_comes() -> None:
    """Let the garbage collector look at what is made from now on, and at nothing from before."""
    gc.freeze()
    gc.enable()


class _Copy:
    def __init__(self, work: Callable[[Any], Any], ones: Sequence[Any]) -> None:
        self._work, self._ones = work, ones

    def __enter__(self) -> _Copy:
        taking, giving = os.pipe()
        self._copy = os.fork()
        if not self._copy:
            os.close(taking)
            _give(giving, self._work, self._ones)
        os.close(giving)
        self.results = os.fdopen(taking, "rb", buffering=1 << 20)
        return self

    def __exit__(self, *_: object) -> None:
        self.results.close()  # a copy that still has something to give ends of that
        os.waitpid(self._copy, 0)


def _give(giving: int, work: Callable[[Any], Any], ones: Sequence[Any]) -> None:
    """Do the work, and be gone: nothing of the process that this is a copy of may run here."""
    look_only_at_what_comes()
    try:
        with os.fdopen(giving, "wb", buffering=1 << 20) as results:
            for one in ones:
                pickle.dump(_tried(work, one), results, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _tried(work: Callable[[Any], Any], one: Any) -> tuple[Any, Exception | None]:
    try:
        return work(one), None
    except Exception as error:  # noqa: BLE001 - it is raised where the result is taken
        return None, error


def _taken(results: BinaryIO) -> Any:
    try:
        done, error = pickle.load(results)  # noqa: S301 - from a copy of this process
    except (EOFError, pickle.UnpicklingError) as cut:
        raise CopyDied("A copy of the press was ended before its work was done.") from cut
    if error:
        raise error
    return done
