"""People are told how long reading takes as it is, in words, and a figure breaks no page."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.door.waiting import told
from doors.messages import WAIT, Template
from doors.wording import CUSTOM_DAYS, in_days
from forum.figures import LATELY
from forum.intake import told_wait
from forum.post import Act
from forum.rows import Unavailable
from tests.builders import TODAY, days, decide, keep, make_decision, make_post
from tests.doors.seen import Page
from tests.doors.served import House, served
from tests.forum.visitors_door import Door, Meanwhile, open_door, raising


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (None, "three days"), (0, "a day"), (1, "a day"), (2, "two days"), (3, "three days"),
        (10, "ten days"), (11, "11 days"), (400, "400 days"),
    ],
)  # fmt: skip
def test_days_are_told_in_words(wait: int | None, words: str) -> None:
    assert in_days(wait) == words
    assert in_days(None) == in_days(CUSTOM_DAYS)


def test_a_text_of_a_page_is_told_with_the_days_in_it() -> None:
    template = Template("received", "M1", None, "Thank you", f"Within {WAIT}.\n\nNobody.")
    assert told(template, 5).paragraphs == ["Within five days.", "Nobody."]
    assert told(template, None).paragraphs == ["Within three days.", "Nobody."]


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def decided(door: Door, waits: list[int], day: int = 0) -> None:
    """So many posts were decided on this day, each after a wait of its own."""
    for number, wait in enumerate(waits):
        post = keep(door.stores.visitors, make_post(number, state_day=days(day - wait)))
        decision = make_decision(number, day=days(day), act=Act.APPROVE)
        decide(door.stores.desk, post, Act.APPROVE, decision=decision)


def test_the_figure_is_the_median_of_what_was_decided_lately(door: Door) -> None:
    assert door.visitors.usual_wait() is None
    decided(door, [1, 2, 4, 4])
    assert door.visitors.usual_wait() is None
    post = keep(door.stores.visitors, make_post(9, state_day=days(-9)))
    decide(door.stores.desk, post, Act.RETURN)
    assert door.visitors.usual_wait() == 4


def test_what_was_decided_long_ago_is_no_longer_told(door: Door) -> None:
    decided(door, [2] * 5, -LATELY.days)
    assert door.visitors.usual_wait() is None
    door.clock.advance(days=-1)
    assert door.visitors.usual_wait() == 2


def test_a_store_that_cannot_be_asked_leaves_the_custom(door: Door) -> None:
    broken = Meanwhile(door.stores.visitors, "waits", raising(Unavailable()), times=9)
    assert told_wait(broken, TODAY) is None  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    """The real house."""
    with served(tmp_path_factory.mktemp("told")) as house:
        yield house


def test_the_form_and_the_thanks_say_how_long_it_takes(house: House) -> None:
    assert "usually within three days" in Page(house.get("/api/share").text).words
    with house.store() as store:
        store.execute("INSERT INTO tallies VALUES (date('now'), 'decided:5', 9)")
    assert "usually within five days" in Page(house.get("/api/share").text).words
    thanks = house.send("/api/posts", house.story())
    assert thanks.status == 201
    assert "usually within five days" in Page(thanks.text).words


def test_a_form_that_comes_back_asks_for_no_figure(house: House) -> None:
    back = house.send("/api/posts", house.story(body=""))
    assert back.status == 422
    assert "usually within" not in Page(back.text).words
