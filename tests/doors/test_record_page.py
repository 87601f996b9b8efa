"""The record at the desk: by pages, checked when asked, and a copy that cannot act."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import Request
from hypothesis import given
from hypothesis import strategies as st

from forum.person import Role
from forum.post import Act
from forum.record import Details, Entry, Event
from forum.record_csv import ACTING, COLUMNS, harmless, lines_of
from forum.sweep import BY_READERS
from moderation.door import records
from tests.builders import TODAY, FakeClock, decide, keep, make_decision, make_id, make_post
from tests.doors.seen import Page
from tests.doors.test_numbers_page import cells, seat
from tests.store.adapters import ADAPTERS, Stores


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path))
    return ADAPTERS["sqlite"](tmp_path)


def fill(stores: Stores, number: int, **given: Any) -> None:
    """So many posts are declined."""
    for one in range(number):
        post = keep(stores.visitors, make_post(one))
        decision = make_decision(one, act=Act.DECLINE, **given)
        decide(stores.desk, post, Act.DECLINE, decision=decision)


def asking(**asked: str) -> Request:
    """A request for the page with these in its address."""
    found: Any = SimpleNamespace(query_params=_Query(asked), headers={})
    request: Request = found
    return request


class _Query(dict[str, str]):
    """What Chalice gives of an address."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]]


def shown(stores: Stores, at: Any = None, **asked: str) -> Page:
    return Page(records.show(asking(**asked), at or seat(), stores.record).body)


def numbers_on(page: Page) -> list[int]:
    return [int(row[0]) for row in cells(page, "The record")[1:]]


def test_an_empty_record_says_so(stores: Stores) -> None:
    page = shown(stores)
    assert "Nothing is on record yet." in page.words
    assert page.all("table") == []


def test_a_row_says_who_did_what_when_and_why_in_words(stores: Stores) -> None:
    fill(stores, 1, reason="flood", rules=("PII-1",), moderator="robin")
    (_, row) = cells(shown(stores, seat(robin="Robin Hill")), "The record")
    assert row[:5] == ["1", "23 November 2026", "Robin Hill", "declined", make_id(0)]
    assert row[5].endswith("; marked: PII-1")
    assert "flood" not in row[5], "a reason is told by its label"


@pytest.mark.parametrize(
    ("who", "called"),
    [
        ("robin", "robin"),
        ("operator:kim", "Operator (kim)"),
        (BY_READERS, "Readers’ reports"),
    ],
)
def test_who_is_no_longer_known_stands_by_their_pseudonym(
    stores: Stores, who: str, called: str
) -> None:
    fill(stores, 1, moderator=who)
    assert cells(shown(stores), "The record")[1][2] == called


def test_pages_lead_from_the_newest_row_to_the_oldest(stores: Stores) -> None:
    fill(stores, records.PAGE + 2)
    first = shown(stores)
    assert numbers_on(first) == list(range(records.PAGE + 2, 2, -1))
    (older,) = [a for a in first.all("a") if a.text == "Older ones"]
    assert older.given["href"] == "/moderation/record?before=3"
    last = shown(stores, before="3")
    assert numbers_on(last) == [2, 1]
    assert not [a for a in last.all("a") if a.text == "Older ones"]


def test_a_page_can_show_one_act_alone(stores: Stores) -> None:
    fill(stores, 2)
    stores.desk.set_closed(True, TODAY, "robin")
    page = shown(stores, what="form-closed")
    assert [row[3] for row in cells(page, "The record")[1:]] == ["closed the form"]
    chosen = [o for o in page.all("option") if "selected" in o.given]
    assert [o.given["value"] for o in chosen] == ["form-closed"]


@pytest.mark.parametrize("asked", [{"what": "' OR 1"}, {"before": "-1"}, {"before": "x"}])
def test_what_makes_no_sense_in_the_address_shows_the_newest_of_everything(
    stores: Stores, asked: dict[str, str]
) -> None:
    fill(stores, 2)
    assert numbers_on(shown(stores, **asked)) == [2, 1]


def test_every_event_and_every_act_of_the_desk_has_words() -> None:
    assert {event.value for event in Event} <= set(records.WHAT)
    assert records.BY_READERS == BY_READERS


def test_the_chain_is_checked_when_somebody_asks(stores: Stores, tmp_path: Path) -> None:
    fill(stores, 3)
    assert "The record holds" not in shown(stores).words
    last = stores.record.last()
    assert last is not None
    checked = shown(stores, check="yes")
    assert "The record holds: 3 rows" in checked.words
    assert last.link in checked.words


def test_a_broken_chain_is_told_in_sentences(stores: Stores) -> None:
    fill(stores, 3)

    class Tampered:
        page, last = stores.record.page, stores.record.last

        def entries(self, after: int = 0) -> list[Entry]:
            return [row for row in stores.record.entries() if row.number != 2]

    page = Page(records.show(asking(check="yes"), seat(), Tampered()).body)  # type: ignore[arg-type]
    assert "Row 2 is missing: the next one is 3." in page.words
    assert "The record holds" not in page.words


def test_only_a_coordinator_is_led_to_the_copy_and_only_a_reader_to_posts(stores: Stores) -> None:
    fill(stores, 1)

    def leads_to(*roles: Role) -> set[str]:
        return {a.given["href"] for a in shown(stores, seat(*roles)).all("a")}

    post, copy = f"/moderation/post/{make_id(0)}", "/moderation/record.csv"
    assert {post, copy} & leads_to(Role.MODERATOR) == {post}
    assert {post, copy} & leads_to(Role.COORDINATOR) == {copy}
    assert {post, copy} & leads_to(Role.COORDINATOR, Role.SAFETY_LEAD) == {post, copy}


# --- the copy ------------------------------------------------------------------------------------


def test_the_copy_is_a_table_that_spreadsheets_download(stores: Stores) -> None:
    fill(stores, 2, reason="flood", rules=("PII-1", "SUI-2"))
    at = seat(Role.COORDINATOR, robin="Robin Hill")
    object.__setattr__(at, "desk", SimpleNamespace(clock=FakeClock()))
    answer = records.as_csv(at, stores.record)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="record-until-2026-11-23.csv"' in answer.headers["Content-Disposition"]
    head, *rows = csv.reader(StringIO(answer.body, newline=""), strict=True)
    assert head == list(COLUMNS)
    for row, entry in zip(rows, stores.record.entries(), strict=True):
        assert row[:7] == [
            str(entry.number), "2026-11-23", "robin", "decline", entry.about, "flood",
            "PII-1 SUI-2",
        ]  # fmt: skip
        assert row[-1] == entry.link
        assert row[8] == (entry.salt or b"").hex()
    assert "Robin Hill" not in answer.body, "a name would outlive its being erased here"


hostile = st.text(st.sampled_from([*ACTING, '"', ",", ";", "a", "é", " ", "'"]), max_size=12)


@given(hostile, hostile, hostile)
def test_no_cell_of_the_copy_can_begin_a_formula_and_none_is_lost(
    who: str, reason: str, rule: str
) -> None:
    entry = Entry(1, TODAY, who, "keep", "x", "s", "l", b"salt", Details(reason, (rule,), None))
    text = "".join(lines_of([entry]))
    _, row = csv.reader(StringIO(text, newline=""), strict=True)
    assert len(row) == len(COLUMNS)
    assert not [cell for cell in row if cell.startswith(ACTING)]
    assert row[2] in (who, f"'{who}")
    assert row[5] in (reason, f"'{reason}")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_what_could_begin_a_formula_stands_behind_an_apostrophe(begins: str) -> None:
    assert harmless(f"{begins}cmd|' /C calc'!A0").startswith(f"'{begins}")
    assert harmless("robin=1") == "robin=1"


def test_lines_end_as_tables_lines_do_and_quotes_are_doubled() -> None:
    entry = Entry(1, TODAY, 'a "b", c', "keep", "x", "s", "l", None)
    head, line, rest = "".join(lines_of([entry])).split("\r\n")
    assert head == ",".join(COLUMNS)
    assert line == '1,2026-11-23,"a ""b"", c",keep,x,,,,,s,l'
    assert rest == ""
