"""The press that stays beside the server: loaded once, it does a job a line and answers a word.

Nothing but its answers leaves it: not even what went wrong, which `publish` by hand shows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from forum import wiring
from infra.local.jobs import Job, Outcome
from moderation.commands.pressing import look_at_everything, run_press
from moderation.commands.progress import Untold
from moderation.commands.running import purge_all

Run = Callable[[Job], Outcome]


def stay() -> None:
    """Outcome each line of standard input on standard output, until there is no more."""
    with _only_answers() as answers:
        answer_all(sys.stdin, answers, _done, Code().changed)


def answer_all(
    asked: Iterable[str], answers: TextIO, run: Run, changed: Callable[[], bool]
) -> None:
    """Do each job and say how it went; end once the code is not what it was."""
    for line in asked:
        answer = Outcome.OLD if changed() else _safely(run, line)
        answers.write(f"{answer.value}\n")
        answers.flush()
        if answer is Outcome.OLD:
            return
        changed()  # what the job was the first to load is as it is now


def _safely(run: Run, line: str) -> Outcome:
    try:
        return run(Job(line.strip()))
    except Exception:  # noqa: BLE001 - whatever it is, the server asks again, and says so
        return Outcome.FAILED


def _done(job: Job) -> Outcome:
    if job is Job.PURGE:
        purge_all()
        return Outcome.DONE
    chosen = wiring.settings()
    run = look_at_everything if job is Job.EVERYTHING else run_press
    summary = run(chosen, Untold())
    return Outcome.CLEARED if summary.came_down or summary.changed else Outcome.DONE


class Code:
    """The files of everything that is loaded, as they were when they were first seen."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}
        self.changed()

    def changed(self) -> bool:
        """Whether one is another now, or gone."""
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if file and file.endswith(".py"):
                now = _stamp(file)
                if self._seen.setdefault(file, now) != now:
                    return True
        return False


def _stamp(file: str) -> tuple[int, int]:
    try:
        seen = os.stat(file)
    except OSError:
        return (0, 0)
    return (seen.st_mtime_ns, seen.st_size)


@contextmanager
def _only_answers() -> Iterator[TextIO]:
    """Standard output for the answers alone; whatever else is printed goes nowhere."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii") as answers:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        yield answers
