"""Whatever was decided, taking it back leaves every row as it was before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forum.approving import Approver
from forum.deciding import NothingToUndo, Words
from forum.post import Act, Post, State
from forum.rows import Claim
from tests.builders import make_edition_row, make_fields, make_message
from tests.forum.desk_office import Office, open_office
from tests.store.dumps import dump

MAIL = "It helped to talk. You can write to me@example.org whenever the nights are long."
NAME = "My sister Priya Sharma drove me home that night, and I slept for the first time in weeks."
DOSE = "I took 40 mg of oxycodone every day for a year. I do not any more, and I sleep again."
DANGER = "I am going to kill myself tonight. I wanted somebody to know that the walks helped."
KEPT = ("posts", "texts", "originals", "messages", "offers", "reports", "facets", "standing")
"""Tables that an undo puts back to the letter, but for the post's version."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = open_office(tmp_path)
    office.enrol("robin", "sam", "kim", "lee")
    return office


def rows(office: Office) -> dict[str, list[Any]]:
    """Every row that an undo must put back."""
    version = 3
    found = dump(office.folder)
    posts = [(*row[:version], *row[version + 1 :]) for row in found["posts"]]
    standing = [row for row in found["standing"] if row[-1]]
    return {**{name: found[name] for name in KEPT}, "posts": posts, "standing": standing}


def offer(office: Office, post: Post) -> Post:
    return office.desk.offer(
        office.seen(post), Approver("robin"), "Walks", "I was unwell. I walk now.", Words("So?")
    )


def decide(act: Act) -> Callable[[Office, Post], Post]:
    return lambda office, post: office.decide(act, post)


WAYS: dict[str, tuple[str, Callable[[Office, Post], Post], State]] = {
    "approve": (MAIL, lambda at, post: at.review(post), State.APPROVED),
    "approve with words taken out": (MAIL, lambda at, post: at.review(post, ""), State.APPROVED),
    "approve with other fields": (
        MAIL, lambda at, post: at.review(post, fields=make_fields(topics=("grief",))),
        State.APPROVED,
    ),
    "approve with words and fields": (
        MAIL, lambda at, post: at.review(post, "us", fields=make_fields(topics=("grief",))),
        State.APPROVED,
    ),
    "first of two": (DANGER, lambda at, post: at.review(post), State.SECOND),
    "a learner's": (MAIL, lambda at, post: at.review(post, learning=True), State.SECOND),
    "names taken out": (NAME, lambda at, post: at.review(post, "my sister"), State.SECOND),
    "offer of other words": (DOSE, lambda at, post: at.review(post, "I was ill"), State.OFFERED),
    "offer of a whole text": (DOSE, offer, State.OFFERED),
    "ask for another": (MAIL, decide(Act.ASK_SECOND), State.SECOND),
    "return": (MAIL, decide(Act.RETURN), State.RETURNED),
    "decline": (MAIL, decide(Act.DECLINE), State.DECLINED),
    "escalate": (MAIL, decide(Act.ESCALATE), State.ESCALATED),
}  # fmt: skip
"""From just received: the text, what is done, and what that comes to."""

AGAIN: dict[str, tuple[Callable[[Office, Post], Post], State]] = {
    "keep": (lambda at, post: at.review(post), State.APPROVED),
    "keep with words taken out": (lambda at, post: at.review(post, "us"), State.APPROVED),
    "keep with other fields": (
        lambda at, post: at.review(post, fields=make_fields(stage="")), State.APPROVED
    ),
    "ask for another": (decide(Act.ASK_SECOND), State.SECOND),
    "take down": (decide(Act.TAKE_DOWN), State.TAKEN_DOWN),
}  # fmt: skip
"""From the site: what is done, and what that comes to."""


@pytest.mark.parametrize("way", WAYS)
def test_what_was_decided_on_a_new_post_can_be_taken_back_whole(office: Office, way: str) -> None:
    body, doing, state = WAYS[way]
    post = office.submit(body)
    before = rows(office)
    after = doing(office, post)
    assert after.state is state
    assert rows(office) != before
    back = office.desk.undo(post.id, "robin")
    assert back.version == after.version + 1
    assert rows(office) == before
    assert [d.act for d in office.desk.read(post.id).decisions][1:] == [Act.UNDO]


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("way", AGAIN)
def test_what_was_decided_on_a_post_that_is_up_can_be_taken_back_whole(
    office: Office, way: str, hidden: bool
) -> None:
    doing, state = AGAIN[way]
    post = office.review(office.submit(MAIL), who="kim", words="It is up.")
    office.stores.press.record([make_edition_row(hash=post.approved_hash)], [])
    office.report(post, 2)
    post = office.hide(post) if hidden else post
    before = rows(office)
    assert doing(office, post).state is state
    office.desk.undo(post.id, "robin")
    assert rows(office) == before
    assert set(office.stores.press.up()) == {post.id}, "its place is kept"


@pytest.mark.parametrize("way", WAYS)
def test_what_its_author_took_back_meanwhile_does_not_come_back(office: Office, way: str) -> None:
    body, doing, _ = WAYS[way]
    gone = office.by_author(Act.WITHDRAW, doing(office, office.submit(body)))
    before = rows(office)
    with pytest.raises(NothingToUndo):
        office.desk.undo(gone.id, "robin")
    assert rows(office) == before
    assert (before["texts"], before["originals"], before["messages"]) == ([], [], [])
    assert dump(office.folder)["undos"] == []


# --- the author's own words -------------------------------------------------------------------


def test_the_authors_own_words_are_kept_beside_the_edit_that_was_not_taken_back(
    office: Office,
) -> None:
    """Two edits, one after the other: the second is undone, the first stands."""
    post = office.submit(f"{NAME} {MAIL}")
    own = office.desk.read(post.id).text
    first = office.review(post, "my sister")
    shown = office.desk.read(post.id).text
    office.review(first, "us", who="sam")
    office.desk.undo(post.id, "sam")
    reading = office.desk.read(post.id)
    assert (reading.text, reading.original) == (shown, own)
    assert reading.post.editors == ("robin",)


def test_an_edit_taken_back_leaves_no_copy_where_only_fields_were_changed_before(
    office: Office,
) -> None:
    post = office.submit(MAIL)
    filed = office.review(post, fields=make_fields(topics=("grief",)), learning=True)
    assert filed.editors == ()
    before = rows(office)
    office.review(filed, "us", who="sam")
    office.desk.undo(post.id, "sam")
    assert office.desk.read(post.id).original is None, "every word is the author's again"
    assert rows(office) == before


def test_the_message_that_an_edit_replaced_comes_back_with_the_words(office: Office) -> None:
    post = office.review(office.submit(f"{NAME} {MAIL}"), "my sister", words="One more reads it.")
    office.review(post, "us", who="sam", words="It is up.")
    office.desk.undo(post.id, "sam")
    assert office.desk.read(post.id).message == make_message(words="One more reads it.")


def test_anothers_claim_and_a_decision_since_stand(office: Office) -> None:
    post = office.review(office.submit(NAME), "my sister")
    assert isinstance(office.desk.claim(post.id, "sam"), Claim)
    office.review(post, who="sam")
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")
    assert office.desk.read(post.id).post.state is State.APPROVED


# --- what its author refuses ------------------------------------------------------------------


def test_whoever_took_names_out_stays_an_editor_though_the_author_refused_more(
    office: Office,
) -> None:
    """The words that were put in place are no less theirs for an offer that came to nothing."""
    edited = office.review(office.submit(NAME), "my sister")
    offered = office.desk.offer(
        office.seen(edited), Approver("sam"), "Walks", "I slept again at last. Good."
    )
    appealed = office.by_author(Act.APPEAL, office.by_author(Act.REFUSE, offered))
    text = office.desk.read(appealed.id).text
    assert text is not None
    assert "my sister" in text.html
    assert "robin" in appealed.editors
