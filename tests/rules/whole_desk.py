"""What moderators do at their door: passkeys, forms, and both steps of every decision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.doors.authenticator import SecurityKey
from tests.doors.seen import Element, Page
from tests.rules.whole_product import Heard, Person, Whole, until

NOTHING: Mapping[str, Any] = MappingProxyType({})
DESK = "/moderation"
REVIEW = "approve"
"""The form in which every marked word is decided on, whatever that comes to."""


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

    @property
    def id(self) -> str:
        """The made-up id that the record knows them by."""
        return self.key.user_handle.decode()

    # --- in and out ---------------------------------------------------------------------------

    def script(self, path: str, content: Mapping[str, Any], status: int = 200) -> Heard:
        """What the pages' script sends."""
        told = {"Origin": self.site, "Sec_Fetch_Site": "same-origin"}
        heard = self.person.tell(f"{DESK}{path}", content, **told)
        assert heard.status == status, heard.text
        if cookie := heard.headers.get("Set-Cookie"):
            self.person.cookie = cookie.partition(";")[0]
            self.person.secret("session", self.person.cookie.partition("=")[2])
        return heard

    def enrols(self, link: str) -> None:
        """Come in by a link."""
        name = f"Robin {self.person.core('name')}"
        self._comes_in(link, {"name": name})

    def recovers(self, link: str) -> None:
        """Come back in with a new passkey, which takes the place of the old one."""
        self.key = SecurityKey(origin=self.site)
        self._comes_in(link, {})

    def _comes_in(self, link: str, told: Mapping[str, str]) -> None:
        assert self.person.get(f"{DESK}/" + link.partition(f"{DESK}/")[2]).status == 200
        invitation = self.person.secret("invitation", link.partition("invitation=")[2])
        whole = {"invitation": invitation, **told}
        options = self._options("/enrol/options", whole)
        self.script("/enrol", {**whole, "credential": self.key.make(options)})
        self.sits()

    def signs_in(self) -> None:
        """Come back."""
        options = self._options("/sign-in/options", {})
        self.script("/sign-in", {"credential": self.key.sign(options)})
        self.sits()

    def signs_in_elsewhere(self) -> None:
        """Open a session in a second browser, and stay in the first."""
        here = self.person.cookie
        self.person.cookie = ""
        options = self._options("/sign-in/options", {})
        self.script("/sign-in", {"credential": self.key.sign(options)})
        self.person.cookie = here

    def signs_out(self) -> None:
        """Leave."""
        assert self.send("/sign-out").status == 303

    def _options(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        options: dict[str, Any] = self.script(path, content).json["publicKey"]
        self.person.secret("challenge", options["challenge"])
        return options

    def sits(self) -> None:
        """Note the token that every form of this session carries."""
        sent = filled(self.opens("/guide"), "/sign-out")
        self.csrf = self.person.secret("csrf", sent["csrf"][0])

    # --- pages and forms ----------------------------------------------------------------------

    def opens(self, path: str) -> Page:
        """A page of the desk, by its address within the door."""
        heard = self.person.get(f"{DESK}{path}")
        assert heard.status == 200, heard.text
        return heard.page

    def send(self, path: str, fields: Mapping[str, Any] = NOTHING, origin: str = "null") -> Heard:
        """A form of the desk's."""
        whole = {"csrf": self.csrf, **fields}
        told = {"Origin": origin, "Sec_Fetch_Site": "same-origin"}
        return self.person.send(f"{DESK}{path}", whole, **told)

    def does(self, path: str, fields: Mapping[str, Any] = NOTHING) -> Page:
        """Send a form that must be taken, and go where that leads."""
        heard = self.send(path, fields)
        assert heard.status == 303, heard.text
        return self.opens(heard.headers["Location"].removeprefix(DESK))

    # --- posts --------------------------------------------------------------------------------

    def holds(self, post_id: str) -> Page:
        """Take a post to read it."""
        return self.does(f"/post/{post_id}/claim")

    def checks(self, act: str, page: Page, fields: Mapping[str, Any] = NOTHING) -> Page:
        """Send one of the forms of a post's page, filled in, to see what it comes to."""
        path = f"/post/{post_of(page)}/check"
        heard = self.send(path, {**filled(page, path, act), **fields})
        assert heard.status == 200, heard.text
        return heard.page

    def does_it(self, checked: Page, path: str = "") -> Page:
        """Press "Do it" there."""
        (found,) = leads_to(checked) - {f"/post/{post_of(checked)}/edit"}
        return self.does(path or found, filled(checked, found))

    def decides(self, act: str, post_id: str, **fields: Any) -> Page:
        """Hold a post, fill in one of its forms, look at what it comes to, and do that."""
        page = self.holds(post_id)
        return self.does_it(self.checks(act, page, fields))

    def approves(self, post_id: str, instead: Mapping[str, str] = NOTHING, **fields: Any) -> Page:
        """The same for a review: every marked word is kept but for those with something instead."""
        page = self.holds(post_id)
        return self.does_it(self.checks(REVIEW, page, {**reviewed(page, instead), **fields}))

    def publishes(self) -> None:
        """Press the button, and wait for what came of it."""
        heard = self.send("/publish")
        page = heard.headers["Location"].removeprefix(DESK)
        until(lambda: "The last run is done" in self.opens(page).words)


def filled(page: Page, path: str, act: str = "") -> dict[str, list[str]]:
    """What the form that goes there would send; of several, the one that asks for this act."""
    forms = [form for form in page.all("form") if form.given.get("action") == f"{DESK}{path}"]
    (form,) = [form for form in forms if not act or _asks_for(page, form, act)]
    sent: dict[str, list[str]] = {}
    for one in page.all("input", "textarea"):
        choice = one.given.get("type") in ("checkbox", "radio")
        if form in one.around and (not choice or "checked" in one.given):
            sent.setdefault(one.name, []).append(one.value)
    return sent


def _asks_for(page: Page, form: Element, act: str) -> bool:
    fields = [one for one in page.all("input") if form in one.around]
    return any(one.name == "act" and one.value == act for one in fields)


def leads_to(page: Page) -> set[str]:
    """Where the page's forms lead, without the frame around it."""
    actions = {form.given.get("action", "").removeprefix(DESK) for form in page.all("form")}
    return actions - {"/sign-out", ""}


def post_of(page: Page) -> str:
    """The id of the post that a page is about: the only one that its forms lead to."""
    (post_id,) = {path.split("/")[2] for path in leads_to(page) if path.startswith("/post/")}
    return post_id


def reviewed(page: Page, instead: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """A verdict for each marked stretch: those that hold one of these words get others instead."""
    given: dict[str, str] = {}
    for stretch in page.all("fieldset"):
        verdict = next((one.name for one in page.all("input") if _is_verdict(one, stretch)), "")
        if not verdict:
            continue
        other = [words for old, words in instead.items() if old in stretch.text.lower()]
        given[verdict] = "replace" if other else "keep"
        given |= {verdict.replace("verdict", "words"): words for words in other}
    return given


def _is_verdict(one: Element, stretch: Element) -> bool:
    return stretch in one.around and bool(re.fullmatch(r"verdict-\d+", one.name))


def first_link(house: Whole) -> str:
    """What the house printed for the first moderator when it last started."""
    said = "There is no moderator yet"
    until(lambda: house.log.read_text().count(said) == house.started)
    links: list[str] = re.findall(r"http://\S+/moderation/enrol\?\S+", house.log.read_text())
    return links[-1]
