"""What visitors do at their door, each as a person would: pages, forms, programs."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import altcha

from tests.doors.seen import Page
from tests.rules.house import ROOT
from tests.rules.whole_product import FORM_AGE, JSON, Heard, Person


@cache
def _adjectives() -> tuple[str, ...]:
    return tuple((ROOT / "forum/pen_adjectives.txt").read_text("utf-8").split())


def babble(seed: str) -> str:
    """A text that is like no other, and always the same for a seed."""
    words = random.Random(seed).sample(_adjectives(), 50)
    return f"It was {', then '.join(words)}."


@dataclass
class Author:
    """Somebody with something to share, and what they got for it."""

    person: Person
    token: str = ""
    opened: float = 0.0
    id: str = ""
    receipt: str = ""
    put_away: str = ""
    capability: str = ""
    further: str = ""
    """One more paragraph of what they write."""

    def opens_the_form(self) -> None:
        """As a program does."""
        self._opens("/api/share")

    def opens_a_report(self, post_id: str) -> None:
        """The form to ask us to look again."""
        self._opens(f"/api/reports?id={post_id}")

    def _opens(self, form: str) -> None:
        told = self.person.get(form, Accept=JSON).json
        self.token = self.person.secret("form token", told["token"])
        self.opened = time.monotonic()

    def story(self, what: str = "", **given: Any) -> dict[str, Any]:
        """A form that can be taken, a canary in its title and at both ends of its text."""
        word = self.person.word(f"{what}words")
        body = (
            f"{word} was where I began.{self.further}\n\n{babble(self.person.name + what)} {word}"
        )
        title = f"Walks {self.person.word(f'{what}title')}"
        whole = {"kind": "story", "title": title, "body": body, "consent": "yes"}
        return whole | {"topic": ["alcohol"], "stage": "first-year"} | given

    def shares(self, what: str = "", **given: Any) -> Heard:
        """Send it, no sooner than somebody can have written it."""
        self.waits()
        heard = self.person.tell("/api/posts", self.story(what, token=self.token, **given))
        if heard.status == 201:
            self.keeps(heard.json)
        return heard

    def waits(self) -> None:
        """Let the time pass that a form must be open for."""
        time.sleep(max(0.0, self.opened + FORM_AGE - time.monotonic()))

    def keeps(self, told: Mapping[str, Any]) -> None:
        """Write the six words down."""
        self.id = told["id"]
        self.receipt = told["receipt"]
        self.put_away = self.person.secret("words put away", told["put_away"])
        self.person.house.canaries.receipt(f"{self.person.name}: receipt", self.receipt)

    def looks(self) -> Page:
        """Look it up in a browser."""
        heard = self.person.send("/api/receipt", {"receipt": self.receipt})
        assert heard.status == 200, heard.text
        sent = heard.page.would_send("/api/receipt/erase")
        self.capability = self.person.secret("capability", sent["capability"][0])
        return heard.page

    def presses(self, name: str, **changed: Any) -> Heard:
        """Press one of the buttons of the page that the receipt opens."""
        fields = {**self.looks().would_send(f"/api/receipt/{name}"), **changed}
        return self.person.send(f"/api/receipt/{name}", fields)


def proof_for(author: Author) -> str:
    """The work of a browser with script, done."""
    work = author.person.get("/api/challenge", Form_Token=author.token).json
    found = altcha.solve_challenge(altcha.Challenge.from_dict(work))
    assert found is not None
    solution = {"counter": found.counter, "derivedKey": found.derived_key}
    told = {"challenge": work, "solution": solution}
    return base64.b64encode(json.dumps(told).encode()).decode()
