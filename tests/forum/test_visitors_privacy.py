"""What the store gives away to whoever holds it without a receipt: nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forum.admission import issue, read
from forum.post import Act, Post
from forum.receipts import Receipt
from forum.retention import purge
from forum.spelling import spelling
from forum.texts import Refused
from forum.visitors import Sent
from tests.builders import STORY, SeededBytes, make_given, make_keyring
from tests.forum.visitors_door import Door, Untouchable, leave, make_keys, open_door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def test_no_receipt_lies_in_the_store(door: Door) -> None:
    """A word or two may be there by chance: of a story, a list or a pen name."""
    sent = [door.share(title="x", body="1234567890 1234567890") for _ in range(5)]
    door.holders.withdraw(sent[0].post.id, leave(sent[0]))
    content = door.raw().lower()
    for one in sent:
        found = [word for word in one.receipt.words if len(word) > 3 and word.encode() in content]
        assert len(found) < 3


def test_no_post_is_named_in_an_authors_row_and_no_hand_in_a_post(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=str(first.receipt), body=STORY + " Later.")
    found = door.rows()
    authors = [row for table, row in found if table == "authors"]
    assert len(authors) == 1
    for post in (first.post, second.post):
        for row in authors:
            assert post.id.encode() not in row["sealed"] + row["lookup"]
        assert door.raw().count(post.id.encode())
    lookup = authors[0]["lookup"]
    assert not any(lookup in row.values() for table, row in found if table != "authors")


def test_nothing_that_is_kept_of_a_used_form_can_mint_its_receipt(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    reporting = door.report_form(up(door, sent))
    door.reports.report(reporting)
    for one in (form, reporting):
        nonce = read(make_keys().forms, one["token"][0]).nonce
        assert nonce not in door.raw()
        assert nonce.hex().encode() not in door.raw().lower()


def up(door: Door, sent: Sent) -> Post:
    """The same post, approved and where readers see it."""
    approved = door.decide(Act.APPROVE, sent.post)
    door.put_up(approved)
    return approved


def test_a_report_is_tied_to_no_hand_but_its_own(door: Door) -> None:
    """Who reports may be who wrote: nothing in the store says so."""
    sent = door.share()
    report = door.report(up(door, sent)).report
    found = door.rows()
    authors = [row for table, row in found if table == "authors"]
    assert len(authors) == 2
    assert len({len(row["sealed"]) for row in authors}) == 1, "it looks like an author's"
    assert not any(report.id.encode() in row["sealed"] + row["lookup"] for row in authors)
    (kept,) = [row for table, row in found if table == "reports"]
    assert not {row["lookup"] for row in authors} & set(kept.values())
    assert not {row["sealed"] for row in authors} & set(kept.values())


def test_a_report_keeps_its_day_and_no_finer_time(door: Door) -> None:
    door.report(up(door, door.share()))
    (kept,) = [row for table, row in door.rows() if table == "reports"]
    assert kept["day"] == "2026-11-23"
    assert "12:0" not in str(kept)
    assert str(int(door.clock.now().timestamp()))[:7].encode() not in door.raw()


def test_hands_with_one_post_and_with_many_look_alike(door: Door) -> None:
    busy = door.share()
    for number in range(5):
        door.share(receipt=str(busy.receipt), title=f"Part {number}")
    door.share()
    sizes = {len(row["sealed"]) for table, row in door.rows() if table == "authors"}
    assert len(sizes) == 1


def test_posts_of_one_hand_share_nothing_that_other_posts_do_not(door: Door) -> None:
    busy = door.share()
    door.share(receipt=str(busy.receipt), title="Part two")
    values: dict[str, list[object]] = {}
    for table, row in door.rows():
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
    content = door.raw()
    assert form["token"][0].encode() not in content
    assert b"12:00" not in content
    for moment in (issued, issued + 60):
        assert str(moment).encode() not in content
        assert moment.to_bytes(8, "big") not in content


def test_the_nonce_that_links_a_form_to_its_post_is_gone_after_two_days(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    (spent,) = [row for table, row in door.rows() if table == "spent"]
    assert spent["post_id"] == sent.post.id
    door.clock.advance(days=2)
    purge(door.stores.retention, door.clock.now())
    assert not [row for table, row in door.rows() if table == "spent"]
    assert spent["nonce"] not in door.raw()


def test_what_is_printed_of_a_sent_post_shows_no_receipt(door: Door) -> None:
    sent = door.share()
    holdings = door.holders.look_up(leave(sent))
    away = door.visitors.words.put(sent.receipt)
    back = door.visitors.words.compared(away, "heron")
    report = door.report(up(door, sent))
    shown = f"{sent!r} {door.visitors!r} {door.holders!r} {holdings.posts!r} {back!r} {report!r}"
    assert str(sent.receipt) not in shown
    assert str(report.receipt) not in shown
    assert sum(word in shown.lower() for word in sent.receipt.words) < 3


def test_a_token_made_by_somebody_else_cannot_choose_the_receipt(door: Door) -> None:
    other = issue(make_keyring(purpose="others"), door.clock.now(), SeededBytes())
    door.clock.advance(minutes=1)
    with pytest.raises(Refused):
        door.visitors.submit(make_given(token=other))


# --- typing a receipt ---------------------------------------------------------------------------


def test_what_is_said_of_typed_words_does_not_tell_whether_the_receipt_exists(door: Door) -> None:
    """Whoever guesses learns only what the list tells, and that lies open to everybody."""
    receipt = Receipt(("orchard", "blanket", "honeybee", "granola", "sycamore", "firefly"))
    slipped = str(receipt).replace("honeybee", "honeybbee")
    sent = door.share()
    own = str(sent.receipt)
    own_slipped = f"{own}q"
    before = [spelling(typed) for typed in (str(receipt), slipped, own, own_slipped)]
    assert before[1].mended == receipt
    assert before[3].slips[0].meant
    door.holders.erase(leave(sent))
    assert [spelling(typed) for typed in (str(receipt), slipped, own, own_slipped)] == before


def test_typing_words_back_never_asks_the_store(door: Door) -> None:
    shown = door.share().receipt
    words = door.with_store(Untouchable()).words
    token = words.put(shown)
    assert words.take(token) == shown
    for typed, wrong in ((str(shown).upper(), ()), ("heron", (1, 2, 3, 4, 5, 6))):
        back = words.compared(token, typed)
        assert back
        assert back.wrong == wrong
    assert words.compared("forged", str(shown)) is None


def test_a_form_that_carries_a_receipt_does_not_show_it(door: Door) -> None:
    sent = door.share()
    away = door.visitors.put_away(make_given(receipt=str(sent.receipt)))
    assert away != door.visitors.put_away(make_given(receipt=str(sent.receipt)))
    assert not any(word in away.lower() for word in sent.receipt.words)
    other = replace(make_keys(), capabilities=make_keyring(purpose="others"))
    assert door.with_keys(other).visitors.words.take(away) is None
