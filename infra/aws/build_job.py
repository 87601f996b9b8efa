"""The press in the cloud: every minute it looks whether the bell rang, and says no word of a post.

It keeps nothing that it could not make anew. A function that starts afresh builds the site from
the store; one that is still warm makes what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache

from doors.logs import quieten, report
from forum import wiring
from forum.press import Press
from forum.press_look import explained
from forum.press_store import Bell
from forum.printing import PrintFailed
from forum.settings import BadSetting
from infra.aws.cloud_printer import CloudPrinter
from infra.aws.lease import Taken


class Outcome(Enum):
    """How a tick went."""

    NOTHING = "nothing"
    """Nobody rang, and the bucket was left in order."""
    BUSY = "busy"
    """Another press is at work. The next tick looks again."""
    PRINTED = "printed"


class PressFailed(Exception):
    """The press could not print. The desk tells moderators, the function's error the operator."""


@dataclass
class BuildJob:
    """The press, as long as this machine lives."""

    press: Press
    printer: CloudPrinter
    bell: Bell
    settled: bool = False
    """Whether the bucket is known to be in order."""

    def tick(self, everything: bool = False) -> Outcome:
        """Run the press if that is wanted, or look at `everything`. Raises what the press raises,
        and `Taken` where everything was to be looked at: that may not be left out.
        """
        try:
            if everything:
                self._look_at_everything()
            elif self.bell.wanted() or not self._in_order():
                self.settled = False
                self._take_down_first()
                self.press.run(_untold)
            else:
                return Outcome.NOTHING
        except Taken:
            if everything:
                raise
            return Outcome.BUSY
        return Outcome.PRINTED

    def _in_order(self) -> bool:
        """Asks only until it is so: a run that dies leaves its ring without an answer."""
        self.settled = self.settled or self.printer.in_order
        return self.settled

    def _take_down_first(self) -> None:
        """Where a whole site has to be made first, what was taken back does not wait for it."""
        store = self.press.store
        if not self.printer.is_new:
            return
        if down := explained(store, store.up(store.unpressed()).keys()):
            with suppress(PrintFailed):  # then the press tries, and tells
                self.printer.take_down(down)

    def _look_at_everything(self) -> None:
        self.settled = False
        unsound = self.printer.look_over()
        self.press.run(_untold, everything=True, anew=bool(unsound), unsound=unsound)


@cache
def opened() -> BuildJob:
    """The press of this machine, opened once. Raises `BadSetting`."""
    chosen = wiring.settings()
    press = wiring.open_press(chosen)
    if not isinstance(press.printer, CloudPrinter):
        raise BadSetting("HANDRAIL_BUCKET must be set where the press runs in the cloud.")
    return BuildJob(press, press.printer, wiring.open_bell(chosen))


def handler(event: Mapping[str, object], context: object) -> dict[str, str]:
    """Answer a tick of the clock, or the daily one, `{"everything": true}`.

    Raises `PressFailed`, whose words and place are all that Lambda can log.
    """
    quieten()
    try:
        outcome = opened().tick(everything=event.get("everything") is True)
    except Exception as error:  # noqa: BLE001 - whatever it is, no word of it may be logged
        report(error)
        raise PressFailed("The press could not print; it will try again by itself.") from None
    return {"press": outcome.value}


def _untold(_: str) -> None:
    """Nobody watches."""
