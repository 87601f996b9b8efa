"""The sweep: three reports hide a post, two posts a day at most, and none that was read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from forum.deciding import Stale
from forum.ports import SweepStore
from forum.post import Act, Post, State, moved
from forum.retention import purge
from forum.rows import Decision, ReportState
from forum.sweep import BY_READERS, ENOUGH, MOST_A_DAY, Sweep
from tests.builders import TODAY, make_edition_row, make_text
from tests.forum.desk_office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def up(office: Office, number: int, reports: int = ENOUGH) -> Post:
    """A post that readers see, with so many open reports."""
    post = office.approve(office.receive(number), "pat")
    office.stores.press.record([make_edition_row(number)], [])
    office.report(post, reports)
    return post


def sweep(office: Office) -> Sweep:
    return Sweep(office.stores.sweep, office.clock)


def state(office: Office, post: Post) -> State:
    return office.desk.read(post.id).post.state


def hidden(office: Office, posts: Sequence[Post]) -> list[Post]:
    return [post for post in posts if state(office, post) is State.HIDDEN]


# --- what is hidden ---------------------------------------------------------------------------


def test_the_numbers_are_those_that_were_promised() -> None:
    assert (ENOUGH, MOST_A_DAY) == (3, 2)


@pytest.mark.parametrize("reports", [0, 1, 2])
def test_fewer_than_three_reports_hide_nothing(office: Office, reports: int) -> None:
    post = up(office, 1, reports)
    rung = office.stores.press.rung()
    assert sweep(office).hide() == ()
    assert office.desk.read(post.id).post == post
    assert office.stores.press.rung() == rung


@pytest.mark.parametrize("reports", [3, 4, 9])
def test_three_reports_hide_a_post_until_somebody_has_read_it_again(
    office: Office, reports: int
) -> None:
    post = up(office, 1, reports)
    rung = office.stores.press.rung()
    assert sweep(office).hide() == (post.id,)
    reading = office.desk.read(post.id)
    assert reading.post == moved(post, Act.HIDE, TODAY)
    assert reading.post.approved_hash == post.approved_hash
    assert reading.text == make_text()
    assert [report.state for report in reading.reports] == [ReportState.OPEN] * reports
    assert post.id in [card.post.id for card in office.desk.queue()]
    assert office.stores.press.rung() == rung + 1, "it comes off the site by itself"


def test_it_is_on_record_as_done_by_readers(office: Office) -> None:
    post = up(office, 1)
    sweep(office).hide()
    *_, decision = office.desk.read(post.id).decisions
    assert decision == Decision(TODAY, BY_READERS, Act.HIDE, post.id, post.approved_hash)
    assert BY_READERS == "readers"


def test_answered_reports_do_not_add_up_with_new_ones(office: Office) -> None:
    post = up(office, 1, 2)
    office.decide(Act.TAKE_DOWN, post, "robin")
    back = office.desk.undo(post.id, "robin")
    assert sweep(office).hide() == ()
    office.report(back)
    assert sweep(office).hide() == (post.id,), "the undo gave it its two reports back"


def test_a_second_sweep_finds_nothing_more_to_hide(office: Office) -> None:
    up(office, 1)
    assert len(sweep(office).hide()) == 1
    rung = office.stores.press.rung()
    assert sweep(office).hide() == ()
    assert office.stores.press.rung() == rung


NOT_APPROVED = set(State) - {
    *(State.APPROVED, State.WITHDRAWN, State.TAKEN_DOWN, State.ESCALATED),
}
"""States of posts that can have reports and are not approved."""


@pytest.mark.parametrize("state", sorted(NOT_APPROVED, key=str))
def test_only_what_is_approved_can_be_hidden(office: Office, state: State) -> None:
    post = office.receive(state=state)
    office.report(post, 5)
    assert sweep(office).hide() == ()
    assert office.desk.read(post.id).post == post


# --- two a day --------------------------------------------------------------------------------


def test_two_posts_a_day_are_hidden_those_with_most_reports(office: Office) -> None:
    posts = [up(office, number, ENOUGH + number) for number in range(5)]
    assert sweep(office).hide() == (posts[4].id, posts[3].id)
    assert hidden(office, posts) == posts[3:]


def test_two_a_day_over_all_runs_of_that_day_and_two_more_on_the_next(office: Office) -> None:
    posts = [up(office, number) for number in range(5)]
    for _ in range(4):
        sweep(office).hide()
        office.clock.advance(hours=2)
    assert len(hidden(office, posts)) == 2
    office.clock.advance(days=1)
    for _ in range(3):
        sweep(office).hide()
    assert len(hidden(office, posts)) == 4
    office.clock.advance(days=1)
    sweep(office).hide()
    assert len(hidden(office, posts)) == 5


def test_a_post_hidden_in_the_morning_leaves_room_for_one_in_the_evening(office: Office) -> None:
    first = up(office, 1)
    assert sweep(office).hide() == (first.id,)
    later = [up(office, number) for number in (2, 3)]
    assert len(sweep(office).hide()) == 1
    assert len(hidden(office, [first, *later])) == 2


def test_what_is_kept_taken_down_or_taken_back_makes_no_room_for_more(office: Office) -> None:
    """Else a crowd could empty the site through a desk that works fast."""
    posts = [up(office, number) for number in range(4)]
    first, second = sweep(office).hide()
    office.decide(Act.KEEP, office.desk.read(first).post, words="")
    office.by_author(Act.WITHDRAW, office.desk.read(second).post)
    purge(office.stores.retention, office.clock.now())
    assert sweep(office).hide() == ()
    assert hidden(office, posts) == []


def test_what_somebody_at_the_desk_did_today_takes_no_room(office: Office) -> None:
    for number in range(5):
        office.decide(Act.TAKE_DOWN, up(office, 10 + number, 0), "readers")
    up(office, 1)
    assert len(sweep(office).hide()) == 1


def test_two_a_day_in_every_process(office: Office) -> None:
    posts = [up(office, number) for number in range(6)]
    other = Sweep(office.stores.again().sweep, office.clock)
    assert len(sweep(office).hide()) == 2
    assert other.hide() == ()
    assert len(hidden(office, posts)) == 2


# --- two sweeps at once -----------------------------------------------------------------------


@dataclass
class Interrupted:
    """A store in which something happens between the last look and the first write."""

    inner: SweepStore
    happens: Callable[[], object]
    happened: bool = False

    def reported(self, enough: int) -> Sequence[Post]:
        return self.inner.reported(enough)

    def hidden_on(self, day: date, by: str) -> int:
        return self.inner.hidden_on(day, by)

    def hide(self, post: Post, decision: Decision, *rest: object) -> object:
        if not self.happened:
            self.happened = True
            self.happens()
        return self.inner.hide(post, decision, *rest)


def interrupted(office: Office, happens: Callable[[], object]) -> Sweep:
    return Sweep(Interrupted(office.stores.sweep, happens), office.clock)  # type: ignore[arg-type]


def test_of_two_sweeps_at_once_both_together_hide_two(office: Office) -> None:
    posts = [up(office, number) for number in range(6)]
    other = Sweep(office.stores.again().sweep, office.clock)
    told = interrupted(office, other.hide).hide()
    assert len(hidden(office, posts)) == MOST_A_DAY
    assert len(told) <= MOST_A_DAY


def test_of_many_sweeps_at_once_all_together_hide_two(office: Office) -> None:
    posts = [up(office, number) for number in range(12)]
    stores = [office.stores, *(office.stores.again() for _ in range(3))]
    sweeps = [Sweep(one.sweep, office.clock) for one in stores]
    rung = office.stores.press.rung()
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda n: sweeps[n % 4].hide(), range(8)))
    found = hidden(office, posts)
    assert len(found) == MOST_A_DAY
    assert sorted(name for names in told for name in names) == sorted(post.id for post in found)
    assert office.stores.press.rung() == rung + MOST_A_DAY


# --- somebody decides at that moment ----------------------------------------------------------


def test_a_post_that_is_kept_at_that_moment_is_not_hidden(office: Office) -> None:
    post = up(office, 1)
    rung = office.stores.press.rung()
    swept = interrupted(office, lambda: office.decide(Act.KEEP, post, words="")).hide()
    assert swept == ()
    assert state(office, post) is State.APPROVED
    assert office.stores.press.rung() == rung
    assert office.stores.sweep.hidden_on(TODAY, BY_READERS) == 0


@pytest.mark.parametrize("act", [Act.TAKE_DOWN, Act.WITHDRAW])
def test_a_post_that_goes_at_that_moment_is_gone_and_makes_room_for_the_next(
    office: Office, act: Act
) -> None:
    posts = [up(office, number, ENOUGH + 9 - number) for number in range(3)]

    def goes() -> None:
        if act is Act.WITHDRAW:
            office.by_author(act, posts[0])
        else:
            office.decide(act, posts[0])

    assert interrupted(office, goes).hide() == (posts[1].id, posts[2].id)
    assert state(office, posts[0]) is moved(posts[0], act, TODAY).state


def test_whoever_was_about_to_decide_is_told_that_it_is_hidden_now(office: Office) -> None:
    post = up(office, 1)
    seen = office.seen(post)
    claim = office.desk.claim(post.id, "robin")
    sweep(office).hide()
    with pytest.raises(Stale) as caught:
        office.desk.decide(Act.KEEP, seen, "robin")
    assert caught.value.post.state is State.HIDDEN
    assert office.desk.read(post.id).claim == claim
    assert office.decide(Act.KEEP, caught.value.post, words="").state is State.APPROVED


def test_a_post_that_somebody_reads_is_hidden_all_the_same(office: Office) -> None:
    post = up(office, 1)
    office.desk.claim(post.id, "sam")
    assert sweep(office).hide() == (post.id,)


# --- read again -------------------------------------------------------------------------------


def keep_it(office: Office, post: Post) -> Post:
    sweep(office).hide()
    kept = office.decide(Act.KEEP, office.desk.read(post.id).post, words="")
    office.clock.advance(days=1)
    return kept


def test_a_post_that_was_read_again_and_kept_is_never_hidden_by_reports(office: Office) -> None:
    kept = keep_it(office, up(office, 1))
    office.report(kept, 30)
    for _ in range(3):
        assert sweep(office).hide() == ()
        office.clock.advance(days=1)
    assert office.desk.read(kept.id).post == kept
    assert [card.reports for card in office.desk.reported()] == [30], "the desk still sees them"


def test_a_post_kept_before_it_was_hidden_is_not_hidden_either(office: Office) -> None:
    post = up(office, 1, 1)
    kept = office.decide(Act.KEEP, post, words="")
    office.report(kept, 9)
    assert sweep(office).hide() == ()


def test_posts_that_were_read_again_take_no_room(office: Office) -> None:
    kept = [keep_it(office, up(office, number)) for number in range(3)]
    for post in kept:
        office.report(post, 20)
    fresh = [up(office, number) for number in (10, 11)]
    assert set(sweep(office).hide()) == {post.id for post in fresh}


def test_a_rereading_that_was_undone_is_none(office: Office) -> None:
    post = up(office, 1, 1)
    office.decide(Act.KEEP, post, words="")
    back = office.desk.undo(post.id, "robin")
    assert not back.reread
    office.report(back, 2)
    assert sweep(office).hide() == (post.id,)


def test_what_a_second_reader_approved_was_read_again_as_well(office: Office) -> None:
    post = up(office, 1)
    sweep(office).hide()
    second = office.decide(Act.ASK_SECOND, office.desk.read(post.id).post, "robin", "")
    approved = office.approve(second, "kim")
    office.clock.advance(days=1)
    office.report(approved, 3)
    assert sweep(office).hide() == ()


def test_new_words_can_be_hidden_by_reports_again(office: Office) -> None:
    kept = keep_it(office, up(office, 1))
    office.decide(Act.TAKE_DOWN, kept, "robin")
    appealed = office.by_author(Act.APPEAL, office.desk.read(kept.id).post)
    returned = office.decide(Act.RETURN, appealed, "kim")
    revised = moved(returned, Act.REVISE, TODAY)
    office.stores.holders.rewrite(revised, make_text(title="New words"))
    assert not revised.reread
    approved = office.approve(revised, "kim")
    office.report(approved, 3)
    assert sweep(office).hide() == (kept.id,)


def test_the_same_words_taken_down_and_approved_on_appeal_stay_read_again(office: Office) -> None:
    kept = keep_it(office, up(office, 1))
    office.decide(Act.TAKE_DOWN, kept, "robin")
    appealed = office.by_author(Act.APPEAL, office.desk.read(kept.id).post)
    approved = office.approve(appealed, "kim")
    office.report(approved, 3)
    assert sweep(office).hide() == ()


def test_a_decision_from_before_cannot_be_undone_once_readers_hid_the_post(office: Office) -> None:
    post = office.approve(office.receive(1), "pat")
    office.report(post, 3)
    assert office.desk.read(post.id).undo is not None
    sweep(office).hide()
    assert office.desk.read(post.id).undo is None
    assert state(office, post) is State.HIDDEN


def test_what_readers_hid_is_for_the_desk_to_decide_and_not_to_undo(office: Office) -> None:
    post = up(office, 1)
    sweep(office).hide()
    reading = office.desk.read(post.id)
    assert reading.undo is None
    assert reading.acts == {
        Act.KEEP, Act.ASK_SECOND, Act.RETURN, Act.OFFER, Act.ESCALATE, Act.TAKE_DOWN,
    }  # fmt: skip
