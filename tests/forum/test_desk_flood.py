"""A flood of one text: found without opening each, declined as one, taken back as one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from forum.deciding import LONGEST_MESSAGE, NoSuchPost, NothingToUndo, Seen, WordsNeeded
from forum.desk import Batch, Desk
from forum.post import Act, Post, State, Text, moved
from forum.retention import UNDO_WITHIN
from forum.rows import Changed, Decided, Message
from forum.settings import ROOT
from forum.wiring import read_examples
from tests.builders import TODAY, SeededBytes, keep, make_post, make_text
from tests.forum.desk_office import Office, open_office
from tests.store.adapters import Stores
from tests.store.dumps import changed, dump

NOT_A_STORY = "This is not a story, so we cannot publish it."
STORIES = [record.body for record in read_examples(ROOT / "content" / "examples")]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def pills(number: int) -> Text:
    """One text of a flood: no two are quite the same."""
    typed = f"Offer {number}: buy cheap pills at my shop today, the best prices in the whole land!"
    return make_text(title=f"Offer {number}", typed=typed)


def receive(office: Office, number: int, text: Text, **given: object) -> Post:
    return keep(office.stores.visitors, make_post(number, **given), text)


def flood(office: Office, count: int = 5) -> list[Post]:
    """So many posts of one flood, and between them honest stories."""
    for number, story in enumerate(STORIES):
        receive(office, 500 + number, make_text(typed=story))
    return [receive(office, number, pills(number)) for number in range(count)]


def seen(posts: list[Post]) -> list[Seen]:
    """As a list of them was shown: none was opened, so no hash was seen."""
    return [Seen(post.id, post.version) for post in posts]


def decline(office: Office, posts: list[Post], who: str = "kim") -> Batch:
    return office.desk.decline_all(seen(posts), who, NOT_A_STORY)


def state(office: Office, post: Post) -> State:
    return office.desk.read(post.id).post.state


def states(office: Office, posts: list[Post]) -> set[State]:
    return {state(office, post) for post in posts}


# --- finding it -------------------------------------------------------------------------------


def test_a_flood_is_found_from_any_one_of_its_posts_and_no_story_with_it(office: Office) -> None:
    posts = flood(office)
    for post in posts:
        others = sorted(one.id for one in posts if one != post)
        assert [found.id for found, _ in office.desk.alike(post.id)] == others


def test_what_is_found_comes_with_its_text(office: Office) -> None:
    posts = flood(office, 2)
    assert list(office.desk.alike(posts[0].id)) == [(posts[1], pills(1))]


def test_a_story_has_no_flood(office: Office) -> None:
    flood(office)
    for number in range(len(STORIES)):
        assert list(office.desk.alike(make_post(500 + number).id)) == []


@pytest.mark.parametrize("other", [state for state in State if state is not State.RECEIVED])
def test_only_what_nobody_has_read_yet_is_part_of_a_flood(office: Office, other: State) -> None:
    read = receive(office, 1, pills(1), state=other)
    unread = receive(office, 2, pills(2))
    assert list(office.desk.alike(unread.id)) == []
    assert [post.id for post, _ in office.desk.alike(read.id)] == [unread.id]


def test_where_there_is_no_post_there_is_no_flood(office: Office) -> None:
    with pytest.raises(NoSuchPost):
        office.desk.alike("nobody")


def test_a_text_of_which_only_the_record_is_kept_has_no_flood(office: Office) -> None:
    old = receive(office, 90, make_text(typed=None), state=State.APPROVED)
    receive(office, 91, make_text(typed=None))
    flood(office)
    assert list(office.desk.alike(old.id)) == []


# --- declining it as one ----------------------------------------------------------------------


def test_a_flood_is_declined_as_one_with_a_word_to_each_author(office: Office) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    assert batch.posts == tuple(moved(post, Act.DECLINE, TODAY) for post in posts)
    assert batch.left == ()
    for post in posts:
        reading = office.desk.read(post.id)
        assert reading.post == moved(post, Act.DECLINE, TODAY)
        assert reading.message == Message(TODAY, NOT_A_STORY)
        assert [(d.act, d.moderator, d.approved_hash) for d in reading.decisions] == [
            (Act.DECLINE, "kim", None)
        ]
    stories = [make_post(500 + number) for number in range(len(STORIES))]
    assert states(office, stories) == {State.RECEIVED}


def test_what_moved_on_is_left_alone_and_named(office: Office) -> None:
    posts = flood(office, 7)
    office.by_author(Act.WITHDRAW, posts[0])
    escalated = office.decide(Act.ESCALATE, posts[1], "sam")
    second = office.decide(Act.ASK_SECOND, posts[2], "sam", "")
    claim = office.desk.claim(posts[3].id, "sam")
    batch = office.desk.decline_all([*seen(posts), Seen("nobody", 1)], "kim", NOT_A_STORY)
    assert batch.left == (*(post.id for post in posts[:4]), "nobody")
    assert [post.id for post in batch.posts] == [post.id for post in posts[4:]]
    assert states(office, posts[4:]) == {State.DECLINED}
    assert state(office, posts[0]) is State.WITHDRAWN
    assert office.desk.read(posts[1].id).post == escalated
    assert office.desk.read(posts[2].id).post == second
    assert (state(office, posts[3]), office.desk.read(posts[3].id).claim) == (
        State.RECEIVED,
        claim,
    )
    assert office.desk.read(posts[3].id).decisions == []


def test_a_post_that_whoever_declines_holds_themselves_is_declined(office: Office) -> None:
    posts = flood(office, 2)
    office.desk.claim(posts[0].id, "kim")
    assert decline(office, posts).left == ()
    assert office.desk.read(posts[0].id).claim is None


@pytest.mark.parametrize("other", [State.APPROVED, State.HIDDEN, State.OFFERED, State.ESCALATED])
def test_nothing_is_declined_that_the_table_does_not_decline(office: Office, other: State) -> None:
    up, unread = receive(office, 1, pills(1), state=other), receive(office, 2, pills(2))
    batch = decline(office, [up, unread])
    assert (batch.left, [post.id for post in batch.posts]) == ((up.id,), [unread.id])
    assert office.desk.read(up.id).post == up


def test_an_appeal_in_a_flood_is_left_to_somebody_else(office: Office) -> None:
    posts = flood(office, 2)
    office.decide(Act.DECLINE, posts[0], "kim")
    appealed = office.by_author(Act.APPEAL, office.desk.read(posts[0].id).post)
    assert decline(office, [appealed, posts[1]]).left == (appealed.id,)
    assert state(office, appealed) is State.APPEALED


@pytest.mark.parametrize("words", ["", "  \n\t", "x" * (LONGEST_MESSAGE + 1)])
def test_without_words_that_can_be_read_nothing_is_declined(
    office: Office, tmp_path: Path, words: str
) -> None:
    posts = flood(office)
    before = dump(tmp_path)
    with pytest.raises(WordsNeeded):
        office.desk.decline_all(seen(posts), "kim", words)
    assert changed(before, dump(tmp_path)) == set()


def test_to_decline_nothing_declines_nothing(office: Office, tmp_path: Path) -> None:
    posts = flood(office, 1)
    office.by_author(Act.WITHDRAW, posts[0])
    before = dump(tmp_path)
    assert decline(office, []).posts == ()
    assert decline(office, posts).left == (posts[0].id,)
    assert changed(before, dump(tmp_path)) == set()


@dataclass(frozen=True)
class LateDesk:
    """A store in which an author takes a post back between the last look and the write."""

    stores: Stores
    late: Post

    def __getattr__(self, name: str) -> object:
        return getattr(self.stores.desk, name)

    def decide(self, *decided: Decided) -> None:
        self.stores.holders.withdraw(moved(self.late, Act.WITHDRAW, TODAY))
        self.stores.desk.decide(*decided)


@pytest.mark.parametrize("late", [0, 2, 4])
def test_a_flood_is_declined_whole_or_not_at_all(office: Office, late: int) -> None:
    posts = flood(office)
    desk = Desk(LateDesk(office.stores, posts[late]), office.clock)  # type: ignore[arg-type]
    with pytest.raises(Changed):
        desk.decline_all(seen(posts), "kim", NOT_A_STORY)
    rest = [post for post in posts if post is not posts[late]]
    for post in rest:
        office.assert_untouched(post)
    again = decline(office, posts)
    assert again.left == (posts[late].id,)
    assert states(office, rest) == {State.DECLINED}


def test_a_post_named_twice_is_declined_once(office: Office) -> None:
    posts = flood(office, 2)
    batch = decline(office, [*posts, posts[0]])
    assert sorted(post.id for post in batch.posts) == sorted(post.id for post in posts)
    assert states(office, posts) == {State.DECLINED}


# --- taking it back as one --------------------------------------------------------------------


def test_within_a_minute_a_flood_is_taken_back_as_one(office: Office) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    office.clock.advance(seconds=UNDO_WITHIN.total_seconds() - 1)
    assert {undo.before for undo in office.desk.batch(batch.id)} == set(posts)
    back = office.desk.undo_all(batch.id, "kim")
    assert {post.id for post in back} == {post.id for post in posts}
    for post in back:
        reading = office.desk.read(post.id)
        assert (reading.post, reading.message, reading.undo) == (post, None, None)
        assert [d.act for d in reading.decisions] == [Act.DECLINE, Act.UNDO]
    assert states(office, posts) == {State.RECEIVED}
    with pytest.raises(NothingToUndo):
        office.desk.undo_all(batch.id, "kim")


def test_what_its_author_took_back_stays_taken_back(office: Office) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    gone = office.by_author(Act.WITHDRAW, batch.posts[1])
    asked = office.by_author(Act.APPEAL, batch.posts[2])
    back = office.desk.undo_all(batch.id, "kim")
    assert {post.id for post in back} == {posts[number].id for number in (0, 3, 4)}
    assert office.desk.read(gone.id).post == gone
    assert office.desk.read(gone.id).text is None
    assert office.desk.read(asked.id).post == asked


def test_a_post_taken_back_alone_stays_as_it_is_when_the_rest_follow(office: Office) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    office.desk.undo(posts[0].id, "kim")
    approved = office.approve(office.desk.read(posts[0].id).post, "sam")
    back = office.desk.undo_all(batch.id, "kim")
    assert {post.id for post in back} == {post.id for post in posts[1:]}
    assert office.desk.read(posts[0].id).post == approved


def test_another_moderator_cannot_take_a_flood_back(office: Office, tmp_path: Path) -> None:
    batch = decline(office, flood(office))
    before = dump(tmp_path)
    with pytest.raises(NothingToUndo):
        office.desk.undo_all(batch.id, "sam")
    assert changed(before, dump(tmp_path)) == set()


def test_after_a_minute_a_flood_stays_declined(office: Office) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    office.clock.advance(seconds=UNDO_WITHIN.total_seconds())
    assert list(office.desk.batch(batch.id)) == []
    with pytest.raises(NothingToUndo):
        office.desk.undo_all(batch.id, "kim")
    assert states(office, posts) == {State.DECLINED}


def test_each_flood_is_its_own(office: Office) -> None:
    posts = flood(office, 6)
    first, second = decline(office, posts[:3]), decline(office, posts[3:])
    assert first.id != second.id
    office.desk.undo_all(first.id, "kim")
    assert states(office, posts[:3]) == {State.RECEIVED}
    assert states(office, posts[3:]) == {State.DECLINED}


@pytest.mark.parametrize("batch", ["", "nothing", "%", "' OR ''='"])
def test_no_flood_is_found_by_another_name(office: Office, batch: str) -> None:
    posts = flood(office)
    decline(office, posts)
    lone = receive(office, 90, pills(90))
    office.decide(Act.DECLINE, lone, "kim")
    assert list(office.desk.batch(batch)) == []
    with pytest.raises(NothingToUndo):
        office.desk.undo_all(batch, "kim")
    assert states(office, [*posts, lone]) == {State.DECLINED}


def test_the_name_of_a_flood_is_made_of_the_randomness_alone(office: Office) -> None:
    desks = [Desk(office.stores.desk, office.clock, SeededBytes(seed)) for seed in (1, 2, 1)]
    one, other, again = (desk.decline_all([], "kim", NOT_A_STORY).id for desk in desks)
    assert one == again != other
    assert len(one) == len(make_post().id)


def test_an_undo_at_the_moment_an_author_takes_a_post_back_changes_nothing_by_halves(
    office: Office,
) -> None:
    posts = flood(office)
    batch = decline(office, posts)
    desk = Desk(LateDesk(office.stores, batch.posts[3]), office.clock)  # type: ignore[arg-type]
    with pytest.raises(NothingToUndo):
        desk.undo_all(batch.id, "kim")
    rest = [post for post in posts if post.id != posts[3].id]
    assert states(office, rest) == {State.DECLINED}
    assert len(office.desk.undo_all(batch.id, "kim")) == len(rest)
    assert state(office, posts[3]) is State.WITHDRAWN
