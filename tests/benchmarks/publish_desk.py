"""How long a moderator's "Do it" takes to reach readers: the real server, forms and press.

Somebody enrols with a passkey, takes stories from the queue and approves them, one after the other.
Wall time, from sending the last form until the story's own address answers with the story.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode

from publish_cost import Cost, Costs, spoken
from publish_house import house
from publish_rounds import SIZE, Tell
from publish_tales import tale

from tests.doors.authenticator import SecurityKey
from tests.doors.seen import Page
from tests.journeys.house import House
from tests.rules.whole_desk import DESK, NOTHING, filled, leads_to, reviewed

TURNS: Final = 20
LOOK: Final = 0.004
"""Seconds between two looks at the story's address."""
PATIENCE: Final = 60.0
FORM: Final = "application/x-www-form-urlencoded"


@dataclass
class Moderator:
    """A browser without script at the desk, over one connection."""

    site: str
    line: HTTPConnection
    cookie: str = ""
    key: SecurityKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = SecurityKey(origin=self.site)

    def enrol(self, link: str) -> None:
        """Come in by a link."""
        whole = {"invitation": link.partition("invitation=")[2], "name": "Robin"}
        options = json.loads(self._script("/enrol/options", whole))["publicKey"]
        self._script("/enrol", {**whole, "credential": self.key.make(options)})

    def checked(self, post_id: str) -> Page:
        """Take a post, and see what approving it comes to."""
        page = self.open(f"/post/{post_id}")
        page = self.send(page, f"/post/{post_id}/claim")
        return self.send(page, f"/post/{post_id}/check", "approve", reviewed(page))

    def do_it(self, page: Page, post_id: str) -> None:
        """Press "Do it" there; do not wait for the page that this leads to."""
        (path,) = leads_to(page) - {f"/post/{post_id}/edit"}
        self._ask("POST", f"{DESK}{path}", urlencode(filled(page, path), doseq=True), FORM)

    def open(self, path: str) -> Page:
        """A page of the desk."""
        return Page(self._ask("GET", f"{DESK}{path}")[1])

    def send(
        self, page: Page, path: str, act: str = "", changed: Mapping[str, str] = NOTHING
    ) -> Page:
        """Send a form of a page, filled in so; the page that this leads to."""
        body = urlencode({**filled(page, path, act), **changed}, doseq=True)
        there, text = self._ask("POST", f"{DESK}{path}", body, FORM)
        return self.open(there.removeprefix(DESK)) if there else Page(text)

    def reads(self, path: str) -> bool:
        """Whether a reader is given this page."""
        self.line.request("GET", path)
        answer = self.line.getresponse()
        answer.read()
        return answer.status == 200

    def _script(self, path: str, content: Mapping[str, Any]) -> str:
        return self._ask("POST", f"{DESK}{path}", json.dumps(content), "application/json")[1]

    def _ask(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[str, str]:
        """Where the answer leads, and its text; any error fails the benchmark."""
        told = {"Origin": self.site if kind != FORM else "null", "Sec-Fetch-Site": "same-origin"}
        told |= {"Cookie": self.cookie} if self.cookie else {}
        told |= {"Content-Type": kind, "Accept": "application/json"} if "json" in kind else {}
        told |= {"Content-Type": kind} if kind else {}
        self.line.request(method, path, body.encode() or None, told)
        answer = self.line.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{path} was answered with {answer.status}: {text}")
        self.cookie = answer.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        return answer.headers.get("Location", ""), text


def measure(tell: Tell) -> dict[str, Any]:
    """Ten thousand stories are up; twenty more are approved."""
    with house(SIZE) as filled_store:
        filled_store.press()
        with served(House(filled_store.data)) as product:
            costs = Costs.of(list(approvals(product)))
    tell(f"from the desk to readers, {SIZE} stories: {spoken(costs.spreads['wall_s'])}")
    return costs.plain


def approvals(product: House) -> Iterator[Cost]:
    """What each of so many approvals takes until readers see the story."""
    with closing(HTTPConnection("localhost", product.port, timeout=PATIENCE)) as line:
        moderator = Moderator(product.site, line)
        moderator.enrol(product.first_link)
        for number in range(SIZE, SIZE + TURNS + 1):
            took = _until_read(moderator, tale(number).id)
            if number > SIZE:  # the first one finds everybody cold
                yield Cost(0, took)


def _until_read(moderator: Moderator, post_id: str) -> float:
    page, address = moderator.checked(post_id), f"/stories/{post_id}/"
    if moderator.reads(address):
        raise RuntimeError(f"{post_id} can be read before it is approved")
    began = time.perf_counter()
    moderator.do_it(page, post_id)
    while not moderator.reads(address):
        if time.perf_counter() > began + PATIENCE:
            raise RuntimeError(f"{post_id} was approved, and readers never found it")
        time.sleep(LOOK)
    return time.perf_counter() - began


@contextmanager
def served(product: House) -> Iterator[House]:
    """The product, for as long as the block."""
    product.start()
    try:
        yield product
    finally:
        product.stop()


if __name__ == "__main__":
    measure(print)
