"""The desk's pages: a card before the text, who may do what, and what a refusal becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.approving import TooFew
from forum.deciding import HeldByAnother, NeedsAnother, NoSuchPost, NothingToUndo, Stale
from forum.post import WAITING, Act, NotAllowed, State
from forum.rows import Asked, Run, RunState
from moderation.door import publishing
from moderation.door.at_desk import REFUSALS
from moderation.door.queue import card_for_people
from tests.builders import make_claim, make_id, make_post, make_text
from tests.doors.at_the_desk import seated
from tests.doors.desk_door import LONG_WORDS
from tests.doors.desk_seat import Room, Seat, acts_in, leads_to
from tests.forum.desk_office import open_office

CANARY = "canary-7f3a"
REASONS = [
    (NoSuchPost(), 404, "This post is not here"),
    (HeldByAnother(make_claim(moderator="sam")), 409, "Sam holds this post now"),
    (HeldByAnother(make_claim(moderator="operator:x")), 409, "Another moderator holds this post"),
    (NeedsAnother(), 409, "Somebody else must decide this"),
    (TooFew(), 409, "This has to wait for a third person"),
    (NothingToUndo(), 409, "be undone any more"),
    (Stale(make_post()), 409, "Nothing was overwritten"),
    (NotAllowed("gone on"), 409, "Nothing was overwritten"),
]


@pytest.mark.parametrize(("error", "status", "words"), REASONS)
def test_each_refusal_of_the_desk_is_a_page_that_gives_back_what_was_typed(
    tmp_path: Path, error: Exception, status: int, words: str
) -> None:
    at = seated(open_office(tmp_path))
    answer = at.refused(error, make_id(), LONG_WORDS)
    assert answer.status_code == status
    assert words in answer.body
    assert "Please&lt;/b&gt; leave the name of the town out." in answer.body


def test_there_is_a_page_for_every_refusal() -> None:
    assert {type(error) for error, _, _ in REASONS} == set(REFUSALS)


def test_a_post_is_a_card_until_somebody_holds_it_or_reads_along(room: Room, robin: Seat) -> None:
    text = make_text(title=f"{CANARY} title", typed=f"{CANARY} typed", html=f"<p>{CANARY}</p>")
    post = room.receive(text=text)
    page = robin.post(post.id)
    assert CANARY not in page.words
    assert post.pen_name in page.words
    assert "under a minute to read" in page.words
    along = robin.along(post.id)
    assert CANARY in along.words
    assert acts_in(along) == {"escalate"}, "reading along is not holding it"
    assert room.office.desk.read(post.id).claim is None
    assert CANARY in robin.hold(post.id).words
    assert CANARY not in room.seat("Sam").post(post.id).words


def test_what_another_holds_cannot_be_claimed(room: Room, robin: Seat) -> None:
    post = room.receive()
    page = robin.post(post.id)
    sam = room.seat("Sam")
    sam.hold(post.id)
    answer = robin.press(page, f"/post/{post.id}/claim")
    assert answer.status_code == 409
    assert "Sam holds this post now" in robin.page_of(answer).words
    sam.press(sam.post(post.id), f"/post/{post.id}/release")
    assert "You hold this for 30 more minutes" in robin.hold(post.id).words


def test_a_claim_runs_out_and_hides_nothing_for_good(room: Room, robin: Seat) -> None:
    post = room.receive()
    robin.hold(post.id)
    room.office.clock.advance(minutes=29)
    sam = room.seat("Sam")
    assert "for 1 more minute at most" in sam.post(post.id).words
    room.office.clock.advance(minutes=1)
    assert "You hold this" in sam.hold(post.id).words


@pytest.mark.parametrize("post_id", ["nobody", "a" * 16, "%00", "..%2F..", "x" * 2000, "💧"])
def test_an_id_that_is_nobodys_is_the_kind_page(robin: Seat, post_id: str) -> None:
    assert "This post is not here" in robin.open(f"/post/{post_id}", 404).words
    csrf = robin.csrf()
    for act in ("claim", "undo", "check", "edit", "approve", "offer", "decline", "conclude"):
        answer = robin.door.send(
            f"/post/{post_id}/{act}", csrf=csrf, act="return", words="Dear you"
        )
        assert answer.status_code in (404, 422), (act, answer.status_code)


def test_days_are_written_out_and_the_record_names_who_decided(room: Room, robin: Seat) -> None:
    post = room.office.decide(Act.RETURN, room.receive(), robin.who)
    page = robin.post(post.id)
    assert "Sent on 23 November 2026" in page.words
    (made,) = [one.text for one in page.all("li") if "returned to its author" in one.text]
    assert made == "23 November 2026: returned to its author, by Robin"


@pytest.mark.parametrize("holder", ["", "Sam"])
def test_what_keeps_people_safe_is_offered_without_holding_the_post(
    room: Room, robin: Seat, holder: str
) -> None:
    waits, up = room.receive(1), room.receive(2, state=State.APPROVED)
    for post in (waits, up):
        if holder:
            room.seat(holder).door.send(f"/post/{post.id}/claim", csrf=room.seat(holder).csrf())
    page, shown = robin.post(waits.id), robin.post(up.id)
    assert acts_in(page) == {"escalate"}
    assert acts_in(shown) == {"take-down"}
    assert "Escalate: this can never be published" in page.words
    assert ("Only Sam can decide the rest" in page.words) is bool(holder)
    assert "the rest" not in shown.words


def test_where_nothing_can_be_decided_the_page_says_so(room: Room, robin: Seat) -> None:
    page = robin.post(room.receive(state=State.WITHDRAWN).id)
    assert "There is nothing to decide now." in page.words
    assert acts_in(page) == set()


def test_an_escalated_post_shows_the_steps_and_how_it_can_end(room: Room, robin: Seat) -> None:
    page = robin.post(room.receive(state=State.ESCALATED).id)
    assert "Call a second person" in page.words
    assert "No means of contact" in page.words
    assert {path.rpartition("/")[2] for path in leads_to(page)} == {"open", "conclude"}
    assert "nothing to decide" not in page.words


def test_a_text_that_its_author_took_back_is_gone_also_for_who_holds_it(
    room: Room, robin: Seat
) -> None:
    post = room.receive()
    robin.hold(post.id)
    room.withdraw(post)
    for path in (f"/post/{post.id}", f"/post/{post.id}?along=1"):
        assert "The text is erased." in robin.open(path).words


@pytest.mark.parametrize("state", State)
def test_only_what_waits_can_be_claimed_from_its_card(tmp_path: Path, state: State) -> None:
    office = open_office(tmp_path)
    office.receive(state=state)
    (card,) = office.desk.queue(Asked((state,)))
    assert card_for_people(card, seated(office))["waits"] is (state in WAITING)


def test_the_publish_page_tells_what_the_last_run_found_amiss(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    at = seated(office)
    words = "ID is left out: its file is missing.\n<b>.json had no business in content/posts."
    office.stores.press.put_run(Run(0, RunState.DONE, 3, 1, words))
    body = publishing.show(at, "").body
    assert "Went up: 3" in body
    assert "<li>ID is left out: its file is missing.</li>" in body
    assert "<li>&lt;b&gt;.json had no business" in body
    office.stores.press.put_run(Run(0, RunState.DONE, 3, 1, ""))
    assert "<li>ID" not in publishing.show(at, "").body
    assert "not as it should be" not in publishing.show(at, "").body
