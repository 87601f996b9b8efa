"""Taking a post at the desk: claimed and counted as one, and never over a limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forum.person import Role
from forum.post import Post
from forum.wellbeing import Wanted
from moderation.door import rest
from moderation.door.at_desk import AtDesk
from tests.builders import NOON, keep, make_claim
from tests.doors.at_the_desk import seated
from tests.doors.seen import Page
from tests.forum.desk_office import Office, open_office
from tests.forum.duty_kept import KeptDuty, heavy, make_duty, urgent


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def at(office: Office) -> AtDesk:
    return seated(office)


def taken(at: AtDesk, post: Post, **given: Any) -> str:
    """What the desk answers: the heading of its page, or nothing where the post is theirs."""
    answer = rest.take(at, at.wellbeing, at.on_duty, Wanted(post, **given))
    return Page(answer.body).one("h1").text if answer else ""


def test_a_post_is_claimed_and_counted(office: Office, at: AtDesk) -> None:
    post = keep(office.stores.visitors, heavy())
    assert taken(at, post) == ""
    claim = office.stores.desk.holder(post.id, NOON)
    assert claim
    assert claim.moderator == "robin"
    assert at.wellbeing.today("robin").heavy == 1


def test_a_post_that_is_not_served_is_claimed_by_nobody(office: Office, at: AtDesk) -> None:
    post = keep(office.stores.visitors, urgent())
    at.wellbeing.store.put_duty(make_duty(heavy_in_a_row=3), None)
    assert taken(at, post) == "Something lighter first"
    assert office.stores.desk.holder(post.id, NOON) is None
    lead = replace(at, person=seated(office, "robin", Role.SAFETY_LEAD).person)
    assert taken(lead, post) == "Something lighter first"
    assert taken(lead, post, anyway=True) == ""


def test_a_post_that_another_holds_is_not_counted(office: Office, at: AtDesk) -> None:
    post = keep(office.stores.visitors, heavy(7))
    office.stores.desk.claim(make_claim(7, moderator="sam"), NOON)
    with pytest.raises(Exception, match="sam"):
        taken(at, post)
    assert at.wellbeing.today("robin").heavy == 0


def test_a_post_taken_while_another_window_reached_the_limit_goes_back(
    office: Office, at: AtDesk
) -> None:
    post = keep(office.stores.visitors, heavy())
    store = at.wellbeing.store
    assert isinstance(store, KeptDuty)
    store.put_duty(make_duty(heavy_in_a_row=2), None)

    def quicker() -> None:
        at.wellbeing.opened(at.on_duty, Wanted(heavy(9)))

    def then() -> None:
        store.meanwhile = quicker  # asked first, counted second: in between

    store.meanwhile = then
    assert taken(at, post) == "Something lighter first"
    assert office.stores.desk.holder(post.id, NOON) is None
