"""Every class of hostile text in every field of every address: an answer with help, words as words.

Never a 500, never a character that does anything in a page, never a word in the log.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from forum.post import State
from tests.doors.hostile_payloads import OWN, PAYLOADS
from tests.doors.local_machine import FORM, Heard
from tests.doors.meanwhile import offered, put, up
from tests.doors.seen import Page
from tests.doors.served import CANARY, DOCUMENT, EVERY, JSON, House, hold_to_the_rules, served

LEAVE = ("receipt", "capability", "put_away")
STORY = ("title", "body", "stage", "arc", "topic", "helped", "about_me", "content_note", "findable")
FIELDS: dict[str, tuple[str, ...]] = {
    "/preview": (*EVERY, "pow", "put_away", "accept", "go"),
    "/posts": (*EVERY, "pow", "put_away"),
    "/receipt": LEAVE,
    "/receipt/typed-back": ("put_away", "receipt"),
    "/receipt/withdraw": ("id", *LEAVE),
    "/receipt/accept": ("id", "hash", *LEAVE),
    "/receipt/refuse": ("id", "hash", *LEAVE),
    "/receipt/appeal": ("id", *LEAVE),
    "/receipt/change": ("id", *LEAVE),
    "/receipt/revise": ("id", "hash", *LEAVE, *STORY),
    "/receipt/erase": LEAVE,
    "/reports": ("id", "reason", "words", "token", "website"),
}
QUERIES = {
    "/share": ("kind", "to", "token"),
    "/challenge": ("token",),
    "/receipt": ("receipt", "capability"),
    "/reports": ("id", "token"),
    "/health": ("x",),
    "/openapi.json": ("x",),
}
STANDS = {
    "/receipt/withdraw": State.WITHDRAWN,
    "/receipt/appeal": State.DECLINED,
    "/receipt/change": State.RETURNED,
    "/receipt/revise": State.RETURNED,
}
"""Where a post must stand for an address to have something to do."""
READ_LIKE_A_STORY = {"/preview": 4, "/receipt/revise": 4}
"""Addresses that read what `/posts` reads, by the same rules: here each class goes into one field
in so many, and each field has one class in so many; `make test-long` sends all of them."""
ANSWERS = {200, 201, 400, 404, 409, 413, 422}
LONGEST_QUERY = 8_000
DOES_SOMETHING = re.compile(r"[<>\"'&]")
"""Characters that a page must write in another way."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert house.log == ""


@dataclass
class Line:
    """One connection to the house, kept open."""

    house: House
    connection: http.client.HTTPConnection

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Heard:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, f"/api{path}", body, named)
        answer = self.connection.getresponse()
        heard = Heard(answer.status, answer.headers, answer.read())
        hold_to_the_rules(method, f"/api{path}".partition("?")[0], heard)
        return heard

    def send(self, path: str, fields: Mapping[str, Any], accept: str) -> Heard:
        body = urlencode(fields, doseq=True, errors="surrogatepass").encode()
        return self.ask("POST", path, body, Content_Type=FORM, Accept=accept)

    def tell(self, path: str, fields: Mapping[str, Any], accept: str) -> Heard:
        return self.ask("POST", path, json.dumps(fields), Content_Type=JSON, Accept=accept)


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    yield Line(house, connection)
    connection.close()


@dataclass
class Right:
    """Fields for an address that would be taken as they are, made anew when they are used up."""

    house: House
    path: str

    def __post_init__(self) -> None:
        self.mine = self.house.shared()
        del self.mine["put_away"]
        if self.path in ("/receipt/accept", "/receipt/refuse"):
            offered(self.house, self.mine["id"], "I stopped counting, and started to walk.")
        elif self.path in STANDS:
            self._stand()
        self.story = up(self.house)["id"] if self.path == "/reports" else ""

    def but_for(self, field: str) -> dict[str, Any]:
        """The fields without one; what gives leave to act goes whole, if that is part of it."""
        if self.path in ("/posts", "/preview"):
            return self.house.story(**{field: None})
        if self.path == "/reports":
            right = {"id": self.story, "reason": "cruel", "token": self.house.token()}
        else:
            right = {n: v for n, v in self.mine.items() if n in FIELDS[self.path]}
        gone = LEAVE if field in LEAVE else (field,)
        return {name: value for name, value in right.items() if name not in gone}

    def taken(self) -> None:
        """What was sent was taken: stand everything as it was before."""
        if self.path == "/receipt/revise":
            self._stand()

    def _stand(self) -> None:
        put(self.house, self.mine["id"], STANDS[self.path])
        heard = self.house.tell("/api/receipt", {"receipt": self.mine["receipt"]})
        (post,) = json.loads(heard.body)["posts"]
        self.mine |= {"hash": post["hash"], "body": "I stopped counting, and it got lighter."}


def harmless(heard: Heard, payload: str) -> None:
    """A page shows what was typed as words, and nothing in it does anything."""
    assert heard.status in ANSWERS, (heard.status, payload[:80])
    if heard.headers.get_content_type() == JSON:
        return
    assert not DOES_SOMETHING.search(payload) or payload not in heard.text
    assert f"49{CANARY}" not in heard.text
    if re.search("[<>\"']", payload) and CANARY in heard.text:
        page = Page(heard.text)
        assert {tag.tag for tag in page.all("script", "img", "svg", "iframe", "style")} <= {
            "script",
            "img",
        }
        assert len(page.all("img")) == 1
        assert len(page.all("script")) <= 1


def meant(name: str) -> str:
    """The payload; one that could do something in a page ends in a word to know it by."""
    payload = PAYLOADS[name]
    return payload + CANARY if re.search(r"[<>\"'&{}]", payload) else payload


def test_there_are_more_than_a_hundred_and_twenty_classes_and_no_address_is_left_out() -> None:
    assert len(OWN) >= 120
    assert len(set(PAYLOADS.values())) > 140
    posted = {path for path, item in DOCUMENT["paths"].items() if "post" in item}
    asked = {path for path, item in DOCUMENT["paths"].items() if "get" in item}
    assert set(FIELDS) == posted
    assert set(QUERIES) == asked
    for path, fields in FIELDS.items():
        content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"][FORM]["schema"]
        schema = DOCUMENT["components"]["schemas"][content["$ref"].rpartition("/")[2]]
        assert set(schema["properties"]) <= set(fields), path


def put_into_each_field(house: House, line: Line, path: str, one_in: int) -> None:
    """Each class into one field in so many, by turns as a form and as JSON; none does harm."""
    right = Right(house, path)
    for number, name in enumerate(PAYLOADS):
        payload = meant(name)
        for place, field in enumerate(FIELDS[path]):
            turn = number + place
            if turn % one_in:
                continue
            say = line.send if turn // one_in % 2 else line.tell
            accept = JSON if turn // one_in % 4 == 3 else "text/html"
            heard = say(path, right.but_for(field) | {field: payload}, accept)
            harmless(heard, payload)
            if heard.status == 200:
                right.taken()


@pytest.mark.parametrize("path", FIELDS)
def test_no_field_of_any_form_takes_harm_from_any_class(
    house: House, line: Line, path: str
) -> None:
    put_into_each_field(house, line, path, READ_LIKE_A_STORY.get(path, 1))


@pytest.mark.parametrize("path", FIELDS)
def test_no_form_takes_harm_from_a_class_in_every_field_at_once(line: Line, path: str) -> None:
    for name in PAYLOADS:
        payload = meant(name)
        for accept in (JSON, "text/html"):
            harmless(line.send(path, dict.fromkeys(FIELDS[path], payload), accept), payload)
        if payload:
            harmless(line.tell(path, {payload: payload, "body": payload}, "text/html"), payload)


@pytest.mark.parametrize("path", QUERIES)
def test_no_query_takes_harm_from_any_class(line: Line, path: str) -> None:
    for name in PAYLOADS:
        payload = meant(name)
        written = quote(payload, errors="surrogatepass")
        for field in QUERIES[path] if len(written) < LONGEST_QUERY else ():
            harmless(line.ask("GET", f"{path}?{field}={written}"), payload)


def test_no_header_takes_harm_from_any_class(line: Line) -> None:
    for name in PAYLOADS:
        payload = meant(name)
        if len(payload) < LONGEST_QUERY and not re.search("[\0\r\n]", payload):
            token = payload.encode("utf-8", "surrogatepass").decode("latin-1").strip()
            harmless(line.ask("GET", "/challenge", Form_Token=token), payload)


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("shape", [5, 1.5, True, None, {}, {"a": {"b": []}}, [[]], [None], 10**300])
def test_no_field_takes_harm_from_a_shape_that_no_form_has(
    house: House, line: Line, path: str, shape: object
) -> None:
    right = Right(house, path)
    for field in FIELDS[path]:
        for accept in ("text/html", JSON):
            harmless(line.tell(path, right.but_for(field) | {field: shape}, accept), "")
