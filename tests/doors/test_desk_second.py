"""Two pairs of eyes at the desk: whoever changed a post, learns, or is too few never ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.post import Act, Post, State
from forum.review import stretches
from moderation.door.wording import COMES_TO
from tests.builders import make_fields
from tests.doors.desk_seat import Room, Seat, open_room
from tests.doors.marked import DANGER, NAMED, QUIET, verdicts

PLAIN = make_fields(topics=("anxiety",))


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("HANDRAIL_PAUSE_MINUTES", "0")
    with open_room(tmp_path, monkeypatch) as room:
        yield room


@pytest.fixture
def crew(room: Room) -> list[Seat]:
    """Three people, which is as many as two readers and an editor."""
    return [room.seat(name) for name in ("Robin", "Sam", "Kim")]


@pytest.fixture
def urgent(room: Room) -> Post:
    return room.share(1, DANGER, fields=PLAIN)


def reads(one: Seat, room: Room, post: Post, verdict: str = "keep", **given: object) -> str:
    """Hold it, decide on every marked word, go through with it; what the page after it says.

    Where it cannot be done they give the post back.
    """
    page = one.hold(post.id)
    chosen = verdicts(room.office.desk.read(post.id).text, verdict)
    untouched = {"content_notes": list(post.fields.content_notes), "help": []}
    checked = one.check(page, **{**chosen, **untouched, **given})
    if checked.status_code != 200:
        one.press(page, f"/post/{post.id}/release")
        return one.page_of(checked).words
    return one.follow(one.do_it(checked)).words


def state(room: Room, post: Post) -> State:
    return room.office.desk.read(post.id).post.state


def test_two_people_approve_the_same_words_of_an_urgent_post(
    room: Room, crew: list[Seat], urgent: Post
) -> None:
    robin, sam, _ = crew
    reads(robin, room, urgent)
    assert state(room, urgent) is State.SECOND
    page = sam.hold(urgent.id)
    assert "Two people read this one." in page.words
    assert "Robin has approved exactly these words." in page.words
    assert "now Approved" in reads(sam, room, urgent)
    assert (
        room.office.desk.read(urgent.id).post.approved_hash == room.office.desk.read(urgent.id).hash
    )


def test_the_first_reader_is_not_the_second(room: Room, crew: list[Seat], urgent: Post) -> None:
    robin = crew[0]
    reads(robin, room, urgent)
    assert "You have done your part" in robin.post(urgent.id).words
    assert "Somebody else must decide this" in reads(robin, room, urgent)
    assert state(room, urgent) is State.SECOND


def without_names(room: Room, post: Post) -> dict[str, str]:
    """The choices that take out who somebody is, and leave the rest."""
    text = room.office.desk.read(post.id).text
    assert text
    chosen = {}
    for stretch in stretches(text):
        chosen[f"verdict-{stretch.number}"] = "replace" if stretch.identifies else "keep"
        chosen[f"words-{stretch.number}"] = "a friend"
    return chosen


def test_whoever_changed_an_urgent_post_counts_as_neither(room: Room, crew: list[Seat]) -> None:
    robin, sam, kim = crew
    post = room.share(1, f"{DANGER} My friend Priya Sharma has no idea.", fields=PLAIN)
    reads(robin, room, post, **without_names(room, post))
    changed = room.office.desk.read(post.id).post
    now = (changed.state, changed.editors, changed.first_reader)
    assert now == (State.SECOND, (robin.who,), "")
    assert "Changed by Robin." in sam.post(post.id).words
    reads(sam, room, post)
    assert state(room, post) is State.SECOND
    assert "Somebody else must decide this" in reads(robin, room, post)
    reads(kim, room, post)
    assert state(room, post) is State.APPROVED


def test_what_the_second_reader_changes_needs_two_more(room: Room, crew: list[Seat]) -> None:
    robin, sam, kim = crew
    post = room.share(1, f"{DANGER} My friend Priya Sharma has no idea.", fields=PLAIN)
    reads(robin, room, post)
    reads(sam, room, post, **without_names(room, post))
    assert state(room, post) is State.SECOND
    assert room.office.desk.read(post.id).post.first_reader == ""
    reads(kim, room, post)
    assert state(room, post) is State.SECOND
    reads(robin, room, post)
    assert state(room, post) is State.APPROVED


def test_whoever_files_it_otherwise_approves_first_again(
    room: Room, crew: list[Seat], urgent: Post
) -> None:
    robin, sam, kim = crew
    reads(robin, room, urgent)
    reads(sam, room, urgent, topics=["depression"])
    now = room.office.desk.read(urgent.id).post
    assert (now.state, now.first_reader, now.editors) == (State.SECOND, sam.who, ())
    reads(kim, room, urgent, topics=["depression"])
    assert state(room, urgent) is State.APPROVED


def test_with_fewer_than_three_people_an_urgent_post_waits_and_the_page_says_so(
    room: Room, urgent: Post
) -> None:
    robin, sam = room.seat("Robin"), room.seat("Sam")
    reads(robin, room, urgent)
    assert "Fewer than three people are enrolled to read" in sam.post(urgent.id).words
    assert "This has to wait for a third person" in reads(sam, room, urgent)
    assert state(room, urgent) is State.SECOND
    assert room.office.desk.read(urgent.id).post.first_reader == robin.who


def test_the_second_reader_sees_what_the_first_took_out(room: Room, crew: list[Seat]) -> None:
    post, (robin, sam, _) = room.share(1, NAMED, fields=PLAIN), crew
    reads(robin, room, post, "replace", **{"words-0": "a friend", "words-1": "a town"})
    page = sam.hold(post.id)
    assert "Changed by Robin." in page.words
    assert [one.text for one in page.all("del")] == [
        "[taken out: Tom Baker]",
        "[taken out: Ludlow]",
    ]
    assert [one.text for one in page.all("ins")] == ["[put in: a friend]", "[put in: a town]"]
    checked = sam.page_of(sam.check(page))
    assert COMES_TO[Act.APPROVE] in checked.words
    assert len(checked.all("del")) == 2, "its author is told of the same changes"
    assert "now Approved" in reads(sam, room, post)
    told = room.office.desk.read(post.id).decisions[-1]
    assert told.reason == "edited-told"


def test_whoever_took_names_out_cannot_approve_the_rest_alone(room: Room, crew: list[Seat]) -> None:
    post, robin = room.share(1, NAMED, fields=PLAIN), crew[0]
    reads(robin, room, post, "replace", **{"words-0": "a friend", "words-1": "a town"})
    assert "Somebody else must decide this" in reads(robin, room, post)
    assert state(room, post) is State.SECOND


def test_asking_for_a_second_reader_binds_the_first_to_wait(room: Room, crew: list[Seat]) -> None:
    post, (robin, sam, _) = room.share(1, QUIET, fields=PLAIN), crew
    page = robin.hold(post.id)
    robin.press(page, f"/post/{post.id}/ask-second")
    assert "Robin asks for a second reader." in sam.post(post.id).words
    assert "Somebody else must decide this" in reads(robin, room, post)
    assert "now Approved" in reads(sam, room, post)


# Learners.


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room in which a buddy reads along with everybody's first two decisions."""
    with open_room(tmp_path, monkeypatch, learning=2) as room:
        yield room


def practised(room: Room, name: str) -> Seat:
    """Somebody who has their first two decisions behind them."""
    one = room.seat(name)
    for number in range(2):
        post = room.share(len(name) * 100 + number, QUIET)
        one.decide(one.hold(post.id), "decline", words="Dear you.")
    return one


def test_what_a_learner_approves_goes_to_a_second_reader(school: Room) -> None:
    post, lee, robin = (
        school.share(1, QUIET, fields=PLAIN),
        school.seat("Lee"),
        school.seat("Robin"),
    )
    assert "now Second reading" in reads(lee, school, post)
    assert "Somebody else must decide this" in reads(robin, school, post), "Robin learns too"
    assert "now Approved" in reads(practised(school, "Samantha"), school, post)


def test_a_learners_message_needs_nobody_else(school: Room) -> None:
    post, lee = school.share(1, QUIET), school.seat("Lee")
    lee.decide(lee.hold(post.id), "return", words="Dear you.", template="")
    assert state(school, post) is State.RETURNED


def test_a_learner_who_finished_learning_in_another_tab_is_shown_what_it_comes_to_now(
    school: Room,
) -> None:
    lee, post = school.seat("Lee"), school.share(1, QUIET, fields=PLAIN)
    checked = lee.check(lee.hold(post.id))
    assert COMES_TO[Act.ASK_SECOND] in lee.page_of(checked).words
    practised(school, "Lee")
    again = lee.do_it(checked)
    assert again.status_code == 200
    assert COMES_TO[Act.APPROVE] in lee.page_of(again).words
    assert state(school, post) is State.RECEIVED, "nothing is done that was not shown"
    lee.do_it(again)
    assert state(school, post) is State.APPROVED


def test_how_much_somebody_still_learns_is_for_their_own_eyes(school: Room) -> None:
    post, lee = school.share(1, QUIET), school.seat("Lee")
    reads(lee, school, post)
    page = practised(school, "Samantha").post(post.id)
    assert "learn" not in page.words.lower()
    assert "buddy" not in page.words.lower()
