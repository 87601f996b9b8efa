"""The desk's pages, from the views: who may claim from the queue, and what a refusal becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.deciding import HeldByAnother, NeedsAnother, NoSuchPost, NothingToUndo, Stale
from forum.person import Moderator, Session
from forum.post import WAITING, Act, NotAllowed, State
from forum.rows import Run, RunState
from moderation.door import publishing, reading
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.guard import Person
from moderation.door.queue import card_for_people
from tests.builders import NOON, TODAY, make_claim, make_id, make_post
from tests.doors.desk_door import LONG_WORDS
from tests.forum.desk_office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def at(office: Office) -> AtDesk:
    robin = Moderator("robin", "Robin", TODAY)
    person = Person(robin, Session("session", robin, NOON, NOON), "v1.csrf")
    return AtDesk(office.desk, person, {"robin": "Robin", "sam": "Sam"})


REASONS = [
    (NoSuchPost(), 404, "This post is not here"),
    (HeldByAnother(make_claim(moderator="sam")), 409, "Sam holds this post now"),
    (HeldByAnother(make_claim(moderator="operator:x")), 409, "Another moderator holds this post"),
    (NeedsAnother(), 409, "Somebody else must decide this"),
    (NothingToUndo(), 409, "be undone any more"),
    (Stale(make_post()), 409, "Nothing was overwritten"),
    (NotAllowed("gone on"), 409, "Nothing was overwritten"),
]


@pytest.mark.parametrize(("error", "status", "words"), REASONS)
def test_each_refusal_of_the_desk_is_a_page_that_gives_back_what_was_typed(
    at: AtDesk, error: Exception, status: int, words: str
) -> None:
    answer = at.refused(error, make_id(), LONG_WORDS)
    assert answer.status_code == status
    assert words in answer.body
    assert "Please&lt;/b&gt; leave the name of the town out." in answer.body


def test_there_is_a_page_for_every_refusal() -> None:
    assert {type(error) for error, _, _ in REASONS} == set(REFUSALS)


def test_what_another_holds_cannot_be_claimed(office: Office, at: AtDesk) -> None:
    post = office.receive()
    office.desk.claim(post.id, "sam")
    assert reading.claim(at, post.id).status_code == 409
    office.desk.release(post.id, "sam")
    assert reading.claim(at, post.id).status_code == 303
    assert office.desk.claim(post.id, "robin").moderator == "robin"


def test_a_post_that_is_not_there_is_one_page_whatever_is_asked(at: AtDesk) -> None:
    for view in (reading.show, reading.claim, reading.undo):
        assert view(at, make_id(7)).status_code == 404


def test_days_are_written_out_and_the_record_names_who_decided(office: Office, at: AtDesk) -> None:
    post = office.decide(Act.RETURN, office.receive())
    page = reading.show(at, post.id).body
    assert "Sent on 23 November 2026." in page
    assert "<li>23 November 2026: returned to its author, by Robin</li>" in page


TAKE_DOWN, ESCALATE, APPROVE = "/take-down", "/escalate", "/approve"


@pytest.mark.parametrize("holder", ["", "sam"])
def test_what_keeps_people_safe_is_offered_without_holding_the_post(
    office: Office, at: AtDesk, holder: str
) -> None:
    waits, up = office.receive(1), office.receive(2, state=State.APPROVED)
    for post in (waits, up):
        if holder:
            office.desk.claim(post.id, holder)
    pages = {post.id: reading.show(at, post.id).body for post in (waits, up)}
    assert f"{waits.id}{ESCALATE}" in pages[waits.id]
    assert "Escalate: this can never be published" in pages[waits.id]
    assert f"{waits.id}{APPROVE}" not in pages[waits.id]
    assert f"{up.id}{TAKE_DOWN}" in pages[up.id]
    assert ("Only Sam can decide the rest" in pages[waits.id]) is bool(holder)
    assert "the rest" not in pages[up.id]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.ESCALATED])
def test_where_nothing_can_be_decided_the_page_says_so(
    office: Office, at: AtDesk, state: State
) -> None:
    page = reading.show(at, office.receive(state=state).id).body
    assert "There is nothing to decide now." in page


@pytest.mark.parametrize("state", State)
def test_only_what_waits_can_be_claimed_from_its_card(
    office: Office, at: AtDesk, state: State
) -> None:
    office.receive(state=state)
    (card,) = office.desk.queue((state,))
    assert card_for_people(card, at)["waits"] is (state in WAITING)


def test_the_publish_page_tells_what_the_last_run_found_amiss(office: Office, at: AtDesk) -> None:
    words = "ID is left out: its file is missing.\n<b>.json had no business in content/posts."
    office.stores.press.put_run(Run(0, RunState.DONE, 3, 1, words))
    body = publishing.show(at, "").body
    assert "Went up: 3" in body
    assert "<li>ID is left out: its file is missing.</li>" in body
    assert "<li>&lt;b&gt;.json had no business" in body
    office.stores.press.put_run(Run(0, RunState.DONE, 3, 1, ""))
    assert "<li>ID" not in publishing.show(at, "").body
    assert "not as it should be" not in publishing.show(at, "").body
