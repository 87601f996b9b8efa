"""What visitors and moderators do at the doors, each as a person would: pages, forms, programs."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import altcha

from tests.doors.authenticator import SecurityKey
from tests.doors.seen import Page
from tests.rules.house import ROOT
from tests.rules.whole_product import FORM_AGE, JSON, Heard, Person, Whole, until

NOTHING: Mapping[str, Any] = MappingProxyType({})


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
        body = f"{word} was where I began.\n\n{babble(self.person.name + what)} {word}"
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


@dataclass
class Moderator:
    """Somebody at the desk, with a passkey."""

    person: Person
    key: SecurityKey = field(init=False)
    csrf: str = ""

    def __post_init__(self) -> None:
        self.person.at_desk = True
        self.site = self.person.house.site
        self.key = SecurityKey(origin=self.site)

    def script(self, path: str, content: Mapping[str, Any], status: int = 200) -> Heard:
        """What the pages' script sends."""
        heard = self.person.tell(path, content, Origin=self.site, Sec_Fetch_Site="same-origin")
        assert heard.status == status, heard.text
        if cookie := heard.headers.get("Set-Cookie"):
            self.person.cookie = cookie.partition(";")[0]
            self.person.secret("session", self.person.cookie.partition("=")[2])
        return heard

    def enrols(self, link: str) -> None:
        """Come in by a link that somebody printed."""
        opened = self.person.get("/moderation/" + link.partition("/moderation/")[2])
        assert opened.status == 200
        invitation = self.person.secret("invitation", link.partition("invitation=")[2])
        name = {"invitation": invitation, "name": f"Robin {self.person.core('name')}"}
        options = self.script("/moderation/enrol/options", name).json["publicKey"]
        self._note(options)
        self.script("/moderation/enrol", {**name, "credential": self.key.make(options)})
        self._sits()

    def signs_in(self) -> None:
        """Come back."""
        options = self.script("/moderation/sign-in/options", {}).json["publicKey"]
        self._note(options)
        self.script("/moderation/sign-in", {"credential": self.key.sign(options)})
        self._sits()

    def signs_out(self) -> None:
        """Leave."""
        assert self.send("/moderation/sign-out").status == 303

    def opens(self, path: str) -> Page:
        """A page of the desk."""
        heard = self.person.get(f"/moderation/{path}")
        assert heard.status == 200, heard.text
        return heard.page

    def send(self, path: str, fields: Mapping[str, Any] = NOTHING, origin: str = "null") -> Heard:
        """A form of the desk's."""
        whole = {"csrf": self.csrf, **fields}
        return self.person.send(path, whole, Origin=origin, Sec_Fetch_Site="same-origin")

    def holds(self, post_id: str) -> Page:
        """Take a post to read."""
        assert self.send(f"/moderation/post/{post_id}/claim").status == 303
        return self.opens(f"post/{post_id}")

    def decides(self, act: str, post_id: str, **fields: Any) -> None:
        """Read a post and send one of its forms, filled in."""
        path = f"/moderation/post/{post_id}/{act}"
        heard = self.send(path, {**self.holds(post_id).would_send(path), **fields})
        assert heard.status == 303, heard.text
        self.opens(heard.headers["Location"].removeprefix("/moderation/"))

    def publishes(self) -> None:
        """Press the button, and wait for what came of it."""
        heard = self.send("/moderation/publish")
        page = heard.headers["Location"].removeprefix("/moderation/")
        until(lambda: "The last run is done" in self.opens(page).words)

    def _sits(self) -> None:
        sent = self.opens("").would_send("/moderation/sign-out")
        self.csrf = self.person.secret("csrf", sent["csrf"][0])

    def _note(self, options: Mapping[str, Any]) -> None:
        self.person.secret("challenge", options["challenge"])


def proof_for(author: Author) -> str:
    """The work of a browser with script, done."""
    work = author.person.get("/api/challenge", Form_Token=author.token).json
    found = altcha.solve_challenge(altcha.Challenge.from_dict(work))
    assert found is not None
    solution = {"counter": found.counter, "derivedKey": found.derived_key}
    told = {"challenge": work, "solution": solution}
    return base64.b64encode(json.dumps(told).encode()).decode()


def first_link(house: Whole) -> str:
    """What the house printed for the first moderator when it last started."""
    said = "There is no moderator yet"
    until(lambda: house.log.read_text().count(said) == house.started)
    links: list[str] = re.findall(r"http://\S+/moderation/enrol\?\S+", house.log.read_text())
    return links[-1]
