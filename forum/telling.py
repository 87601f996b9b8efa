"""Tells moderators that something waits: once an hour at most, and the same whoever came when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from forum.digest import (
    Digest,
    DigestStore,
    Form,
    Notifier,
    NotTold,
    Told,
    Waiting,
    Why,
    counted,
    due,
    news,
    opens,
)
from forum.intake import Intake
from forum.ports import Clock


@dataclass(frozen=True)
class Telling:
    """Looks whether something is to be said, and says it."""

    store: DigestStore
    notifier: Notifier | None
    """Nobody is told anything where there is none."""
    intake: Intake
    clock: Clock
    siteurl: str
    hour: int
    """At half past this hour, in UTC, whatever waits is said once a day."""

    def look(self) -> Why | None:
        """Count if it is time to, and say what is due; what was said.

        Call it about every minute, or once in each hour's ten minutes. Raises `NotTold` and leaves
        the count to the next call, in this hour or the next: nothing was said that would tell a
        time. Said twice is possible where the store fails right after; unsaid is not.
        """
        now, told = self.clock.now(), self.store.told()
        if self.notifier is None or not opens(told, now):
            return None
        waiting = self._waiting(now)
        why = due(waiting, told, now, self.hour)
        if why:
            self._tell(self.notifier, Digest(why, waiting), told)
        failed = 0 if why else told.failed
        self.store.put_told(counted(waiting, now, self.hour, failed))
        return why

    def draft(self) -> Digest | None:
        """What would be said at this moment; nothing is said, and nothing noted."""
        waiting = self._waiting(self.clock.now())
        if waiting.nothing:
            return None
        return Digest(Why.URGENT if news(waiting, self.store.told()) else Why.DAILY, waiting)

    def failed(self) -> int:
        """How many tries have reached nobody since one did."""
        return self.store.told().failed

    def _tell(self, notifier: Notifier, digest: Digest, told: Told) -> None:
        try:
            notifier.tell(*digest.words(self.siteurl))
        except NotTold:
            self.store.put_told(replace(told, failed=told.failed + 1))
            raise

    def _waiting(self, now: datetime) -> Waiting:
        return replace(self.store.waiting(now.date()), form=self._form(now))

    def _form(self, now: datetime) -> Form:
        if self.store.closed():
            return Form.CLOSED
        return Form.FULL if self.intake.closed(self.store, now.date()) else Form.OPEN
