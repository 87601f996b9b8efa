"""The press that stays: a process of its own beside the server, loaded once, told what to do.

A build in a process of its own never slows an answer, and killing either never harms the other: an
edition appears whole or not at all. It is given no secret. One that died, hangs, or was started
from other code than lies there now is replaced.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Final, cast

from infra.local.jobs import Job, Outcome
from infra.local.settings import ROOT, passed_on

COMMAND: Final = (sys.executable, "-m", "moderation", "publish", "--stay")
LONGEST: Final = 15 * 60.0
"""Seconds without an answer after which a press hangs: several times what making all the pages of
100,000 stories takes."""
_LOOK: Final = 0.2  # seconds between two looks whether to stop
_GRACE: Final = 10.0  # seconds that a run under way may take to finish when all is to stop
_SOON: Final = 5.0  # seconds to end in when told to; then it is killed


class Unanswered(Exception):
    """It died, hangs, or is to stop: there will be no answer."""


class _Child:
    """One press process, which is told a line and says a line."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to answer
        )
        self._told = cast(IO[bytes], self.process.stdin)
        self._said = cast(IO[bytes], self.process.stdout)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def tell(self, job: Job) -> None:
        """Raises `OSError` when it is gone."""
        self._told.write(f"{job.value}\n".encode("ascii"))
        self._told.flush()

    def hears_from(self, until: Callable[[], bool]) -> Outcome:
        """Its next answer. Raises `Unanswered` when it is gone, or once it is time."""
        line = b""
        while not line.endswith(b"\n"):
            if until():
                raise Unanswered
            if select.select([self._said], [], [], _LOOK)[0]:
                more = os.read(self._said.fileno(), 64)
                if not more:
                    raise Unanswered
                line += more
        try:
            return Outcome(line.decode("ascii", "replace").strip())
        except ValueError:
            raise Unanswered from None

    def end(self, grace: float, soon: float) -> None:
        """Let it finish within so many seconds; then it is told to, and after so many killed."""
        with suppress(OSError):  # it is gone
            self._told.close()
        for end, seconds in ((None, grace), (self.process.terminate, soon)):
            if end:
                end()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=seconds)
                break
        else:
            self.process.kill()
            self.process.wait()
        self._said.close()


class WarmPress:
    """Runs the press on request. Only one thread may ask."""

    def __init__(
        self,
        told_to_stop: Callable[[], bool],
        command: Sequence[str] = COMMAND,
        longest: float = LONGEST,
        soon: float = _SOON,
    ) -> None:
        """Start nothing yet. Both times are in seconds."""
        self._told_to_stop = told_to_stop
        self._command = command
        self._longest, self._soon = longest, soon
        self._child: _Child | None = None

    def run(self, job: Job) -> Outcome:
        """Have it done, and say how it went.

        The daily look at everything leaves much in memory, so another press takes its place, and
        gets warm by a quick run.
        """
        answer = self._asked(job)
        if job is Job.EVERYTHING and answer in (Outcome.DONE, Outcome.CLEARED):
            self.close()
            quick = self._asked(Job.QUICK)  # if it fails, it is asked for again: its bell rings on
            return Outcome.CLEARED if quick is Outcome.CLEARED else answer
        return answer

    def close(self, grace: float = _GRACE) -> None:
        """Let it end, within so many seconds, then end it."""
        child, self._child = self._child, None
        if child:
            child.end(grace, self._soon)

    def _asked(self, job: Job) -> Outcome:
        for _ in range(2):
            try:
                answer = self._ask(job)
            except (OSError, Unanswered):
                self.close(grace=0)
                return Outcome.FAILED
            except BaseException:
                self.close(grace=0)
                raise
            if answer is not Outcome.OLD:
                return answer
            self.close()
        return Outcome.FAILED  # somebody changes the code just now

    def _ask(self, job: Job) -> Outcome:
        if self._child and not self._child.alive:
            self.close()
        if self._child is None:
            self._child = _Child(self._command, passed_on())
        self._child.tell(job)
        return self._child.hears_from(self._out_of_patience())

    def _out_of_patience(self) -> Callable[[], bool]:
        """Says when to wait no longer: it hangs, or all is to stop and it had its grace."""
        until, stopping = time.monotonic() + self._longest, False

        def enough() -> bool:
            nonlocal until, stopping
            if not stopping and self._told_to_stop():
                stopping, until = True, time.monotonic() + _GRACE
            return time.monotonic() > until

        return enough
