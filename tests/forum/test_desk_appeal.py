"""An appeal goes to somebody else: whoever decided may not decide again, and there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.approving import Approver
from forum.deciding import MODERATORS_ACTS, SAFETY_ACTS, NeedsAnother, Words
from forum.desk import Desk
from forum.holders import Leave, Stale
from forum.post import Act, NotAllowed, Post, State, allowed, moved
from tests.builders import TODAY, make_given
from tests.forum.desk_office import WORDS, Office, open_office
from tests.forum.visitors_door import open_door

OFFERED = "I stopped counting days and started counting walks. It took a while."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def declined(office: Office, who: str, number: int = 0) -> Post:
    return office.decide(Act.DECLINE, office.receive(number), who)


def taken_down(office: Office, who: str, number: int = 0) -> Post:
    up = office.decide(Act.APPROVE, office.receive(number), "pat")
    return office.decide(Act.TAKE_DOWN, up, who)


def refused_offer(office: Office, who: str, number: int = 0) -> Post:
    post = office.receive(number)
    office.desk.offer(office.seen(post), Approver(who), "Walks", OFFERED, Words(WORDS))
    return office.by_author(Act.REFUSE, office.desk.read(post.id).post)


AGAINST = {"declined": declined, "taken down": taken_down, "offered": refused_offer}


def appealed(office: Office, against: str = "declined", who: str = "kim") -> Post:
    """A post whose author appeals against what `who` decided."""
    return office.by_author(Act.APPEAL, AGAINST[against](office, who))


def acts(post: Post) -> list[Act]:
    return sorted(allowed(post) & MODERATORS_ACTS - {Act.OFFER}, key=lambda act: act.value)


def assert_not_for(office: Office, post: Post, who: str) -> None:
    """Nothing but what keeps people safe is open to this moderator, and nothing is stored."""
    before = office.desk.read(post.id)
    assert before.decided_by == who
    for act in acts(post):
        if act not in SAFETY_ACTS:
            with pytest.raises(NeedsAnother):
                office.decide(act, post, who)
    with pytest.raises(NeedsAnother):
        office.desk.offer(office.seen(post), Approver(who), "Walks", OFFERED, Words(WORDS))
    assert office.desk.read(post.id) == before


@pytest.mark.parametrize("against", AGAINST)
def test_whoever_decided_may_not_decide_the_appeal(office: Office, against: str) -> None:
    post = appealed(office, against)
    assert_not_for(office, post, "kim")
    assert Act.ESCALATE in allowed(post) & SAFETY_ACTS
    escalated = office.decide(Act.ESCALATE, post, "kim")
    assert escalated.state is State.ESCALATED, "what keeps people safe waits for nobody"


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize(
    "act", [Act.APPROVE, Act.DECLINE, Act.RETURN, Act.ASK_SECOND, Act.ESCALATE]
)
def test_anybody_else_may(office: Office, against: str, act: Act) -> None:
    post = appealed(office, against)
    after = office.decide(act, post, "sam")
    assert after.version == post.version + 1
    assert office.desk.read(post.id).post == after


def test_somebody_else_may_offer_changes(office: Office) -> None:
    post = appealed(office)
    after = office.desk.offer(office.seen(post), Approver("sam"), "Walks", OFFERED, Words(WORDS))
    assert after.state is State.OFFERED


def test_before_an_appeal_nobody_is_kept_from_deciding(office: Office) -> None:
    post = office.decide(Act.ASK_SECOND, office.receive(), "kim", "")
    assert office.desk.read(post.id).decided_by == ""
    assert office.decide(Act.DECLINE, post, "kim").state is State.DECLINED
    assert office.desk.read(post.id).decided_by == ""


def test_a_decision_that_was_taken_back_keeps_nobody_from_the_second_reading(
    office: Office,
) -> None:
    declined_by_kim = declined(office, "kim")
    back = office.desk.undo(declined_by_kim.id, "kim")
    second = office.decide(Act.ASK_SECOND, back, "robin", "")
    assert office.desk.read(second.id).decided_by == ""
    assert office.decide(Act.DECLINE, second, "kim").state is State.DECLINED


def test_whoever_approved_what_another_took_down_may_decide_the_appeal(office: Office) -> None:
    post = office.by_author(Act.APPEAL, taken_down(office, "kim"))
    assert office.desk.read(post.id).decided_by == "kim"
    assert office.decide(Act.APPROVE, post, "pat").state is State.APPROVED


def test_the_last_who_decided_counts_and_not_one_before(office: Office) -> None:
    """Declined by kim, put right by its author, declined by sam."""
    post = office.decide(Act.RETURN, office.receive(), "kim")
    post = moved(post, Act.REVISE, TODAY)
    office.stores.holders.rewrite(post, office.desk.read(post.id).text)  # type: ignore[arg-type]
    post = office.by_author(Act.APPEAL, office.decide(Act.DECLINE, post, "sam"))
    assert_not_for(office, post, "sam")
    assert office.decide(Act.APPROVE, post, "kim").state is State.APPROVED


def test_an_appeal_stays_with_somebody_else_when_a_second_reader_is_asked(office: Office) -> None:
    post = office.decide(Act.ASK_SECOND, appealed(office), "sam", "")
    for act in (Act.APPROVE, Act.DECLINE, Act.RETURN):
        with pytest.raises(NeedsAnother):
            office.decide(act, post, "kim")
    assert office.decide(Act.APPROVE, post, "pat").state is State.APPROVED


def test_a_decision_on_the_appeal_that_was_taken_back_changes_nobodys_part(office: Office) -> None:
    """Sam slips and undoes it: sam may decide again, and kim still may not."""
    post = appealed(office)
    office.decide(Act.DECLINE, post, "sam")
    back = office.desk.undo(post.id, "sam")
    assert_not_for(office, back, "kim")
    assert office.decide(Act.APPROVE, back, "sam").state is State.APPROVED


def test_a_decision_that_was_taken_back_is_not_what_is_appealed_against(office: Office) -> None:
    post = office.receive()
    office.decide(Act.DECLINE, post, "kim")
    back = office.desk.undo(post.id, "kim")
    post = office.by_author(Act.APPEAL, office.decide(Act.DECLINE, back, "sam"))
    assert_not_for(office, post, "sam")
    assert office.decide(Act.APPROVE, post, "kim").state is State.APPROVED


def test_a_flood_that_held_an_honest_post_is_appealed_to_somebody_else(office: Office) -> None:
    post = office.receive()
    office.desk.decline_all([office.seen(post)], "kim", WORDS)
    assert_not_for(office, office.by_author(Act.APPEAL, office.desk.read(post.id).post), "kim")


# --- one appeal -------------------------------------------------------------------------------


def test_the_same_words_are_not_appealed_twice(office: Office) -> None:
    post = office.decide(Act.DECLINE, appealed(office), "sam")
    assert post.appealed
    with pytest.raises(NotAllowed):
        moved(post, Act.APPEAL, TODAY)


def test_through_a_receipt_there_is_one_appeal_and_new_words_have_their_own(
    tmp_path: Path,
) -> None:
    door = open_door(tmp_path)
    office = Office(door.stores, door.clock, Desk(door.stores.desk, door.clock))
    sent = door.share()
    leave, post_id = Leave(str(sent.receipt)), sent.post.id
    office.decide(Act.DECLINE, sent.post, "kim")
    post = door.holders.appeal(post_id, leave)
    post = office.decide(Act.DECLINE, post, "sam")
    assert Act.APPEAL not in door.holding(sent).acts
    with pytest.raises(Stale):
        door.holders.appeal(post_id, leave)
    assert office.desk.read(post_id).post == post

    other = door.share(body="Another day, another walk along the river, and it helped me.")
    leave, post_id = Leave(str(other.receipt)), other.post.id
    office.decide(Act.DECLINE, other.post, "kim")
    post = office.decide(Act.RETURN, door.holders.appeal(post_id, leave), "sam")
    given = make_given(body="Another day, another walk. It was a good one for me.")
    revised = door.holders.revise(post_id, door.holding(other).hash or "", given, leave)
    office.decide(Act.DECLINE, revised, "kim")
    assert door.holders.appeal(post_id, leave).state is State.APPEALED
