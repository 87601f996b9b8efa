"""What the privacy page says of addresses, browsers, times and words, held against every byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest

from forum.post import State
from forum.retention import CLOCKS, TYPED_DAYS
from tests.doors.local_machine import FORM, Heard
from tests.doors.seen import Page
from tests.doors.served import BODY, EVERY, JSON, House, served
from tests.rules.house import HOUSE, ROOT
from tests.rules.traces import canary, found_under, moments, ways

TOLD = {
    name: canary(name)
    for name in ("User-Agent", "Referer", "Accept-Language", "Cookie", "Via", "Authorization")
}
FROM = "127.77.99.13"
"""The address that this visitor's device really has."""
ADDRESSES = (FROM, "203.0.113.77", "2001:db8:7e57:c0de::4711")
QUERY = canary("query")
TYPED = canary("typed")
GIVEN_AWAY = {
    **TOLD,
    "query": QUERY,
    "cookie of the desk": f"handrail_session={TOLD['Cookie']}",
    **{address: address for address in ADDRESSES},
}
"""Everything that a browser or the way to us gives away unasked."""


@dataclass
class Visitor:
    """Somebody whose browser tells everything it can."""

    house: House

    def ask(self, method: str, path: str, body: str = "", kind: str = FORM) -> Heard:
        told = {name: value.encode("latin-1") for name, value in TOLD.items()}
        told |= {name: ", ".join(ADDRESSES).encode() for name in ("X-Forwarded-For", "X-Real-IP")}
        told |= {"Forwarded": f"for={ADDRESSES[1]}".encode(), "Content-Type": kind.encode()}
        told |= {"Accept": JSON.encode()} if kind == JSON else {}
        if path.startswith("/moderation"):
            told["Cookie"] = GIVEN_AWAY["cookie of the desk"].encode("latin-1")
        line = HTTPConnection("127.0.0.1", self.house.port, timeout=10, source_address=(FROM, 0))
        with closing(line):
            line.request(method, f"{path}?{quote(QUERY)}={quote(QUERY)}", body.encode(), told)
            answer = line.getresponse()
            return Heard(answer.status, answer.headers, answer.read())

    def send(self, path: str, **fields: str) -> Heard:
        return self.ask("POST", path, urlencode(fields))

    def shares(self) -> dict[str, str]:
        """Share a story; its id and its receipt."""
        story = self.house.story(title=TYPED, body=f"{BODY} {TYPED}", topic=["grief"])
        line = self.ask("POST", "/api/posts", json.dumps(story), JSON)
        assert line.status in (200, 201), line.text
        return {name: json.loads(line.text)[name] for name in ("id", "receipt")}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The real house; its log keeps every level."""
    with served(tmp_path_factory.mktemp("told"), HANDRAIL_TEST_LOG="DEBUG") as house:
        yield house


@dataclass(frozen=True)
class Visit:
    """What was found of one visit, before and after its words were taken back."""

    answers: list[Heard]
    shared: dict[str, str]
    before: dict[str, set[str]]
    after: dict[str, set[str]]
    moments: dict[str, set[str]]


@pytest.fixture(scope="module")
def visit(house: House) -> Visit:
    """Everything a visitor does, and everything that goes wrong: share, look up, take back."""
    start, visitor = datetime.now(UTC), Visitor(house)
    shared, broken = visitor.shares(), visitor.shares()
    before = found_under(house.folder, ways({"typed": TYPED}))
    with house.store() as store:
        store.execute("UPDATE posts SET state = 'nonsense' WHERE id = ?", (broken["id"],))
    answers = [
        *(visitor.ask("GET", path) for path in ("/", "/nowhere", "/api/share", "/api/receipt")),
        visitor.ask("GET", "/moderation/"),
        visitor.send("/moderation/sign-out", csrf=TYPED),
        visitor.send("/api/posts", **house.story(body="")),
        visitor.ask("POST", "/api/posts", "[", JSON),
        visitor.send("/api/receipt", receipt=TYPED),
        visitor.send("/api/receipt", receipt=broken["receipt"]),
        visitor.send("/api/receipt", receipt=shared["receipt"]),
        visitor.send("/api/receipt/withdraw", **shared),
        visitor.ask("TRACE", "/"),
    ]
    with house.store() as store:
        store.execute("UPDATE posts SET state = 'received' WHERE id = ?", (broken["id"],))
    answers.append(visitor.send("/api/receipt/withdraw", **broken))
    after = found_under(house.folder, ways({"typed": TYPED, "words": shared["receipt"]}))
    told = found_under(house.folder, ways(GIVEN_AWAY))
    when = {"exact time": moments(start - timedelta(seconds=1), datetime.now(UTC)).values()}
    return Visit(answers, shared, before, after | told, found_under(house.folder, when))


def test_the_visit_met_every_kind_of_answer(visit: Visit) -> None:
    assert {heard.status for heard in visit.answers} >= {200, 303, 400, 404, 422, 500}


def test_nothing_of_address_browser_referrer_language_cookie_or_query_is_kept(
    visit: Visit,
) -> None:
    assert {name: visit.after.get(name) for name in GIVEN_AWAY} == dict.fromkeys(GIVEN_AWAY)


def test_no_exact_time_of_a_visit_is_kept(visit: Visit) -> None:
    assert visit.moments == {}


def test_what_was_taken_back_is_in_no_byte_of_any_file(visit: Visit) -> None:
    """The words were there, in the store, before they were taken back."""
    assert {file.partition("-")[0] for file in visit.before["typed"]} == {"handrail.sqlite3"}
    assert "typed" not in visit.after


def test_the_six_words_are_in_no_byte_of_any_file(visit: Visit) -> None:
    assert len(visit.shared["receipt"].split()) == 6
    assert "words" not in visit.after


def test_no_answer_to_a_visitor_sets_a_cookie(visit: Visit) -> None:
    kept = [heard.headers["Set-Cookie"] for heard in visit.answers if "Set-Cookie" in heard.headers]
    assert [line for line in kept if "Path=/moderation;" not in line] == []


def test_no_page_of_the_door_asks_who_somebody_is(house: House) -> None:
    story = house.story()
    shared = house.shared()
    shown = [
        house.get("/api/share"),
        house.get("/api/receipt"),
        house.send("/api/posts", house.story(body="")),
        house.send("/api/posts", story),
        house.send("/api/receipt", {"receipt": shared["receipt"]}),
        house.send("/api/receipt/withdraw", shared),
        house.get("/nowhere"),
    ]
    fields = [f for heard in shown[:-1] for f in Page(heard.text).all("input", "textarea")]
    kinds = {field.given.get("type", field.tag) for field in fields}
    assert kinds == {"hidden", "text", "textarea", "radio", "checkbox"}
    assert {field.name for field in fields} == {*EVERY, "id", "capability"} - {"to"}
    assert {f.given.get("autocomplete", "off") for f in fields} == {"off"}


def test_a_cookie_is_made_in_the_moderators_door_and_nowhere_else() -> None:
    makers = {name for name, module in HOUSE.items() if re.search("set.cookie", module.text, re.I)}
    assert makers
    assert {name.rpartition(".")[0] for name in makers} == {"moderation.door"}


def test_a_copy_of_the_store_is_kept_no_longer_than_the_page_says() -> None:
    guide = (ROOT / "docs/operators-guide.md").read_text("utf-8")
    page = (ROOT / "content/pages/your-privacy.md").read_text("utf-8")
    (told,) = re.findall(r"keep a copy of all we hold for up to (\d+) days", page)
    assert f"Keep no copy of the database longer than {told} days" in guide


HELD = {
    "posts": {
        "id": "", "kind": "", "version": "", "approved_hash": "", "state": "what we decided",
        "state_day": "what we decided", "day": "the day you sent it", "pen_name": "the pen name",
        "fields": "the topics and other boxes that you ticked", "marks": "marks from our software",
    },
    "texts": {
        "post_id": "", "pad": "", "title": "the words you sent", "html": "the words you sent",
        "typed": "the words you sent", "removed": "the words you sent",
        "highlights": "marks from our software",
    },
    "messages": {
        "post_id": "", "pad": "", "day": "what we wrote to you", "words": "what we wrote to you",
    },
    "authors": {
        "lookup": "a scrambled form of your receipt", "sealed": "a locked list of your stories",
    },
    "spent": dict.fromkeys(("nonce", "body", "post_id", "day"), "a mark that a form was used"),
}  # fmt: skip
"""What each column that holds something of a visitor is called on the page; numbers and names that
the store gives its own rows are called nothing."""

OF_POSTS = {"claims", "undos", "decisions", "editions", "next_slots", "counters", "runs"}
OF_MODERATORS = {"moderators", "passkeys", "invitations", "challenges", "sessions"}
"""Tables of what moderators and the press do. With those of posts they hold no words of a visitor's
but a message that a moderator wrote."""


def test_the_page_names_everything_that_the_store_holds_of_a_visitor(house: House) -> None:
    page = (ROOT / "content/pages/your-privacy.md").read_text("utf-8")
    with house.store() as store:
        tables = {name for (name,) in store.execute("SELECT name FROM pragma_table_list")}
        columns = {
            table: {
                name for (name,) in store.execute(f"SELECT name FROM pragma_table_info('{table}')")
            }
            for table in HELD
        }
    assert {t for t in tables if "sqlite_" not in t} == {*HELD, *OF_POSTS, *OF_MODERATORS}
    assert columns == {table: set(names) for table, names in HELD.items()}
    named = {words for names in HELD.values() for words in names.values()}
    assert [words for words in named if words not in page] == []


def test_the_clocks_of_what_we_turn_away_run_as_long_as_the_page_says() -> None:
    page = (ROOT / "content/pages/your-privacy.md").read_text("utf-8")
    (told,) = re.findall(r"hear no more:\*\* we erase it after (\d+) days", page)
    (note,) = re.findall(r"For (\d+) days a note stays", page)
    (kept,) = re.findall(r"If it is published:\*\* after (\d+) days", page)
    turned_away = (State.DECLINED, State.TAKEN_DOWN, State.ESCALATED, State.RETURNED)
    assert {CLOCKS[state] for state in turned_away} == {int(told)}
    assert (CLOCKS[State.WITHDRAWN], TYPED_DAYS) == (int(note), int(kept))
