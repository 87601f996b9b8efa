"""While tables are being filled, no door, no press and no upkeep may look at them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from forum.rows import Unavailable
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.dynamodb_lease import DynamoLease
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say
from infra.aws.commands.desk_words import DeskWords
from infra.aws.commands.halting import Halting
from infra.aws.commands.stacks import Pause

ANSWERS = 15.0
"""Seconds that a door may still take over a request that it had begun."""
LONGEST = 16 * 60.0
"""Seconds after which no press that was running can run any more: Lambda gives it fifteen
minutes."""
BETWEEN = 5.0
AGAIN = "run the same command again: it begins anew"
STAY = "The doors and the press stay stopped:"


@dataclass(frozen=True)
class Restoring:
    """Fills a deployment's empty tables."""

    dynamo: Dynamo
    halting: Halting
    desk: DeskWords
    say: Say
    pause: Pause
    clock: Callable[[], float] = time.time
    """Seconds since 1970, as in the lease."""

    def fill(self, *words: str, given: str | None = None) -> None:
        """Run this command of the desk while nothing else runs; raise `Refused` if it fails.

        `given` is what it reads on standard input.
        """
        with self._all_stopped():
            self._wait_for_the_press()
            if self.desk.say(*words, given=given):
                raise Refused(f"`{words[0]}` did not do it: see above.")

    def half_full(self) -> bool:
        """Whether rows came in, and not all of them."""
        return DynamoArchive(self.dynamo).is_half_full()

    def resume(self) -> None:
        """Let everything run again; raise `Refused` over tables that are half full."""
        if self.half_full():
            raise Refused(f"{STAY} the tables are half full. Run `restore` again: it begins anew.")
        self.halting.resume()
        self.say("The doors, the press and the upkeep run again.")

    @contextmanager
    def _all_stopped(self) -> Iterator[None]:
        were_running, done = not self.halting.stopped, False
        try:
            self.halting.halt()
            self.say("The doors, the press and the upkeep are stopped.")
            yield
            done = True
        finally:
            self._let_go(start=done or were_running)

    def _let_go(self, *, start: bool) -> None:
        """Whatever happened: start what was running, or say plainly that it stays stopped."""
        try:
            if self.half_full():
                self.say(f"{STAY} the tables are half full. Put right what is amiss, then {AGAIN}.")
            elif start and self.halting.stopped:
                self.resume()
            elif self.halting.stopped:
                self.say(f"{STAY} they were stopped before. `resume` starts them.")
        except (Unavailable, ClientError, BotoCoreError):
            self.say(f"{STAY} Amazon does not answer. When it does, run `resume`.")
            raise

    def _wait_for_the_press(self) -> None:
        """A program that ran when it was stopped comes to its end first."""
        self.pause(ANSWERS)
        waited = 0.0
        while self._press_runs():
            if waited == 0:
                self.say("Waiting for a press that is still at work ...")
            if waited >= LONGEST:
                raise Refused("A press is still at work. Nothing was changed; try again later.")
            self.pause(BETWEEN)
            waited += BETWEEN

    def _press_runs(self) -> bool:
        row = DynamoLease(self.dynamo).read()
        return bool(row.get("holder")) and row["until"] > self.clock()
