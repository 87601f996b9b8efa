"""When the press beside the server runs: as soon as something waits for it, and once a day."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from infra.local.jobs import Job, Outcome

_DAY: Final = 24 * 60 * 60.0  # seconds
_HOUR: Final = 60 * 60.0  # seconds
_MINUTE: Final = 60.0  # seconds
_LONGEST_PAUSE: Final = 60.0  # seconds


class Wait(Protocol):
    """How the worker waits: `infra.local.waking.Waking.wait`."""

    def __call__(self, seconds: float, *, until_woken: bool = False) -> bool:
        """Wait so long, or until woken if asked for; whether to stop."""


class Worker:
    """Looks every second, and whenever it is woken, whether the press is wanted, and runs it.

    `now` is in seconds. After a failure it waits for 2 seconds, then twice as long each time, 60 at
    most, and no waking makes that shorter. Once a day the press looks at everything; if that fails,
    an hour later again, so that it keeps nothing else from being printed.
    """

    def __init__(
        self,
        wanted: Callable[[], bool],
        press: Callable[[Job], Outcome],
        wait: Wait,
        now: Callable[[], float],
        tell: Callable[[str], None],
        tidy: Callable[[], None],
    ) -> None:
        """`tidy` is called about every minute; what has run out is erased after it, if need be."""
        self._wanted, self._press, self._wait = wanted, press, wait
        self._now, self._tell, self._tidy = now, tell, tidy
        self._failures = 0
        self._everything_due = self._purge_due = now()
        self._tidy_due = now() + _MINUTE

    def work(self) -> None:
        """Go on until stopped."""
        while not self._stopped():
            if self._now() >= self._tidy_due:
                self._tidy_due = self._now() + _MINUTE
                _tried(self._tidy)
                self._purge_if_due()
            if self._now() >= self._everything_due:
                done = self._run(Job.EVERYTHING)
                self._everything_due = self._now() + (_DAY if done else _HOUR)
            elif self._failures or _asked(self._wanted):
                self._run(Job.QUICK)

    def _stopped(self) -> bool:
        pause = min(2.0**self._failures, _LONGEST_PAUSE)
        return self._wait(pause, until_woken=not self._failures)

    def _run(self, job: Job) -> bool:
        answer = self._press(job)
        if answer is Outcome.CLEARED:
            self._purge_due = self._now()
        failed = answer not in (Outcome.DONE, Outcome.CLEARED)
        self._failures = self._failures + 1 if failed else 0
        if failed and not self._wait(0):
            self._tell("The press could not print; it will try again by itself.")
        return not failed

    def _purge_if_due(self) -> None:
        if self._now() >= self._purge_due:
            self._purge_due = self._now() + _DAY
            if self._press(Job.PURGE) is Outcome.FAILED:
                self._purge_due = self._now() + _HOUR


def each(*chores: Callable[[], object]) -> Callable[[], None]:
    """All of these as one, in their order; one that fails keeps no other from being done."""

    def do() -> None:
        for chore in chores:
            _tried(chore)

    return do


def _tried(tidy: Callable[[], object]) -> None:
    with suppress(Exception):  # a locked or full store: it is tried again the next time
        tidy()


def _asked(wanted: Callable[[], bool]) -> bool:
    try:
        return wanted()
    except Exception:  # noqa: BLE001 - a locked or full store must not end the press for good
        return True
