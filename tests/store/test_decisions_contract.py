"""What every adapter promises of decisions made as one, and of changes that are offered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from forum.post import Act, Highlight, Post, State, moved
from forum.rows import Changed, Decided, Undo
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_claim,
    make_decided,
    make_decision,
    make_edition_row,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_text,
    make_undo,
    make_undone,
    tell,
)
from tests.store.adapters import Stores


def receive(stores: Stores, *numbers: int) -> list[Post]:
    return [keep(stores.visitors, make_post(number)) for number in numbers]


def declined(post: Post, batch: str = "") -> Decided:
    """The post declined, with everything that a decision can carry."""
    undo = make_undo(post, batch=batch)
    return make_decided(post, Act.DECLINE, message=make_message(), undo=undo)


# --- decisions made as one --------------------------------------------------------------------


def test_decisions_made_as_one_are_stored_with_all_that_belongs_to_each(stores: Stores) -> None:
    posts = receive(stores, 1, 2, 3)
    made = [declined(post, "flood") for post in posts]
    stores.desk.decide(*made)
    for one in made:
        assert stores.desk.post(one.post.id) == one.post
        assert list(stores.desk.decisions(one.post.id)) == [one.decision]
        assert stores.desk.message(one.post.id) == one.message
        assert stores.desk.undo(one.post.id) == one.undo


@pytest.mark.parametrize("late", [0, 1, 2])
def test_of_decisions_made_as_one_all_are_stored_or_none(stores: Stores, late: int) -> None:
    posts = receive(stores, 1, 2, 3)
    stores.press.record([make_edition_row(1)], [])
    report = tell(stores.reports, make_report(post_id=make_id(1)))
    claim = stores.desk.claim(make_claim(1), NOON)
    made = [declined(post, "flood") for post in posts]
    made[late] = replace(made[late], post=replace(made[late].post, version=7))
    with pytest.raises(Changed):
        stores.desk.decide(*made)
    for post in posts:
        assert stores.desk.post(post.id) == post
        assert list(stores.desk.decisions(post.id)) == []
        assert stores.desk.message(post.id) is None
    assert list(stores.desk.undos("flood")) == []
    assert stores.desk.holder(make_id(1), NOON) == claim
    assert list(stores.desk.reports(make_id(1))) == [report]
    assert stores.press.rung() == 0


def test_to_decide_nothing_changes_nothing(stores: Stores) -> None:
    receive(stores, 1)
    stores.desk.decide()
    assert stores.desk.post(make_id(1)) == make_post(1)
    assert stores.press.rung() == 0


def test_of_two_floods_declined_at_once_that_share_a_post_one_is(stores: Stores) -> None:
    posts = receive(stores, *range(6))
    views = (stores.desk, stores.again().desk)

    def decline(number: int) -> bool:
        made = [declined(post, f"b{number}") for post in posts[number % 3 :]]
        try:
            views[number % 2].decide(*made)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        heard = list(threads.map(decline, range(6)))
    assert sum(heard) == 1
    batch = f"b{heard.index(True)}"
    by_batch = {undo.before.id for undo in stores.desk.undos(batch)}
    assert by_batch == {p.id for p in posts if len(stores.desk.decisions(p.id)) == 1}


def test_what_was_decided_as_one_is_found_by_its_batch_in_the_order_of_ids(stores: Stores) -> None:
    posts = receive(stores, *range(9))
    stores.desk.decide(*(declined(post, "flood") for post in posts[:5]))
    stores.desk.decide(*(declined(post, "other") for post in posts[5:8]))
    stores.desk.decide(declined(posts[8]))
    found: list[Undo] = list(stores.desk.undos("flood"))
    assert found == sorted((make_undo(p, batch="flood") for p in posts[:5]), key=before_id)
    assert {undo.before for undo in stores.desk.undos("other")} == set(posts[5:8])
    assert list(stores.desk.undos("flo")) == []
    assert stores.desk.undo(posts[8].id) == make_undo(posts[8])


def before_id(undo: Undo) -> str:
    return undo.before.id


def test_what_is_taken_back_or_decided_anew_leaves_its_batch(stores: Stores) -> None:
    posts = receive(stores, 1, 2, 3, 4)
    made = [declined(post, "flood") for post in posts]
    stores.desk.decide(*made)
    stores.holders.withdraw(moved(made[0].post, Act.WITHDRAW, TODAY))
    stores.holders.move(moved(made[1].post, Act.APPEAL, TODAY))
    stores.desk.decide(make_undone(make_undo(posts[2], batch="flood")))
    assert [undo.before for undo in stores.desk.undos("flood")] == [posts[3]]


def test_a_flood_taken_back_as_one_is_back_whole_or_not_at_all(stores: Stores) -> None:
    posts = receive(stores, 1, 2, 3)
    made = [declined(post, "flood") for post in posts]
    stores.desk.decide(*made)
    undone = [make_undone(undo) for undo in stores.desk.undos("flood")]
    stores.holders.withdraw(moved(made[1].post, Act.WITHDRAW, TODAY))
    with pytest.raises(Changed):
        stores.desk.decide(*undone)
    assert stores.desk.post(make_id(1)) == made[0].post
    assert stores.desk.post(make_id(3)) == made[2].post
    stores.desk.decide(*(one for one in undone if one.post.id != make_id(2)))
    for post in (posts[0], posts[2]):
        assert stores.desk.post(post.id) == replace(post, version=3)
        assert stores.desk.message(post.id) is None
    assert list(stores.desk.undos("flood")) == []


@pytest.mark.parametrize("reread", [True, False])
@pytest.mark.parametrize("appealed", [True, False])
def test_an_undo_knows_whether_the_words_were_read_again_and_appealed(
    stores: Stores, reread: bool, appealed: bool
) -> None:
    given = {"reread": reread, "appealed": appealed, "approved_hash": "a" * 64}
    post = keep(stores.visitors, make_post(state=State.HIDDEN, **given))
    assert stores.desk.post(post.id) == post
    kept = decide(stores.desk, post, Act.KEEP, undo=make_undo(post))
    assert stores.desk.post(post.id) == kept
    assert kept.reread
    undo = stores.desk.undo(post.id)
    assert undo == make_undo(post)
    assert undo.before.reread is reread
    stores.desk.decide(make_undone(undo))
    assert stores.desk.post(post.id) == replace(post, version=kept.version + 1)


# --- changes that are offered -----------------------------------------------------------------


def test_an_offer_comes_back_to_the_letter(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    given = {
        "removed": ("img", "a"),
        "highlights": (Highlight("PII-1", 2, 9),),
        "title": "Zoë’s 🌱",
    }
    offer = make_offer(post, **given)
    decide(stores.desk, post, Act.OFFER, offer=offer)
    assert stores.desk.offer(post.id) == offer
    assert stores.holders.offer(post.id) == offer
    assert stores.again().holders.offer(post.id) == offer
    assert stores.desk.text(post.id) == make_text(), "the author's own words stand as they were"
    assert stores.desk.offer(make_id(9)) is None


def test_an_offer_that_comes_too_late_is_not_stored(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    decided = make_decided(post, Act.OFFER, offer=make_offer(post))
    with pytest.raises(Changed):
        stores.desk.decide(replace(decided, post=replace(decided.post, version=5)))
    assert stores.desk.offer(post.id) is None


def test_an_undo_ends_the_offer(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    other = keep(stores.visitors, make_post(1))
    decide(stores.desk, post, Act.OFFER, offer=make_offer(post), undo=make_undo(post))
    decide(stores.desk, other, Act.OFFER, offer=make_offer(other))
    stores.desk.decide(make_undone(make_undo(post)))
    assert stores.desk.offer(post.id) is None
    assert stores.desk.offer(other.id) == make_offer(other)


def test_a_later_decision_ends_the_offer_or_puts_its_own_in_place(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    after = decide(stores.desk, post, Act.OFFER, offer=make_offer(post))
    newer = make_offer(post, title="Newer")
    again = Decided(replace(after, version=3), make_decision(act=Act.OFFER), offer=newer)
    stores.desk.decide(again)
    assert stores.desk.offer(post.id) == newer
    stores.desk.decide(Decided(replace(after, version=4), make_decision(act=Act.ESCALATE)))
    assert stores.desk.offer(post.id) is None


def test_an_offer_goes_with_its_post(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    decide(stores.desk, post, Act.OFFER, offer=make_offer(post))
    stores.retention.erase_posts(State.OFFERED, TODAY)
    assert stores.desk.offer(post.id) == make_offer(post)
    stores.retention.erase_posts(State.OFFERED, days(1))
    assert stores.desk.offer(post.id) is None


# --- every unread post ------------------------------------------------------------------------


def test_every_unread_post_comes_with_its_text_by_id_and_no_other_post(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    for number in range(50, 58):
        keep(stores.visitors, make_post(number), make_text(title=f"Story {number}"))
    received = list(State).index(State.RECEIVED)
    unread = list(stores.desk.unread())
    assert [post.id for post, _ in unread] == sorted(make_id(n) for n in (received, *range(50, 58)))
    assert {post.state for post, _ in unread} == {State.RECEIVED}
    titles = {post.id: text.title for post, text in unread}
    assert all(titles[make_id(n)] == f"Story {n}" for n in range(50, 58))


def test_with_nothing_unread_there_is_nothing_to_compare(stores: Stores) -> None:
    assert list(stores.desk.unread()) == []


# --- the bell ---------------------------------------------------------------------------------


def test_a_flood_declined_that_nobody_saw_does_not_ring(stores: Stores) -> None:
    stores.desk.decide(*(declined(post) for post in receive(stores, 1, 2)))
    assert stores.press.rung() == 0


def test_what_is_kept_on_the_site_does_not_ring(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED, approved_hash="a" * 64))
    stores.press.record([make_edition_row()], [])
    decide(stores.desk, post, Act.KEEP)
    assert stores.press.rung() == 0
    assert stores.desk.is_up(post.id)


@pytest.mark.parametrize("state", [State.APPROVED, State.HIDDEN])
def test_an_undo_gives_back_the_place_that_the_press_has_cleared(
    stores: Stores, state: State
) -> None:
    """A hidden post gets its place alone; what is approved goes up again in it."""
    post = keep(stores.visitors, make_post(state=state, approved_hash="a" * 64))
    row = make_edition_row(hash="f" * 64 if state is State.APPROVED else "")
    stores.press.record([row], [])
    decide(stores.desk, post, Act.TAKE_DOWN, undo=make_undo(post))
    stores.press.record([], [post.id])
    rung = stores.press.rung()
    stores.desk.decide(make_undone(make_undo(post)))
    assert dict(stores.press.up()) == {post.id: replace(row, hash="")}
    assert not stores.desk.is_up(post.id)
    if state is State.APPROVED:
        assert stores.press.rung() == rung + 1


def test_an_undo_of_what_left_the_page_standing_leaves_it_standing(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED, approved_hash="a" * 64))
    stores.press.record([make_edition_row()], [])
    decide(stores.desk, post, Act.KEEP, undo=make_undo(post))
    stores.desk.decide(make_undone(make_undo(post)))
    assert stores.desk.is_up(post.id), "readers see it all the while"
    assert dict(stores.press.up()) == {post.id: make_edition_row()}


def test_the_moderators_own_claim_ends_with_each_decision_and_no_other(stores: Stores) -> None:
    one, two = receive(stores, 1, 2)
    stores.desk.claim(make_claim(1), NOON)
    sams = stores.desk.claim(make_claim(2, moderator="sam"), NOON)
    stores.desk.decide(declined(one), declined(two))
    assert stores.desk.holder(one.id, NOON) is None
    assert stores.desk.holder(two.id, NOON) == sams


def test_a_batch_ends_when_its_undos_run_out(stores: Stores) -> None:
    posts = receive(stores, 1, 2)
    stores.desk.decide(*(declined(post, "flood") for post in posts))
    until = make_undo(posts[0]).until
    stores.retention.erase_passing(until - timedelta(seconds=1))
    assert len(stores.desk.undos("flood")) == 2
    stores.retention.erase_passing(until)
    assert list(stores.desk.undos("flood")) == []
