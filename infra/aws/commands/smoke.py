"""Walks a post's whole way through the deployed forum, from outside, and leaves nothing up.

What it shares is a canary: words that nobody wrote, of a kind that stands in no list, no feed and
no search, and waits for no batch. An operator's command approves it; nobody else need read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from forum import canary
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say
from infra.aws.commands.desk_words import DeskWords
from infra.aws.commands.visiting import Answer, Visitor

KIND = "canary"
BY = "smoke"
READING = 4.0
"""Seconds: the door takes no form that comes back faster than people write."""
TRIES = 40
BETWEEN = 3.0
"""Seconds between two looks: the press works once a minute."""
LISTS = ("/stories/", "/feeds/stories.atom.xml", "/")


class SmokeFailed(Refused):
    """A step did not go as it should; the text says which, and what came back."""


@dataclass(frozen=True)
class Shared:
    """What was shared, and the words that take it back."""

    id: str
    receipt: str

    @property
    def path(self) -> str:
        """Where it shows."""
        return f"/stories/{self.id}/"


@dataclass(frozen=True)
class Smoke:
    """The walk. `press` makes the press run now, where nothing else does."""

    visitor: Visitor
    desk: DeskWords
    press: Callable[[], object]
    say: Say
    pause: Callable[[float], None]

    def walk(self) -> float:
        """Share, approve, publish, read, withdraw; how many seconds. Raises `SmokeFailed`.

        Whatever happens, what was shared is taken back.
        """
        began = time.monotonic()
        shared = self._share()
        with self._taken_back(shared):
            self._approve(shared)
            self._seen(shared)
        self._gone(shared)
        return time.monotonic() - began

    def _share(self) -> Shared:
        form = self.visitor.get(f"/api/share?kind={KIND}")
        token = str(form.told.get("token", ""))
        if not token:
            raise SmokeFailed(f"The form does not come ({_told(form)}).")
        self.pause(READING)
        sent = self.visitor.post("/api/posts", _fields(token))
        if sent.status != 201:
            raise SmokeFailed(f"The form is not taken ({_told(sent)}).")
        self.say("Shared: the visitors' door took it and gave a receipt.")
        return Shared(str(sent.told["id"]), str(sent.told["receipt"]))

    def _approve(self, shared: Shared) -> None:
        told = self.desk.ask("approve", shared.id, "--as", BY)
        if told.get("state") != "approved":
            raise SmokeFailed(f"It could not be approved: {told.get('error', told)}")
        self.say("Approved, by an operator's command.")

    def _seen(self, shared: Shared) -> None:
        self.press()
        if not self._until(lambda: self.visitor.get(shared.path).status == 200):
            raise SmokeFailed("It was approved, and does not show.")
        if canary.TITLE.encode() not in self.visitor.get(shared.path).body:
            raise SmokeFailed("Its page shows something else.")
        listed = [path for path in LISTS if shared.id.encode() in self.visitor.get(path).body]
        if listed:
            raise SmokeFailed(f"It stands in {listed[0]}, where no canary may.")
        self.say("Published: its page shows, and no list leads to it.")

    def _gone(self, shared: Shared) -> None:
        self.press()
        if not self._until(lambda: self.visitor.get(shared.path).status in (403, 404)):
            raise SmokeFailed("It was taken back, and its page still shows. Look at once.")
        self.say("Withdrawn: its page is gone.")

    @contextmanager
    def _taken_back(self, shared: Shared) -> Iterator[None]:
        try:
            yield
        finally:
            named = {"receipt": shared.receipt, "id": shared.id}
            answer = self.visitor.post("/api/receipt/withdraw", named)
            if answer.status != 200:
                # Said, and not raised: what failed first is what the operator has to hear.
                self.say(f"!! It could not be taken back ({_told(answer)}).")

    def _until(self, done: Callable[[], bool]) -> bool:
        for _ in range(TRIES):
            if done():
                return True
            self.pause(BETWEEN)
        return done()


def _fields(token: str) -> Mapping[str, str]:
    return {
        "kind": KIND,
        "title": canary.TITLE,
        "body": canary.BODY,
        "consent": "yes",
        "token": token,
    }


def _told(answer: Answer) -> str:
    """Status and errors; our own words are no secret."""
    errors = answer.told.get("errors", {})
    said = "; ".join(map(str, errors.values())) if isinstance(errors, dict) else ""
    return f"status {answer.status}{': ' + said if said else ''}"
