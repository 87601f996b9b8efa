"""What the store gives away to whoever holds it without a receipt: nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from forum.admission import issue
from forum.retention import purge
from forum.submission import Refused
from tests.builders import STORY, SeededBytes, make_given, make_keyring
from tests.forum.visitors_door import Door, open_door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def rows(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table, as whoever stole the file would read it."""
    with closing(sqlite3.connect(folder / "handrail.sqlite3")) as stolen:
        stolen.row_factory = sqlite3.Row
        tables = stolen.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in stolen.execute(f"SELECT * FROM {table}").fetchall():
                yield table, dict(row)


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("handrail.sqlite3*"))


def test_no_receipt_lies_in_the_store(door: Door) -> None:
    """A word or two may be there by chance: of a story, a list or a pen name."""
    sent = [door.share(title="x", body="1234567890 1234567890") for _ in range(5)]
    door.visitors.withdraw(sent[0].post.id, str(sent[0].receipt))
    content = raw(door.folder).lower()
    for one in sent:
        found = [word for word in one.receipt.words if len(word) > 3 and word.encode() in content]
        assert len(found) < 3


def test_no_post_is_named_in_an_authors_row_and_no_hand_in_a_post(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=str(first.receipt), body=STORY + " Later.")
    found = list(rows(door.folder))
    authors = [row for table, row in found if table == "authors"]
    assert len(authors) == 1
    for post in (first.post, second.post):
        for row in authors:
            assert post.id.encode() not in row["sealed"] + row["lookup"]
        assert raw(door.folder).count(post.id.encode())
    lookup = authors[0]["lookup"]
    assert not any(lookup in row.values() for table, row in found if table != "authors")


def test_hands_with_one_post_and_with_many_look_alike(door: Door) -> None:
    busy = door.share()
    for number in range(5):
        door.share(receipt=str(busy.receipt), title=f"Part {number}")
    door.share()
    sizes = {len(row["sealed"]) for table, row in rows(door.folder) if table == "authors"}
    assert len(sizes) == 1


def test_posts_of_one_hand_share_nothing_that_other_posts_do_not(door: Door) -> None:
    busy = door.share()
    door.share(receipt=str(busy.receipt), title="Part two")
    values: dict[str, list[object]] = {}
    for table, row in rows(door.folder):
        if table in ("posts", "spent"):
            for name in ("id", "pen_name", "nonce", "body", "post_id"):
                values.setdefault(f"{table}.{name}", []).append(row.get(name))
    for name, column in values.items():
        present = [value for value in column if value is not None]
        assert len(set(present)) == len(present), name


def test_the_store_keeps_no_time_of_sending_and_no_token(door: Door) -> None:
    form = door.form()
    issued = int(door.clock.now().timestamp()) - 60
    door.visitors.submit(form)
    content = raw(door.folder)
    assert form["token"][0].encode() not in content
    assert b"12:00" not in content
    for moment in (issued, issued + 60):
        assert str(moment).encode() not in content
        assert moment.to_bytes(8, "big") not in content


def test_the_nonce_that_links_a_form_to_its_post_is_gone_after_two_days(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    (spent,) = [row for table, row in rows(door.folder) if table == "spent"]
    assert spent["post_id"] == sent.post.id
    door.clock.advance(days=2)
    purge(door.stores.retention, door.clock.now())
    assert not [row for table, row in rows(door.folder) if table == "spent"]
    assert spent["nonce"] not in raw(door.folder)


def test_what_is_printed_of_a_sent_post_shows_no_receipt(door: Door) -> None:
    sent = door.share()
    holdings = door.visitors.look_up(str(sent.receipt))
    shown = f"{sent!r} {door.visitors!r} {holdings.posts!r}"
    assert str(sent.receipt) not in shown
    assert sum(word in shown.lower() for word in sent.receipt.words) < 3


def test_a_token_made_by_somebody_else_cannot_choose_the_receipt(door: Door) -> None:
    other = issue(make_keyring(purpose="others"), door.clock.now(), SeededBytes())
    door.clock.advance(minutes=1)
    with pytest.raises(Refused):
        door.visitors.submit(make_given(token=other))
