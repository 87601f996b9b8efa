"""The limits at the desk: they stop serving posts, and never take away one that somebody holds."""

from __future__ import annotations

import pytest

from forum.belongings import Belongings
from forum.person import Role
from forum.post import Post, State
from tests.builders import make_fields
from tests.doors.desk_seat import Room, Seat, leads_to
from tests.doors.marked import DANGER, MAIL, QUIET, verdicts

HEAVY = make_fields(topics=("anxiety",), content_notes=("overdose", "death"))
LIGHT = make_fields(topics=("anxiety",))
CANARY = "and the quokkas hum"


@pytest.fixture
def robin(room: Room) -> Seat:
    """Somebody who reads, and is no safety lead."""
    return room.seat("Robin", {Role.MODERATOR})


def heavy_ones(room: Room, number: int) -> list[Post]:
    return [
        room.share(n, f"{QUIET} At dusk I walk, {CANARY}.", fields=HEAVY) for n in range(number)
    ]


def choose(seat: Seat, *opt_outs: str, collapsed: bool = True) -> None:
    """Their own choices, as their own page keeps them."""
    Belongings(seat.door.doorway.people).choose(seat.who, opt_outs, collapsed=collapsed)


def test_after_three_heavy_ones_comes_a_lighter_one_and_what_is_held_can_be_finished(
    room: Room, robin: Seat
) -> None:
    *held, fourth = heavy_ones(room, 4)
    pages = [robin.hold(post.id) for post in held]
    answer = robin.press(robin.post(fourth.id), f"/post/{fourth.id}/claim")
    assert answer.status_code == 409
    shown = robin.page_of(answer)
    assert "Something lighter first" in shown.words
    assert CANARY not in shown.words
    assert room.office.desk.read(fourth.id).claim is None
    assert "Lighter ones still open" in robin.open("/").words
    assert "now Approved" in robin.follow(robin.decide(pages[0])).words
    assert CANARY in robin.post(held[1].id).words
    light = room.share(9, QUIET, fields=LIGHT)
    robin.hold(light.id)
    assert CANARY in robin.hold(fourth.id).words


def test_reading_along_counts_like_holding_and_can_be_looked_at_again(
    room: Room, robin: Seat
) -> None:
    *first, fourth = heavy_ones(room, 4)
    for post in first:
        assert CANARY in robin.along(post.id).words
    assert CANARY in robin.open(f"/post/{first[-1].id}?along=1").words, "the page is loaded again"
    answer = robin.press(robin.post(fourth.id), f"/post/{fourth.id}/open")
    assert answer.status_code == 409
    assert CANARY not in robin.page_of(answer).words


def test_six_heavy_ones_are_a_day(room: Room, robin: Seat) -> None:
    *six, seventh = heavy_ones(room, 7)
    for number, post in enumerate(six):
        robin.hold(post.id)
        robin.hold(room.share(20 + number, QUIET, fields=LIGHT).id)
    answer = robin.press(robin.post(seventh.id), f"/post/{seventh.id}/claim")
    assert "No more heavy ones today" in robin.page_of(answer).words


# The pause.


@pytest.fixture
def resting(room: Room, robin: Seat) -> Seat:
    """Somebody who has just escalated a post."""
    post = room.share(50, DANGER, fields=LIGHT)
    page = robin.follow(robin.decide(robin.post(post.id), "escalate"))
    assert "A pause for you" in page.words
    return robin


def test_in_the_pause_nothing_new_is_served_and_after_it_all_is(room: Room, resting: Seat) -> None:
    post = room.share(1, QUIET, fields=LIGHT)
    for way in ("claim", "open"):
        answer = resting.press(resting.post(post.id), f"/post/{post.id}/{way}")
        assert answer.status_code == 409
        assert "Your pause is not over yet" in resting.page_of(answer).words
    assert resting.door.get(f"/post/{post.id}?along=1").status_code == 409
    room.office.clock.advance(minutes=5)
    assert "You hold this" in resting.hold(post.id).words


def test_what_was_held_before_the_pause_can_be_finished_in_it(room: Room, robin: Seat) -> None:
    own, danger = room.share(1, QUIET, fields=LIGHT), room.share(2, DANGER, fields=LIGHT)
    page = robin.hold(own.id)
    robin.decide(robin.post(danger.id), "escalate")
    assert "now Approved" in robin.follow(robin.decide(page)).words


def test_a_moderator_cannot_say_that_it_is_urgent(room: Room, resting: Seat) -> None:
    post = room.share(1, DANGER, fields=LIGHT)
    answer = resting.press(resting.post(post.id), f"/post/{post.id}/claim", anyway="yes")
    assert answer.status_code == 409
    assert leads_to(resting.page_of(answer)) == set()
    assert room.office.desk.read(post.id).claim is None


@pytest.mark.parametrize("urgent", ["danger", "reported", "hidden"])
def test_a_safety_lead_is_never_locked_out_of_what_cannot_wait(room: Room, urgent: str) -> None:
    lead = room.seat("Lee", {Role.SAFETY_LEAD})
    first = room.share(50, DANGER, fields=LIGHT)
    lead.decide(lead.post(first.id), "escalate")
    states = {"hidden": State.HIDDEN, "reported": State.APPROVED}
    post = room.share(
        1,
        DANGER if urgent == "danger" else QUIET,
        fields=LIGHT,
        state=states.get(urgent, State.RECEIVED),
    )
    if urgent == "reported":
        room.report(post)
    claim = f"/post/{post.id}/claim"
    answer = lead.door.send(claim, csrf=lead.csrf())
    assert answer.status_code == 409
    shown = lead.page_of(answer)
    assert "I am a safety lead and this is urgent: open it" in shown.words
    assert "You hold this" in lead.follow(lead.press(shown, claim)).words


def test_what_is_escalated_can_be_read_by_everybody_also_in_a_pause(
    room: Room, robin: Seat
) -> None:
    """Two look at the words together, whoever they are: that step cannot wait."""
    post = room.share(1, DANGER, fields=LIGHT)
    robin.decide(robin.post(post.id), "escalate")
    answer = robin.press(robin.post(post.id), f"/post/{post.id}/open")
    assert "As it will appear" in robin.follow(answer).words


# One's own choices.


def test_what_somebody_would_rather_not_read_opens_at_their_own_press(
    room: Room, robin: Seat
) -> None:
    post = room.share(
        1, f"{QUIET} At dusk I walk, {CANARY}.", fields=make_fields(topics=("alcohol",))
    )
    choose(robin, "alcohol")
    claim = f"/post/{post.id}/claim"
    for way in (claim, f"/post/{post.id}/open"):
        answer = robin.press(robin.post(post.id), way)
        shown = robin.page_of(answer)
        assert "You asked not to be shown this" in shown.words
        assert CANARY not in shown.words
    assert CANARY in robin.follow(robin.press(shown, claim)).words
    assert CANARY in room.seat("Sam").along(post.id).words, "a choice is one person's own"


@pytest.mark.parametrize("collapsed", [True, False])
def test_marked_words_stay_folded_away_by_choice(room: Room, robin: Seat, collapsed: bool) -> None:
    post = room.share(1, MAIL, fields=LIGHT)
    choose(robin, collapsed=collapsed)
    robin.hold(post.id)
    page = robin.page_of(robin.check(robin.post(post.id)))
    folded = [one for one in page.all("mark", "ins") if one.inside("details")]
    shown = [one for one in page.all("mark") if not one.inside("details")]
    assert {one.text for one in shown} == ({"[marked words]"} if collapsed else {MAIL.split()[4]})
    assert ([one.text for one in folded if "@" in one.text] != []) is collapsed
    outside = [one for one in page.all("a", "legend", "p", "div") if "sam.low" in one.text]
    outside = [one for one in outside if not one.inside("details") and one.tag != "div"]
    assert (outside == []) is collapsed


def test_folded_words_can_be_decided_on_like_any(room: Room, robin: Seat) -> None:
    post = room.share(1, MAIL, fields=LIGHT)
    own = room.office.desk.read(post.id).text
    robin.decide(robin.hold(post.id), **verdicts(own, "replace"))
    assert room.office.desk.read(post.id).post.state is State.APPROVED


def test_a_long_while_without_a_break_is_said_and_stops_nothing(room: Room, robin: Seat) -> None:
    post = room.share(1, QUIET, fields=LIGHT)
    for _ in range(12):
        robin.open("/")
        room.office.clock.advance(minutes=4)
    assert "This is a good moment for a break" in robin.open("/").words
    page = robin.hold(post.id)
    assert "This is a good moment for a break" in page.words
    assert "now Approved" in robin.follow(robin.decide(page)).words
