"""What a server does beside the press, done by a clock: hide what was reported, say what waits, and
erase what has run out.

It is no part of the press, which may read what is approved and no more: this has rights of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from doors.logs import quieten, report
from forum import wiring
from forum.retention import IDLE_FOR, purge
from forum.settings import Settings


class UpkeepFailed(Exception):
    """Something could not be done. The next tick tries again."""


def handler(event: Mapping[str, object], context: object) -> dict[str, str]:
    """Answer a tick of the clock, or the daily one, `{"everything": true}`, which erases too.

    What fails keeps nothing else from being done. Raises `UpkeepFailed`, whose words and place are
    all that Lambda can log.
    """
    quieten()
    if not do_all(chores(wiring.settings(), daily=event.get("everything") is True)):
        raise UpkeepFailed("Something could not be done; it will be tried again.")
    return {"upkeep": "done"}


def chores(chosen: Settings, *, daily: bool) -> Iterable[Callable[[], object]]:
    """What is to be done now. A hidden post rings the bell: the press takes it down."""
    yield lambda: wiring.open_sweep(chosen).hide()
    yield lambda: wiring.open_telling(chosen).look()
    if daily:
        now = wiring.CLOCK.now()
        yield lambda: wiring.open_duty(chosen).erase_duty(now.date())
        yield lambda: purge(wiring.open_retention(chosen), now)
        yield lambda: wiring.open_sign_ins(chosen).erase_expired(now, now - IDLE_FOR)


def do_all(chores: Iterable[Callable[[], object]]) -> bool:
    """Do each; whether all went well."""
    well = True
    for chore in chores:
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - no word of it may be logged
            report(error)
            well = False
    return well
