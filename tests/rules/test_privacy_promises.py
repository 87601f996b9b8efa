"""What the privacy page says that we ask, hold and erase, held against the door, store and clocks.

That nothing else is kept of anybody is shown by tests/rules/test_leaks.py, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from forum.post import State
from forum.retention import CLOCKS, REPORT_DAYS, TYPED_DAYS
from moderation.commands.backup_files import BACKUP_DAYS
from tests.doors.local_machine import Heard
from tests.doors.seen import Page
from tests.doors.served import EVERY, House, served
from tests.rules.house import HOUSE, ROOT

PAGE = " ".join((ROOT / "content/pages/your-privacy.md").read_text("utf-8").split())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The real house."""
    with served(tmp_path_factory.mktemp("asked")) as house:
        yield house


def forms(house: House) -> Iterator[Heard]:
    """Every page of the door that a visitor meets on the way, those with errors too."""
    story, shared = house.story(), house.shared()
    held = {"receipt": shared["receipt"], "id": shared["id"]}
    yield from (house.get("/api/share"), house.get("/api/receipt"), house.get("/nowhere"))
    yield house.send("/api/posts", house.story(body=""))
    yield house.send("/api/preview", house.story(body="Write to me at ana@example.org, any day."))
    yield house.send("/api/posts", story)
    yield house.send("/api/receipt/typed-back", {"put_away": shared["put_away"], "receipt": "x"})
    yield house.send("/api/receipt", {"receipt": "six words"})
    with house.store() as store:
        store.execute("UPDATE posts SET state = 'returned' WHERE id = ?", (shared["id"],))
        up = (shared["id"], "00", "2026-11", "{}")
        store.execute("INSERT INTO editions VALUES (?, ?, ?, ?)", up)
    yield house.send("/api/receipt", held)
    yield house.send("/api/receipt/change", held)
    yield house.send("/api/receipt/revise", {**held, "body": ""})
    with house.store() as store:
        store.execute("UPDATE posts SET state = 'approved' WHERE id = ?", (shared["id"],))
    yield house.get(f"/api/reports?id={shared['id']}")
    report = {"id": shared["id"], "reason": "other", "token": house.token()}
    yield house.send("/api/reports", {**report, "reason": ""})
    yield house.send("/api/reports", report)
    yield house.send("/api/receipt/withdraw", held)
    yield house.send("/api/receipt/erase", held)


ACTS = {"id", "hash", "capability", "put_away", "accept", "pow"}
"""Fields that say what a form is about, or prove something; nobody writes them."""
OF_REPORTS = {"reason", "words"}


def test_no_page_of_the_door_asks_who_somebody_is(house: House) -> None:
    shown = list(forms(house))
    assert {heard.status for heard in shown} == {200, 201, 404, 409, 422}
    fields = [
        field
        for heard in shown
        if heard.text.startswith("<!doctype html>")
        for field in Page(heard.text).all("input", "textarea", "select")
    ]
    kinds = {field.given.get("type", field.tag) for field in fields}
    assert kinds == {"hidden", "text", "textarea", "radio", "checkbox"}
    assert {field.name for field in fields} == {*EVERY, *ACTS, *OF_REPORTS} - {"to"}
    assert {f.given.get("autocomplete", "off") for f in fields} == {"off"}


def test_a_cookie_is_made_in_the_moderators_door_and_nowhere_else() -> None:
    makers = {name for name, module in HOUSE.items() if re.search("set.cookie", module.text, re.I)}
    assert makers
    assert {name.rpartition(".")[0] for name in makers} == {"moderation.door"}


def test_a_copy_of_the_store_is_kept_no_longer_than_the_page_says() -> None:
    (told,) = re.findall(r"keep a copy of all we hold for up to (\d+) days", PAGE)
    assert int(told) == BACKUP_DAYS
    nightly = (ROOT / "infra/local/production/handrail-backup.service").read_text("utf-8")
    assert f" -m moderation backup --keep {told}\n" in nightly


DECIDED, WORDS, MARKS = "what we decided", "the words you sent", "marks from our software"
WROTE, OFFERED, USED = "what we wrote to you", "changes that we suggested", "a mark that a form was"
REPORTED, LISTED = "if someone reported a story: what they told us", "a list of what was decided"
TICKED, SENT, READER = (
    *("the topics and other boxes that you ticked", "the day you sent it"),
    "who of us read it and decided, under a made-up id",
)
SOON, LANGUAGE = "how soon to read it", "which language it may be"
OWN = {"id", "post_id", "kind", "version", "pad", "number", "batch", "answered"}
"""Numbers and names that the store gives its own rows; the page calls them nothing."""
TEXT = {"title": WORDS, "html": WORDS, "typed": WORDS, "removed": WORDS, "highlights": MARKS}
HELD = {
    "posts": {
        "state": DECIDED, "state_day": DECIDED, "approved_hash": DECIDED, "reread": DECIDED,
        "day": SENT, "pen_name": "the pen name", "marks": MARKS, "risk": SOON,
        "language": LANGUAGE, "fields": TICKED, "first_reader": READER, "editors": READER,
        "looked": READER, "appealed": "that you asked us to look again",
    },
    "texts": TEXT,
    "originals": TEXT,
    "offers": {**dict.fromkeys(TEXT, OFFERED), "highlights": MARKS, "hash": OFFERED},
    "messages": {"day": WROTE, "words": WROTE},
    "reports": {
        "words": REPORTED, "reason": "why, on which day", "day": "why, on which day",
        "state": "and how we answered", "state_day": "and how we answered",
    },
    "authors": {
        "lookup": "a scrambled form of your receipt",
        "sealed": "a locked list of your stories and reports",
    },
    "spent": {"nonce": USED, "body": USED, "day": "for two days"},
    "undos": {
        "before": DECIDED, "text": WORDS, "message_day": WROTE, "message_words": WROTE,
        "moderator": READER,
    },
    "claims": {"moderator": READER},
    "erasures": {"what": "It holds days and ids, and no words"},
    "facets": {"facet": TICKED, "state": DECIDED, "risk": SOON, "day": SENT},
    "record": {
        "day": "Each line says on which day", "who": "who of us did it under a made-up id",
        "what": "what we did", "about": "an id of the story", "reason": "Beside it we keep why",
        "rules": "by which rules", "approved_hash": "a number made from its words",
        "salt": "we erase why, the rules and the number at once", "seal": LISTED, "link": LISTED,
    },
    "standing": {"state": "how many stories wait"},
    "tallies": {"day": "how long that takes", "name": "what comes of them"},
}  # fmt: skip
"""What each column that holds something of a visitor's is called on the page. A seal and a link are
hashes under a salt; the record's own rows are chained by them."""
OF_OTHERS = {"undos": {"until", "month", "slots"}, "claims": {"until"}}
"""Columns of these tables that are about moderators' minutes and about places on the site."""

OF_POSTS = {"editions", "next_slots", "unpressed", "counters", "runs"}
OF_MODERATORS = {
    *("moderators", "passkeys", "invitations", "challenges", "sessions"),
    *("duty", "recoveries"),
}
"""Tables of what moderators and the press do. They hold nothing that a visitor wrote."""


def test_the_page_names_everything_that_the_store_holds_of_a_visitor(house: House) -> None:
    with house.store() as store:
        tables = {name for (name,) in store.execute("SELECT name FROM pragma_table_list")}
        columns = {
            table: {
                name for (name,) in store.execute(f"SELECT name FROM pragma_table_info('{table}')")
            }
            for table in HELD
        }
    assert {t for t in tables if "sqlite_" not in t} == {*HELD, *OF_POSTS, *OF_MODERATORS}
    for table, names in HELD.items():
        assert columns[table] - OWN - OF_OTHERS.get(table, set()) == set(names), table
    named = {words for names in HELD.values() for words in names.values()}
    assert [words for words in named if words not in PAGE] == []


def test_the_clocks_of_what_we_turn_away_run_as_long_as_the_page_says() -> None:
    told = {
        what: int(days)
        for what, found in {
            "turned away": r"hear no more:\*\* we erase it after (\d+) days",
            "offered": r"hear nothing:\*\* we erase it all after (\d+) days",
            "note": r"For (\d+) days a note stays",
            "published": r"If it is published:\*\* after (\d+) days",
            "reported": r"we erase your report (\d+) days after a person",
            "taken out": r"keep your own words beside it until (\d+) days after it is approved",
            "gone first": r"comes down first, we erase your report (\d+) days after",
        }.items()
        for days in re.findall(found, PAGE)
    }
    turned_away = (State.DECLINED, State.TAKEN_DOWN, State.ESCALATED, State.RETURNED)
    assert {CLOCKS[state] for state in turned_away} == {told["turned away"]}
    assert (CLOCKS[State.OFFERED], CLOCKS[State.WITHDRAWN]) == (told["offered"], told["note"])
    assert (told["published"], told["reported"]) == (TYPED_DAYS, REPORT_DAYS)
    assert (told["gone first"], told["taken out"]) == (REPORT_DAYS, TYPED_DAYS)
