"""A visitor's whole way: share, look again, take back; and what nobody can learn without them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from forum.admission import OLDEST, issue
from forum.keys import Keyring
from forum.ports import Changed, NameTaken
from forum.post import Act, Post, State, moved
from forum.receipts import Receipt
from forum.retention import purge
from forum.submission import Refused
from forum.visitors import (
    TRIES,
    Closed,
    FormUsed,
    Holding,
    Sent,
    Unknown,
    VisitorKeys,
    Visitors,
)
from tests.builders import (
    STORY,
    TODAY,
    FakeClock,
    SeededBytes,
    days,
    make_decision,
    make_edition_row,
    make_given,
    make_id,
    make_keyring,
    make_message,
)
from tests.store.adapters import ADAPTERS, Stores

Form = Mapping[str, Sequence[str]]


def make_keys(receipts: Keyring | None = None) -> VisitorKeys:
    return VisitorKeys(
        receipts=receipts or make_keyring(purpose="receipts"),
        forms=make_keyring(purpose="forms"),
        capabilities=make_keyring(purpose="capabilities"),
    )


@dataclass
class Door:
    """The visitors' door over one store, and the steps most tests begin with."""

    stores: Stores
    clock: FakeClock
    visitors: Visitors
    folder: Path

    def form(self, **given: Any) -> Form:
        """A right form, handed out now and open for a minute."""
        token = self.visitors.form_token()
        self.clock.advance(minutes=1)
        return make_given(**{"token": token} | given)

    def share(self, **given: Any) -> Sent:
        return self.visitors.submit(self.form(**given))

    def posts(self) -> int:
        return sum(self.stores.desk.counts().values())

    def holding(self, sent: Sent) -> Holding:
        """The one post of a receipt that has one."""
        (holding,) = self.visitors.look_up(str(sent.receipt)).posts
        return holding

    def with_keys(self, keys: VisitorKeys) -> Visitors:
        return replace(self.visitors, keys=keys)

    def with_store(self, store: object) -> Visitors:
        return replace(self.visitors, store=store)  # type: ignore[arg-type]


@pytest.fixture
def door(tmp_path: Path) -> Door:
    stores, clock = ADAPTERS["sqlite"](tmp_path), FakeClock()
    visitors = Visitors(stores.visitors, make_keys(), clock, SeededBytes())
    return Door(stores, clock, visitors, tmp_path)


# --- sharing ----------------------------------------------------------------------------------


def test_a_story_that_was_shared_waits_for_a_moderator(door: Door) -> None:
    sent = door.share()
    post = sent.post
    assert len(str(sent.receipt).split()) == 6
    assert (post.state, post.version, post.day) == (State.RECEIVED, 1, TODAY)
    assert len(post.id) == 16
    assert set(post.id) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert len(post.pen_name.split()) >= 2
    assert post.fields.topics == ("alcohol", "anxiety")
    assert door.stores.desk.post(post.id) == post
    text = door.stores.desk.text(post.id)
    assert text is not None
    assert (text.title, text.typed) == ("Counting walks", STORY)
    assert door.holding(sent).post == post


def test_the_same_form_sent_again_gets_the_same_answer_and_one_post(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    door.clock.advance(hours=3)
    assert door.visitors.submit(form) == first
    assert door.visitors.submit(dict(form)) == first
    assert door.posts() == 1
    assert len(door.visitors.look_up(str(first.receipt)).posts) == 1


def test_the_same_answer_comes_from_another_process(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    other = Visitors(door.stores.again().visitors, make_keys(), door.clock, SeededBytes(9))
    assert other.submit(form) == first
    assert door.posts() == 1


def test_the_answer_to_a_repeat_says_how_the_post_stands_now(door: Door) -> None:
    form = door.form()
    first = door.visitors.submit(form)
    gone = door.visitors.withdraw(first.post.id, str(first.receipt))
    assert door.visitors.submit(form) == Sent(first.receipt, gone)


@pytest.mark.parametrize(
    "changed", [{"body": STORY + " More."}, {"title": ""}, {"findable": "yes"}, {"topic": []}]
)
def test_a_used_form_with_other_words_is_not_taken(door: Door, changed: dict[str, Any]) -> None:
    form = door.form()
    door.visitors.submit(form)
    with pytest.raises(FormUsed):
        door.visitors.submit({**form, **make_given(**{"token": form["token"]} | changed)})
    assert door.posts() == 1


def test_a_used_form_whose_post_was_erased_is_not_taken_again(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    door.stores.retention.erase_posts(State.RECEIVED, days(1))
    with pytest.raises(FormUsed):
        door.visitors.submit(form)
    assert sent.post.id not in {card.post.id for card in queue(door)}


def queue(door: Door) -> Sequence[Any]:
    return door.stores.desk.cards([State.RECEIVED], None, 100, door.clock.now())


def test_a_form_sent_by_a_double_click_becomes_one_post(door: Door) -> None:
    other = replace(door.visitors, store=door.stores.again().visitors)
    for number in range(8):
        form = door.form(title=f"Story {number}")
        with ThreadPoolExecutor(8) as threads:
            views = [door.visitors, other] * 4
            sent = list(threads.map(lambda view, form=form: view.submit(form), views))
        assert len(set(sent)) == 1
        assert door.posts() == number + 1


def test_one_form_with_two_stories_at_once_becomes_one_of_them(door: Door) -> None:
    form = door.form()
    forms = [form, {**form, "body": [STORY + " More."]}] * 4

    def send(one: Form) -> Sent | None:
        try:
            return door.visitors.submit(one)
        except FormUsed:
            return None

    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(send, forms))
    assert sum(one is not None for one in sent) == 4
    assert len({one for one in sent if one}) == 1
    assert door.posts() == 1


def test_two_shares_get_two_receipts_two_names_two_ids(door: Door) -> None:
    one, two = door.share(), door.share()
    assert one.receipt != two.receipt
    assert one.post.id != two.post.id
    assert one.post.pen_name != two.post.pen_name


def test_every_post_gets_a_pen_name_of_its_own(door: Door) -> None:
    names = [door.share().post.pen_name for _ in range(60)]
    assert len(set(names)) == 60


def test_a_closed_form_takes_nothing_new_but_answers_a_repeat(door: Door) -> None:
    form = door.form()
    sent = door.visitors.submit(form)
    door.stores.desk.set_closed(True)
    assert door.visitors.closed()
    with pytest.raises(Closed):
        door.share()
    assert door.visitors.submit(form) == sent
    assert door.holding(sent).post == sent.post
    assert door.visitors.withdraw(sent.post.id, str(sent.receipt)).state is State.WITHDRAWN
    assert door.posts() == 1


def test_what_is_wrong_is_told_and_the_form_can_be_sent_again(door: Door) -> None:
    form = door.form(body="", consent=None)
    with pytest.raises(Refused) as caught:
        door.visitors.submit(form)
    assert caught.value.errors.keys() == {"body", "consent"}
    assert not caught.value.needs_new_form
    assert door.posts() == 0
    assert door.visitors.submit({**form, "body": [STORY], "consent": ["yes"]})


@pytest.mark.parametrize("token", ["", "v1.forged", "\ud800", None])
def test_a_forged_form_is_made_anew_with_every_other_error_beside_it(
    door: Door, token: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        door.visitors.submit(make_given(token=token, body=""))
    assert caught.value.errors.keys() == {"token", "body"}
    assert caught.value.needs_new_form


def test_a_form_that_comes_back_at_once_or_after_days_is_not_taken(door: Door) -> None:
    quick = make_given(token=door.visitors.form_token())
    with pytest.raises(Refused) as caught:
        door.visitors.submit(quick)
    assert not caught.value.needs_new_form
    door.clock.advance(seconds=OLDEST + 1)
    with pytest.raises(Refused) as caught:
        door.visitors.submit(quick)
    assert caught.value.needs_new_form
    assert door.posts() == 0


def test_a_used_form_is_not_taken_anew_once_it_was_forgotten(door: Door) -> None:
    """At every moment either the form is too old, or it is remembered."""
    form = door.form()
    sent = door.visitors.submit(form)
    for _ in range(60):
        door.clock.advance(hours=1)
        purge(door.stores.retention, door.clock.now())
        try:
            assert door.visitors.submit(form) == sent
        except Refused as refused:
            assert refused.errors.keys() == {"token"}
    assert door.posts() == 1
    assert door.stores.retention.erase_spent(days(9)) == 0


# --- sharing again under the same receipt -------------------------------------------------------


def test_a_receipt_that_is_given_gathers_the_new_post_too(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=f"  {str(first.receipt).upper()} \n", body=STORY + " Later.")
    assert second.receipt == first.receipt
    held = [holding.post for holding in door.visitors.look_up(str(first.receipt)).posts]
    assert sorted(post.id for post in held) == sorted([first.post.id, second.post.id])
    assert first.post.pen_name != second.post.pen_name


def test_a_repeat_with_a_receipt_given_is_one_post_too(door: Door) -> None:
    first = door.share()
    form = door.form(receipt=str(first.receipt), body=STORY + " Later.")
    assert door.visitors.submit(form) == door.visitors.submit(form)
    assert door.posts() == 2


UNKNOWN = ["wrong", "one two three four five six", "\ud800", "x" * 5_000]


@pytest.mark.parametrize("receipt", UNKNOWN)
def test_a_receipt_that_is_none_is_told_beside_its_field(door: Door, receipt: str) -> None:
    with pytest.raises(Refused) as caught:
        door.share(receipt=receipt)
    assert caught.value.errors.keys() == {"receipt"}
    assert door.posts() == 0


def test_a_receipt_that_was_never_given_out_starts_no_hand(door: Door) -> None:
    known = door.share()
    never = str(Receipt(tuple(reversed(known.receipt.words))))
    with pytest.raises(Refused) as caught:
        door.share(receipt=never)
    assert caught.value.errors.keys() == {"receipt"}
    assert door.posts() == 1
    with pytest.raises(Unknown):
        door.visitors.look_up(never)


def test_posts_shared_at_once_under_one_receipt_are_all_kept(door: Door) -> None:
    first = door.share()
    forms = [door.form(receipt=str(first.receipt), title=f"Part {n}") for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(door.visitors.submit, forms))
    held = door.visitors.look_up(str(first.receipt)).posts
    assert {holding.post.id for holding in held} == {one.post.id for one in [first, *sent]}


@dataclass
class Contested:
    """A store in which somebody else is always quicker, for a number of times."""

    stores: Stores
    times: int
    error: Exception

    def __getattr__(self, name: str) -> object:
        return getattr(self.stores.visitors, name)

    def add(self, *rows: Any) -> None:
        self._lose()
        self.stores.visitors.add(*rows)

    def withdraw(self, post: Post) -> None:
        self._lose()
        self.stores.visitors.withdraw(post)

    def _lose(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise self.error


def test_a_lost_race_is_run_again_and_the_person_never_knows(door: Door) -> None:
    contested = door.with_store(Contested(door.stores, TRIES - 1, Changed()))
    sent = contested.submit(door.form())
    contested.store.times = TRIES - 1  # type: ignore[attr-defined]
    assert contested.withdraw(sent.post.id, str(sent.receipt)).state is State.WITHDRAWN


def test_taken_pen_names_are_passed_over(door: Door) -> None:
    contested = door.with_store(Contested(door.stores, 5, NameTaken()))
    assert contested.submit(door.form()).post.pen_name
    assert door.posts() == 1


# --- looking again ------------------------------------------------------------------------------


def test_a_receipt_shows_what_became_of_a_post(door: Door) -> None:
    sent = door.share()
    returned = moved(sent.post, Act.RETURN, TODAY)
    decision = make_decision(post_id=sent.post.id)
    door.stores.desk.decide(returned, decision, make_message(), None)
    holding = door.holding(sent)
    assert holding == Holding(
        post=returned,
        message=make_message(),
        is_up=False,
        acts=frozenset({Act.WITHDRAW}),
        erased_on=days(30),
    )


def test_a_receipt_shows_whether_readers_can_see_a_post(door: Door) -> None:
    sent = door.share()
    assert not door.holding(sent).is_up
    door.stores.press.record([make_edition_row(post_id=sent.post.id)], [])
    assert door.holding(sent).is_up


@pytest.mark.parametrize("between", [" ", "  ", "\n", "-", ", ", " - "])
def test_a_receipt_may_be_typed_as_people_type(door: Door, between: str) -> None:
    sent = door.share()
    typed = f"  {between.join(word.title() for word in sent.receipt.words)}\n"
    assert door.visitors.look_up(typed).posts[0].post == sent.post


def test_unknown_mistyped_and_erased_receipts_get_one_answer(door: Door) -> None:
    erased, words = door.share(), list(door.share().receipt.words)
    post_row = moved(erased.post, Act.WITHDRAW, TODAY)
    door.stores.visitors.withdraw(post_row)
    door.stores.retention.erase_posts(State.WITHDRAWN, days(1))
    typed = [
        "",
        " ",
        "\0",
        "\ud800",
        str(erased.receipt),
        " ".join(words[:5]),
        " ".join([*words, words[0]]),
        " ".join(reversed(words)),
        " ".join([*words[:5], "zzzzzz"]),
        "word " * 5_000,
    ]
    answers = set()
    for one in typed:
        for act in (
            lambda one=one: door.visitors.look_up(one),
            lambda one=one: door.visitors.withdraw(make_id(), one),
        ):
            with pytest.raises(Unknown) as caught:
                act()
            answers.add((type(caught.value), str(caught.value)))
    assert answers == {(Unknown, "")}


def test_no_receipt_opens_another_ones_posts(door: Door) -> None:
    one, two = door.share(), door.share()
    with pytest.raises(Unknown):
        door.visitors.withdraw(two.post.id, str(one.receipt))
    assert door.holding(two).post == two.post


# --- the capability -----------------------------------------------------------------------------


def test_a_capability_stands_for_the_receipt_for_a_quarter_of_an_hour(door: Door) -> None:
    sent = door.share()
    capability = door.visitors.look_up(str(sent.receipt)).capability
    door.clock.advance(minutes=14)
    assert door.visitors.look_up("", capability).posts[0].post == sent.post
    door.clock.advance(minutes=2)
    with pytest.raises(Unknown):
        door.visitors.look_up("", capability)
    with pytest.raises(Unknown):
        door.visitors.withdraw(sent.post.id, "", capability)
    assert door.visitors.look_up(str(sent.receipt), capability)


def test_a_capability_allows_to_take_back_what_it_shows_and_nothing_else(door: Door) -> None:
    one, two = door.share(), door.share()
    capability = door.visitors.look_up(str(one.receipt)).capability
    with pytest.raises(Unknown):
        door.visitors.withdraw(two.post.id, "", capability)
    assert door.visitors.withdraw(one.post.id, "", capability).state is State.WITHDRAWN


@pytest.mark.parametrize("capability", ["x", "gAAAAA==", "\ud800", "é", "\0", "x" * 100_000])
def test_a_capability_we_did_not_make_is_unknown(door: Door, capability: str) -> None:
    sent = door.share()
    with pytest.raises(Unknown):
        door.visitors.look_up("", capability)
    assert door.visitors.look_up(str(sent.receipt), capability).posts


def test_a_capability_of_other_keys_is_unknown(door: Door) -> None:
    sent = door.share()
    other = replace(make_keys(), capabilities=make_keyring(purpose="others"))
    capability = door.with_keys(other).look_up(str(sent.receipt)).capability
    with pytest.raises(Unknown):
        door.visitors.look_up("", capability)


def test_a_capability_shows_neither_the_receipt_nor_the_post(door: Door) -> None:
    sent = door.share()
    capability = door.visitors.look_up(str(sent.receipt)).capability
    assert sent.post.id not in capability
    assert not any(word in capability.lower() for word in sent.receipt.words if len(word) > 5)


def test_a_form_token_is_no_capability_and_a_capability_no_form_token(door: Door) -> None:
    sent = door.share()
    capability = door.visitors.look_up(str(sent.receipt)).capability
    with pytest.raises(Unknown):
        door.visitors.look_up("", door.visitors.form_token())
    with pytest.raises(Refused):
        door.visitors.submit(make_given(token=capability))


# --- keys that change ---------------------------------------------------------------------------


def test_old_receipts_still_open_after_the_receipt_key_changed(door: Door) -> None:
    old = door.share()
    keys = make_keys(make_keyring("v2", "v1", purpose="receipts"))
    rotated = door.with_keys(keys)
    assert rotated.look_up(str(old.receipt)).posts[0].post == old.post
    new = rotated.submit(door.form(receipt=str(old.receipt), body=STORY + " Later."))
    fresh = rotated.submit(door.form())
    assert len(rotated.look_up(str(old.receipt)).posts) == 2
    assert rotated.look_up(str(fresh.receipt)).posts[0].post == fresh.post
    assert rotated.withdraw(new.post.id, str(old.receipt)).state is State.WITHDRAWN


def test_a_receipt_opens_nothing_once_its_key_is_lost(door: Door) -> None:
    sent = door.share()
    lost = door.with_keys(make_keys(make_keyring("v2", purpose="receipts")))
    with pytest.raises(Unknown):
        lost.look_up(str(sent.receipt))


def test_forms_handed_out_before_the_form_key_changed_are_still_taken(door: Door) -> None:
    form = door.form()
    keys = replace(make_keys(), forms=make_keyring("v2", "v1", purpose="forms"))
    assert door.with_keys(keys).submit(form).post.state is State.RECEIVED


# --- taking back --------------------------------------------------------------------------------


def test_a_post_that_is_taken_back_loses_its_text_at_once(door: Door) -> None:
    sent = door.share()
    gone = door.visitors.withdraw(sent.post.id, str(sent.receipt))
    assert gone == moved(sent.post, Act.WITHDRAW, TODAY)
    assert door.stores.desk.text(sent.post.id) is None
    holding = door.holding(sent)
    assert (holding.post, holding.acts) == (gone, frozenset())
    assert holding.erased_on == days(30)


def test_taking_back_twice_is_taking_back_once(door: Door) -> None:
    sent = door.share()
    once = door.visitors.withdraw(sent.post.id, str(sent.receipt))
    assert door.visitors.withdraw(sent.post.id, str(sent.receipt)) == once


def test_taking_back_by_many_at_once_is_taking_back_once(door: Door) -> None:
    sent = door.share()
    door.stores.press.record([make_edition_row(post_id=sent.post.id)], [])
    with ThreadPoolExecutor(8) as threads:
        gone = threads.map(
            lambda _: door.visitors.withdraw(sent.post.id, str(sent.receipt)), range(8)
        )
        assert len(set(gone)) == 1
    assert door.stores.press.rung() == 1


def test_taking_one_post_back_leaves_the_others_of_the_hand(door: Door) -> None:
    first = door.share()
    second = door.share(receipt=str(first.receipt), body=STORY + " Later.")
    door.visitors.withdraw(first.post.id, str(first.receipt))
    states = {h.post.id: h.post.state for h in door.visitors.look_up(str(first.receipt)).posts}
    assert states == {first.post.id: State.WITHDRAWN, second.post.id: State.RECEIVED}


@pytest.mark.parametrize("post_id", ["", "nobody", make_id(3), "\ud800", "a' OR 1=1 --"])
def test_what_a_receipt_does_not_hold_cannot_be_taken_back(door: Door, post_id: str) -> None:
    sent = door.share()
    with pytest.raises(Unknown):
        door.visitors.withdraw(post_id, str(sent.receipt))
    assert door.holding(sent).post == sent.post


def test_a_post_erased_meanwhile_cannot_be_taken_back(door: Door) -> None:
    sent = door.share()
    door.stores.retention.erase_posts(State.RECEIVED, days(1))
    with pytest.raises(Unknown):
        door.visitors.withdraw(sent.post.id, str(sent.receipt))


# --- what the store gives away without a receipt: nothing ----------------------------------------


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
