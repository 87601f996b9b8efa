"""What was accepted is what was shown; what was refused can be asked about again, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forum.deciding import NeedsAnother
from forum.holders import Stale
from forum.post import Act, Post, State, fingerprint, record_of
from forum.route import Route
from forum.visitors import Sent
from tests.builders import STORY, TODAY, make_given
from tests.forum.visitors_door import BETTER, Door, Meanwhile, leave, open_door

CANARY = "lemon-coloured canary"
DANGER = "It got worse again. I want to die tonight and I have the pills here with me."


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def offered(door: Door, **given: Any) -> Sent:
    sent = door.share(**given)
    door.offer(sent.post)
    return sent


def seen(door: Door, sent: Sent) -> str:
    """The hash in the page that the holder has open."""
    return door.holding(sent).hash or ""


def accept(door: Door, sent: Sent, hash: str) -> Post:
    return door.holders.accept(sent.post.id, hash, leave(sent))


def enrol(door: Door, *names: str) -> None:
    """These people read and decide; their names are their ids."""
    with closing(sqlite3.connect(door.folder / "handrail.sqlite3")) as connection:
        for name in names:
            connection.execute(
                "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, ?)",
                (name, name, name, TODAY.isoformat()),
            )
        connection.commit()


def revise(door: Door, sent: Sent, **given: Any) -> Post:
    form = make_given(**given)
    return door.holders.revise(sent.post.id, seen(door, sent), form, leave(sent))


# --- accepting ----------------------------------------------------------------------------------


def test_what_was_accepted_is_to_the_byte_what_was_shown(door: Door) -> None:
    sent = offered(door, title=CANARY, body=f"{STORY} {CANARY}")
    shown = door.holding(sent)
    assert shown.offer
    assert shown.offer.text.typed == BETTER
    post = accept(door, sent, shown.hash or "")
    assert (post.state, post.approved_hash) == (State.APPROVED, shown.hash)
    ((approved, text),) = door.stores.press.approved()  # type: ignore[misc]
    assert (approved, text) == (post, shown.offer.text)
    assert fingerprint(record_of(approved, text)) == shown.hash
    assert door.holding(sent).offer is None
    assert not {"claims", "undos", "offers"} & {table for table, _ in door.rows()}
    assert CANARY[:12].encode() not in door.raw()


def test_an_offer_that_was_changed_behind_its_hash_is_not_accepted(door: Door) -> None:
    """It is the hash of what is accepted that counts, and not one that is stored beside it."""
    sent = offered(door)
    hash = seen(door, sent)
    with closing(sqlite3.connect(door.folder / "handrail.sqlite3")) as thief:
        thief.execute("UPDATE offers SET html = '<p>Buy my pills.</p>'")
        thief.commit()
    before = door.rows()
    with pytest.raises(Stale):
        accept(door, sent, hash)
    assert door.rows() == before


def undo_and_offer_again(door: Door, sent: Sent) -> None:
    door.offer(door.desk.undo(sent.post.id, "robin"), body=BETTER + " More.")


def undo(door: Door, sent: Sent) -> None:
    door.desk.undo(sent.post.id, "robin")


def withdraw(door: Door, sent: Sent) -> None:
    door.holders.withdraw(sent.post.id, leave(sent))


def accept_first(door: Door, sent: Sent) -> None:
    accept(door, sent, seen(door, sent))


def revise_first(door: Door, sent: Sent) -> None:
    revise(door, sent, title="Other words")


def refuse_first(door: Door, sent: Sent) -> None:
    door.holders.refuse(sent.post.id, seen(door, sent), leave(sent))


BEFORE = [undo_and_offer_again, undo, withdraw, accept_first, revise_first, refuse_first]
ACTS: dict[str, Callable[[Door, Sent, str], Post]] = {
    "accept": accept,
    "refuse": lambda door, sent, hash: door.holders.refuse(sent.post.id, hash, leave(sent)),
    "revise": lambda door, sent, hash: door.holders.revise(
        sent.post.id, hash, make_given(title=CANARY), leave(sent)
    ),
}


@pytest.mark.parametrize("first", BEFORE)
@pytest.mark.parametrize("act", ACTS)
def test_whoever_has_an_older_page_open_changes_nothing(
    door: Door, first: Callable[[Door, Sent], None], act: str
) -> None:
    """Among them: the same button pressed twice."""
    sent = offered(door)
    hash = seen(door, sent)
    first(door, sent)
    before = door.rows()
    with pytest.raises(Stale):
        ACTS[act](door, sent, hash)
    assert door.rows() == before


@pytest.mark.parametrize("first", BEFORE)
@pytest.mark.parametrize("act", ACTS)
def test_whoever_is_overtaken_at_the_last_moment_changes_nothing(
    door: Door, first: Callable[[Door, Sent], None], act: str
) -> None:
    sent, after = offered(door), []

    def meanwhile() -> None:
        first(door, sent)
        after.append(door.rows())

    call = "move" if act == "refuse" else "rewrite"
    slow = Meanwhile(door.stores.holders, call, meanwhile)
    hash = seen(door, sent)
    with pytest.raises(Stale):
        ACTS[act](replace(door, holders=door.holders_over(slow)), sent, hash)
    assert after == [door.rows()]


# --- agreeing to changes that two people must read -----------------------------------------------


def test_changes_to_what_two_must_read_are_agreed_to_and_nothing_is_approved(door: Door) -> None:
    sent = offered(door, body=DANGER)
    shown = door.holding(sent)
    assert Act.AGREE in shown.acts
    assert Act.ACCEPT not in shown.acts
    post = accept(door, sent, shown.hash or "")
    assert post == door.post(sent)
    assert (post.state, post.approved_hash, post.first_reader) == (State.SECOND, None, "")
    assert (post.route, post.editors) == (Route.HOLD2, ("robin",))
    text = door.stores.desk.text(post.id)
    assert text is not None
    assert (text.typed, fingerprint(record_of(post, text))) == (BETTER, shown.hash)
    assert door.stores.desk.offer(post.id) is None
    assert list(door.stores.press.approved()) == []


def test_changes_that_were_agreed_to_are_read_by_two_who_did_not_suggest_them(door: Door) -> None:
    sent = offered(door, body=DANGER)
    enrol(door, "robin", "kim", "lee")
    agreed = accept(door, sent, seen(door, sent))
    with pytest.raises(NeedsAnother):
        door.decide(Act.APPROVE, agreed, "robin")
    first = door.decide(Act.APPROVE, agreed, "kim")
    assert (first.state, first.first_reader) == (State.SECOND, "kim")
    for who in ("kim", "robin"):
        with pytest.raises(NeedsAnother):
            door.decide(Act.APPROVE, first, who)
    up = door.decide(Act.APPROVE, first, "lee")
    assert (up.state, up.approved_hash) == (State.APPROVED, first.approved_hash)


def test_changes_that_sound_like_danger_are_agreed_to_and_read_by_two(door: Door) -> None:
    """Words that a moderator suggested are no safer than an author's."""
    sent = door.share()
    door.offer(sent.post, DANGER)
    post = accept(door, sent, seen(door, sent))
    assert (post.state, post.route, post.approved_hash) == (State.SECOND, Route.HOLD2, None)


@pytest.mark.parametrize("hash", ["", "f" * 64])
def test_nobody_agrees_to_what_they_were_not_shown(door: Door, hash: str) -> None:
    sent = offered(door, body=DANGER)
    before = door.rows()
    with pytest.raises(Stale):
        accept(door, sent, hash)
    assert door.rows() == before


# --- refusing and asking again ------------------------------------------------------------------


def test_whoever_refuses_keeps_their_own_words_and_may_ask_somebody_else_once(door: Door) -> None:
    sent = offered(door)
    own = door.stores.desk.text(sent.post.id)
    post = door.holders.refuse(sent.post.id, seen(door, sent), leave(sent))
    assert (post.state, post.state_day, door.stores.desk.text(post.id)) == (
        State.DECLINED,
        TODAY,
        own,
    )
    assert door.stores.desk.offer(post.id) is None
    assert BETTER[30:].encode() not in door.raw()
    appealed = door.holders.appeal(post.id, leave(sent))
    assert (appealed.state, appealed.appealed) == (State.APPEALED, True)
    with pytest.raises(NeedsAnother):
        door.decide(Act.DECLINE, appealed, "robin")
    door.decide(Act.DECLINE, appealed, "kim")
    assert Act.APPEAL not in door.holding(sent).acts
    before = door.rows()
    with pytest.raises(Stale):
        door.holders.appeal(post.id, leave(sent))
    assert door.rows() == before


@pytest.mark.parametrize("act", [Act.DECLINE, Act.TAKE_DOWN])
def test_a_post_that_was_declined_or_taken_down_is_appealed_against_once(
    door: Door, act: Act
) -> None:
    sent = door.share_up() if act is Act.TAKE_DOWN else door.share()
    door.decide(act, door.post(sent))
    assert door.holders.appeal(sent.post.id, leave(sent)).state is State.APPEALED
    with pytest.raises(Stale):
        door.holders.appeal(sent.post.id, leave(sent))


def test_an_appeal_that_is_overtaken_changes_nothing(door: Door) -> None:
    sent = door.share()
    door.decide(Act.DECLINE, sent.post)
    slow = Meanwhile(door.stores.holders, "move", lambda: withdraw(door, sent))
    with pytest.raises(Stale):
        door.holders_over(slow).appeal(sent.post.id, leave(sent))
    assert door.post(sent).state is State.WITHDRAWN
