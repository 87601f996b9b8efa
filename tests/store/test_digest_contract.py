"""What every store tells of what waits: right numbers, and no way to a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.digest import Told, Waiting
from forum.post import WAITING, Act, Kind, Post, State, moved
from forum.route import Route
from tests.builders import (
    TODAY,
    days,
    decide,
    keep,
    make_edition_row,
    make_post,
    make_report,
    make_text,
    tell,
)
from tests.store.adapters import Stores, open_sqlite
from tests.store.dumps import changed, dump


def waiting(stores: Stores) -> Waiting:
    return stores.digest.waiting(TODAY)


def urgent(stores: Stores, number: int, **given: object) -> Post:
    return keep(stores.visitors, make_post(number, route=Route.HOLD2, **given))


def test_an_empty_store_has_nothing_waiting(stores: Stores) -> None:
    assert waiting(stores) == Waiting()
    assert waiting(stores).nothing


@pytest.mark.parametrize("state", State)
def test_what_waits_for_a_moderator_is_counted_and_nothing_else(
    stores: Stores, state: State
) -> None:
    urgent(stores, 1, state=state)
    keep(stores.visitors, make_post(2, state=state))
    found = waiting(stores)
    assert (found.urgent, found.came, found.posts) == ((1, 1, 2) if state in WAITING else (0, 0, 0))
    assert found.second == (2 if state is State.SECOND else 0)


@pytest.mark.parametrize("route", Route)
def test_urgent_is_what_two_people_must_read(stores: Stores, route: Route) -> None:
    keep(stores.visitors, make_post(1, route=route))
    assert waiting(stores).urgent == (route is Route.HOLD2)
    assert waiting(stores).came == (route is Route.HOLD2)


def test_every_kind_counts(stores: Stores) -> None:
    for number, kind in enumerate(Kind):
        keep(stores.visitors, make_post(number, kind=kind))
    assert waiting(stores).posts == len(Kind)


@pytest.mark.parametrize("act", [Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.APPROVE])
def test_what_was_answered_waits_no_more(stores: Stores, act: Act) -> None:
    decide(stores.desk, urgent(stores, 1), act)
    assert waiting(stores) == Waiting(came=1)


def test_a_second_reader_is_waited_for_without_coming_again(stores: Stores) -> None:
    decide(stores.desk, urgent(stores, 1), Act.ASK_SECOND)
    assert waiting(stores) == Waiting(urgent=1, came=1, posts=1, second=1)


def test_what_comes_back_has_come_again(stores: Stores) -> None:
    returned = decide(stores.desk, urgent(stores, 1), Act.RETURN)
    stores.holders.rewrite(moved(returned, Act.REVISE, TODAY), make_text())
    assert waiting(stores) == Waiting(urgent=1, came=2, posts=1)


def test_what_is_taken_back_waits_no_more(stores: Stores) -> None:
    stores.holders.withdraw(moved(urgent(stores, 1), Act.WITHDRAW, TODAY))
    assert waiting(stores) == Waiting(came=1)


def test_one_that_comes_as_another_goes_is_seen(stores: Stores) -> None:
    before = urgent(stores, 1)
    once = waiting(stores)
    decide(stores.desk, before, Act.DECLINE)
    urgent(stores, 2)
    assert waiting(stores).urgent == once.urgent
    assert waiting(stores).came == once.came + 1


@pytest.mark.parametrize("state", [State.RECEIVED, State.SECOND, State.APPEALED])
def test_the_oldest_is_the_one_that_has_stood_there_longest(stores: Stores, state: State) -> None:
    keep(stores.visitors, make_post(1, state=state, day=days(-40), state_day=days(-5)))
    keep(stores.visitors, make_post(2, state_day=days(-2)))
    keep(stores.visitors, make_post(3, state=State.DECLINED, state_day=days(-20)))
    assert waiting(stores).oldest_days == 5


def test_a_hidden_post_is_not_as_old_as_its_approval(stores: Stores) -> None:
    keep(stores.visitors, make_post(1, state=State.HIDDEN, state_day=days(-300)))
    assert waiting(stores) == Waiting(posts=1)


def test_a_day_that_is_still_to_come_is_no_age(stores: Stores) -> None:
    keep(stores.visitors, make_post(1, state_day=days(1)))
    assert waiting(stores).oldest_days == 0


# --- reports ----------------------------------------------------------------------------------


def up(stores: Stores, number: int) -> Post:
    post = keep(stores.visitors, make_post(number, state=State.APPROVED))
    stores.press.record([make_edition_row(number)], [])
    return post


def test_a_post_with_open_reports_counts_once(stores: Stores) -> None:
    for number in (1, 2):
        post = up(stores, number)
        for report in range(3):
            tell(stores.reports, make_report(10 * number + report, post_id=post.id))
    assert waiting(stores) == Waiting(reported=2)
    assert not waiting(stores).nothing


def test_answered_reports_count_no_more(stores: Stores) -> None:
    post = up(stores, 1)
    tell(stores.reports, make_report(1, post_id=post.id))
    decide(stores.desk, post, Act.KEEP)
    assert waiting(stores) == Waiting()


def test_a_report_that_outlasts_its_post_counts_for_nothing(stores: Stores) -> None:
    tell(stores.reports, make_report(1, post_id="a post that nobody ever had"))
    assert waiting(stores) == Waiting()


# --- what was said ----------------------------------------------------------------------------


def test_what_was_said_is_kept_for_every_process(stores: Stores) -> None:
    assert stores.digest.told() == Told()
    told = Told(slot=499_001, day=739_943, came=7, failed=2)
    stores.digest.put_told(told)
    assert stores.again().digest.told() == told
    stores.digest.put_told(Told())
    assert stores.again().digest.told() == Told()


def test_it_is_kept_where_nothing_of_a_visitors_is(tmp_path: Path) -> None:
    stores = open_sqlite(tmp_path)
    urgent(stores, 1)
    before = dump(tmp_path)
    stores.digest.put_told(Told(1, 2, 3, 4))
    assert changed(before, dump(tmp_path)) == {"counters"}


# --- the form ---------------------------------------------------------------------------------


def test_it_knows_of_the_form_what_the_visitors_door_knows(stores: Stores) -> None:
    for number, state in enumerate([State.RECEIVED, State.RECEIVED, State.SECOND, State.DECLINED]):
        keep(stores.visitors, make_post(number, state=state, state_day=days(number - 9)))
    for crowd in (stores.visitors, stores.digest):
        assert crowd.oldest_unread() == days(-9)
        assert [crowd.unread_reaches(most) for most in (0, 1, 2, 3)] == [True, True, True, False]
        assert not crowd.closed()
    stores.desk.set_closed(True, TODAY, "robin")
    assert stores.digest.closed()


def test_a_crowd_of_none_is_known_the_same(stores: Stores) -> None:
    for crowd in (stores.visitors, stores.digest):
        assert crowd.oldest_unread() is None
        assert [crowd.unread_reaches(most) for most in (0, 1)] == [False, False]
