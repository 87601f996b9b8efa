"""The queue: gravest first, then oldest; found by what is on a card, never by a word of a text."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from forum import wiring
from forum.desk import PAGE
from forum.post import Act, Kind, State
from forum.route import GRAVITY, Route
from forum.team import Team
from moderation.door.asked import CHOICES, FILTERS
from tests.builders import days, make_fields, make_id, make_text
from tests.doors.desk_seat import Room, Seat
from tests.doors.seen import Page

CANARY = "and the quokkas hum"


def shown(page: Page) -> list[str]:
    """The ids of the posts on the cards, in order."""
    links = [a for a in page.all("a") if a.inside("li") and "/moderation/post/" in a.given["href"]]
    return [a.given["href"].rpartition("/")[2] for a in links]


def following(page: Page) -> str:
    """Where "Next ones" leads; nowhere on the last page."""
    links = [a.given["href"] for a in page.all("a") if a.given.get("rel") == "next"]
    return links[0].removeprefix("/moderation") if links else ""


def walk(seat: Seat, path: str) -> list[str]:
    """The ids on every page from there on."""
    found: list[str] = []
    while path:
        page = seat.open(path)
        found += shown(page)
        path = following(page)
    return found


# Order and pages.


def test_the_gravest_come_first_and_then_those_who_wait_longest(room: Room, robin: Seat) -> None:
    ranked = [(route, -age) for route in GRAVITY for age in (5, 3, 1)]
    posts = [room.receive(n, route=r, day=days(age)) for n, (r, age) in enumerate(ranked)]
    assert shown(robin.open("/")) == [post.id for post in posts]


def test_every_post_stands_on_one_page_and_once(room: Room, robin: Seat) -> None:
    posts = [
        room.receive(n, route=GRAVITY[n % 4], day=days(-(n % 7)), state=waits)
        for n, waits in enumerate([State.RECEIVED, State.SECOND, State.APPEALED] * 17)
    ]
    found = walk(robin, "/")
    assert len(found) == len(set(found)) == 51
    assert set(found) == {post.id for post in posts}


def test_what_was_decided_between_two_pages_shifts_nothing(room: Room, robin: Seat) -> None:
    posts = [room.receive(n, day=days(-n)) for n in range(2 * PAGE)]
    first = robin.open("/")
    room.withdraw(next(post for post in posts if post.id == shown(first)[0]))
    rest = walk(robin, following(first))
    assert len(rest) == PAGE
    assert not set(rest) & set(shown(first))


@pytest.mark.parametrize(
    "after",
    ["x", "0", ".", "..", "9.2026-11-23.x", "0.2026-13-45.x", "-1.2026-11-23.x", "²..", "a" * 5000],
)
def test_a_place_that_is_none_is_the_beginning(room: Room, robin: Seat, after: str) -> None:
    post = room.receive()
    page = robin.open(f"/?{urlencode({'after': after})}")
    assert shown(page) == [post.id]
    assert "Back to the first" in page.words


# Filters.


def varied(room: Room) -> None:
    """Posts that differ in everything that can be asked for."""
    for number in range(48):
        room.receive(
            number,
            route=GRAVITY[number % 4],
            fields=make_fields(topics=("alcohol",) if number % 3 else ("anxiety", "grief")),
            marks=("PII-7",) if number % 2 else (),
            language="en" if number % 5 else "und",
            day=days(-number),
        )


ASKED = [
    {"topic": "alcohol"},
    {"topic": "grief", "language": "en"},
    {"route": "HOLD2"},
    {"rule": "PII-7", "topic": "alcohol"},
    {"kind": "story", "route": "REDACT", "language": "en", "topic": "alcohol"},
    {"topic": "gambling"},
]


@pytest.mark.parametrize("asked", ASKED)
def test_a_filter_holds_on_every_page_and_in_every_choice(
    room: Room, robin: Seat, asked: dict[str, str]
) -> None:
    varied(room)
    page = robin.open(f"/?{urlencode(asked)}")
    assert {name: value for name, value in picked(page).items() if value} == asked
    found = walk(robin, f"/?{urlencode(asked)}")
    assert found == [post_id for post_id in walk(robin, "/") if fits(room, post_id, asked)]
    assert bool(found) is (asked != {"topic": "gambling"})
    if following(page):
        assert asked.items() <= dict(re.findall(r"(\w+)=([\w-]+)", following(page))).items()


def picked(page: Page) -> dict[str, str]:
    """What each choice above the queue stands at."""
    chosen = [one for one in page.all("option") if "selected" in one.given]
    return {
        name: next((o.given["value"] for o in chosen if o.around[-1].given["name"] == name), "")
        for name in FILTERS
    }


def fits(room: Room, post_id: str, asked: dict[str, str]) -> bool:
    post = room.office.desk.read(post_id).post
    has = {
        "kind": {post.kind.value},
        "topic": {*post.fields.topics},
        "route": {post.route.value},
        "rule": {*post.marks},
        "language": {post.language},
    }
    return all(value in has[name] for name, value in asked.items())


@pytest.mark.parametrize("name", [*FILTERS, "show", "done", "batch", "left", "undone", "id"])
def test_a_word_that_nobody_can_choose_asks_for_nothing(room: Room, robin: Seat, name: str) -> None:
    posts = {room.receive(n).id for n in range(3)}
    for value in ("<script>alert(1)</script>", "' OR 1=1 --", "%", "x" * 3000, "\x00", "ß"):
        page = robin.open(f"/?{urlencode({name: value})}")
        assert set(shown(page)) == posts
        assert [one for one in page.all("script") if "src" not in one.given] == []


def test_the_choices_are_what_screening_and_the_vocabulary_know() -> None:
    assert [choice.name for choice in CHOICES] == list(FILTERS)
    route = next(choice for choice in CHOICES if choice.name == "route")
    assert list(route.options) == [route.value for route in Route]


# One post by its id, and counts.


def test_an_id_leads_to_its_post_and_an_unknown_one_is_given_back(room: Room, robin: Seat) -> None:
    post = room.receive()
    answer = robin.door.get(f"/?{urlencode({'id': f'  {post.id.upper()} '})}")
    assert answer.headers["Location"] == f"/moderation/post/{post.id}"
    for wrong in (make_id(9), '"><script>alert(1)</script>', "../../etc"):
        page = robin.open(f"/?{urlencode({'id': wrong, 'show': 'received'})}")
        assert page.by_id("field-id").value == wrong.lower()
        assert "There is no post with this" in page.described(page.by_id("field-id"))
        assert page.by_id("field-id").inside("details").given.get("open") == ""


def test_each_state_says_how_many_of_each_kind_stand_there(room: Room, robin: Seat) -> None:
    for number in range(5):
        room.receive(number, state=State.RECEIVED if number < 3 else State.RETURNED)
    room.receive(7, kind=Kind.LETTER)
    (nav,) = [one for one in robin.open("/").all("nav") if one.given["aria-label"] == "States"]
    words = " ".join(nav.text.split())
    assert "Received: Story 3, Letter 1" in words or "Received: Letter 1, Story 3" in words
    assert "Returned: Story 2" in words
    assert set(shown(robin.open("/?show=returned"))) == {make_id(3), make_id(4)}


# What it never says, and what it costs.


def test_no_page_of_the_queue_has_a_word_of_any_text(room: Room, robin: Seat) -> None:
    text = make_text(title=f"{CANARY} title", typed=f"{CANARY} typed", html=f"<p>{CANARY}</p>")
    posts = [room.receive(n, text, state=state) for n, state in enumerate(State)]
    room.report(posts[5], words=f"{CANARY} report")
    room.office.decide(Act.RETURN, room.receive(50, text), robin.who, words=f"{CANARY} words")
    paths = [
        "/",
        *(f"/?show={state.value}" for state in State),
        f"/?id={CANARY.split(maxsplit=1)[0]}",
    ]
    paths += [
        f"/?topic=alcohol&done={posts[0].id}",
        f"/?left={'.'.join(post.id for post in posts)}",
    ]
    for path in paths:
        assert "quokka" not in robin.door.get(path).body.decode(), path
    for name in ("topic", "rule", "id", "kind"):
        page = robin.open(f"/?{urlencode({name: CANARY})}")
        assert posts[0].id in shown(page), "nobody can search the words of a post"


def test_a_page_asks_the_store_as_often_for_1000_as_for_20(room: Room, robin: Seat) -> None:
    asked = ("/", "/?topic=alcohol&language=en", "/?show=received", f"/post/{make_id(1)}")
    for number in range(PAGE + 1):
        room.receive(number, language="en", day=days(-(number % 7)))
    robin.open("/")
    few = [statements(room, robin, path) for path in asked]
    for number in range(PAGE + 1, 1_000):
        room.receive(number, language="en", day=days(-(number % 50)))
    assert [statements(room, robin, path) for path in asked] == few
    assert all(few)


def statements(room: Room, seat: Seat, path: str) -> int:
    """How many statements one page runs, all stores of this process together."""
    run: list[str] = []
    database = wiring.open_desk(wiring.settings()).store._database
    with database.read() as connection:
        connection.set_trace_callback(run.append)
        seat.open(path)
        connection.set_trace_callback(None)
    return len(run)


def test_whoever_is_said_to_have_lost_their_passkey_reads_it_where_they_begin(room: Room) -> None:
    robin, sam = room.seat("Robin"), room.seat("Sam")
    assert "lost your passkey" not in robin.open("/").words
    Team(robin.door.doorway.people).ask_recovery(robin.who, sam.who)
    assert "Somebody says that you lost your passkey." in robin.open("/").words
    assert "lost your passkey" not in sam.open("/").words
