"""A review comes to an approval, to a second reading or to an offer, and what it says is so."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from forum.approving import Approver
from forum.post import Act, Fields, NotAllowed, Post, State, Text, fingerprint, moved, record_of
from forum.review import Choice, Choices, Undecided, all_kept, stretches
from forum.route import Route
from forum.rows import Verdict
from forum.settling import AS_IT_IS, Review, Settled, Unchanged, offered, settled
from forum.texts import Refused, check
from tests.builders import TODAY, make_fields, make_post

MAIL = "It helped to talk. You can write to me@example.org whenever the nights are long."
NAME = "My sister Priya Sharma drove me home that night, and I slept for the first time in weeks."
DOSE = "I took 40 mg of oxycodone every day for a year. I do not any more, and I sleep again."
DANGER = "I am going to kill myself tonight. I wanted somebody to know that the walks helped."
PLAIN = "I stopped counting days and started counting walks.\n\nIt took a while, and it helped."


@dataclass(frozen=True)
class Case:
    """A post with its text, as it comes in."""

    post: Post
    text: Text

    def settled(self, choices: Choices | None = None, who: str = "sam", **given: object) -> Settled:
        by = Approver(who, learning=bool(given.pop("learning", False)))
        return settled(self.post, self.text, Review(choices or {}, **given), by, 3, TODAY)  # type: ignore[arg-type]

    def replaced(self, *words: str) -> Choices:
        """These words in place of the first stretches; all others are kept."""
        choices = dict(all_kept(self.text))
        return choices | {n: Choice(Verdict.REPLACE, word) for n, word in enumerate(words)}


def case(body: str = PLAIN, title: str = "Walks", **given: object) -> Case:
    """What came in with this text, checked and screened as everybody's."""
    checked = check(title, body)
    screened = {"marks": checked.marks, "route": checked.route, "language": checked.language}
    return Case(make_post(**screened | given), checked.text)


def hash_of(made: Settled) -> str:
    return fingerprint(record_of(made.post, made.text))


# --- what it comes to -------------------------------------------------------------------------


def test_unmarked_words_left_as_they_are_are_approved() -> None:
    came = case()
    made = settled(came.post, came.text, AS_IT_IS, Approver("sam"), 1, TODAY)
    assert (made.act, made.text, made.offer) == (Act.APPROVE, came.text, None)
    assert made.post == replace(moved(came.post, Act.APPROVE, TODAY), approved_hash=hash_of(made))
    assert not made.changed
    assert not made.edited


def test_marked_words_must_be_decided_on_and_may_then_be_kept() -> None:
    came = case(f"{MAIL} {DOSE}")
    with pytest.raises(Undecided):
        came.settled()
    made = came.settled(all_kept(came.text))
    assert (made.act, made.text) == (Act.APPROVE, came.text)
    assert {verdict for _, verdict in made.verdicts} == {Verdict.KEEP}


def test_contact_details_taken_out_are_approved_as_changed_and_told() -> None:
    came = case(MAIL)
    made = came.settled(came.replaced("us"))
    assert (made.act, made.edited, made.offer) == (Act.APPROVE, True, None)
    assert made.text.typed == MAIL.replace("me@example.org", "us")
    assert "me@example.org" not in made.text.html
    assert made.post.approved_hash == hash_of(made)
    assert made.post.editors == ("sam",)
    assert made.was == came.text


def test_names_taken_out_wait_for_somebody_else() -> None:
    came = case(NAME)
    made = came.settled(came.replaced(""))
    assert (made.act, made.edited) == (Act.ASK_SECOND, True)
    assert "Priya" not in made.text.html
    second = moved(came.post, Act.ASK_SECOND, TODAY)
    assert made.post == replace(second, editors=("sam",), marks=made.post.marks)
    assert (made.post.approved_hash, made.post.first_reader) == (None, "")


@pytest.mark.parametrize("body", [DOSE, DANGER, f"{DOSE} {MAIL}"])
def test_other_words_changed_are_for_the_author_to_agree_to(body: str) -> None:
    came = case(body)
    made = came.settled(came.replaced(*["I was very unwell"] * len(stretches(came.text))))
    assert (made.act, made.edited, made.post.state) == (Act.OFFER, False, State.OFFERED)
    assert made.offer is not None
    assert made.offer.text == made.text
    assert made.offer.hash == fingerprint(record_of(made.post, made.offer.text))
    assert (made.post.editors, made.post.approved_hash) == (("sam",), None)


def test_the_first_of_two_binds_the_second_to_the_same_bytes() -> None:
    came = case(DANGER)
    first = came.settled(all_kept(came.text))
    assert (first.act, first.post.state) == (Act.ASK_SECOND, State.SECOND)
    assert (first.post.first_reader, first.post.approved_hash) == ("sam", hash_of(first))
    last = replace(came, post=first.post).settled(all_kept(came.text), "kim")
    assert (last.act, last.post.state) == (Act.APPROVE, State.APPROVED)
    assert (last.post.first_reader, last.post.approved_hash) == ("", hash_of(last))


def test_whoever_files_it_otherwise_is_no_editor_and_approves_what_is_filed() -> None:
    came, fields = case(), make_fields(content_notes=("alcohol",), help=("crisis",))
    made = came.settled(fields=fields)
    assert (made.act, made.post.fields, made.post.editors) == (Act.APPROVE, fields, ())
    assert (made.edited, made.post.approved_hash) == (False, hash_of(made))
    grave = case(DANGER)
    made = grave.settled(all_kept(grave.text), fields=fields)
    assert (made.act, made.post.fields, made.post.editors) == (Act.ASK_SECOND, fields, ())
    assert (made.post.first_reader, made.post.approved_hash) == ("sam", hash_of(made))


def test_the_same_fields_in_another_order_and_the_same_words_are_no_edit() -> None:
    came = case(MAIL, fields=make_fields(topics=("alcohol", "grief")))
    fields = make_fields(topics=("grief", "alcohol"))
    made = came.settled(came.replaced("me@example.org"), fields=fields)
    assert (made.act, made.post.editors, made.changed) == (Act.APPROVE, (), False)


def test_a_reported_post_is_kept_with_what_identified_somebody_taken_out() -> None:
    came = case(MAIL)
    up = replace(came.post, state=State.APPROVED, approved_hash="a" * 64)
    for state in (State.APPROVED, State.HIDDEN):
        made = replace(came, post=replace(up, state=state)).settled(came.replaced("us"))
        assert (made.act, made.post.state) == (Act.KEEP, State.APPROVED)
        assert made.post.approved_hash == hash_of(made)


def test_words_that_are_up_are_not_changed_beyond_what_identifies_somebody() -> None:
    came = case(DOSE)
    up = replace(came.post, state=State.APPROVED, approved_hash="a" * 64)
    with pytest.raises(NotAllowed):
        replace(came, post=up).settled(came.replaced("I was unwell", "I was unwell"))


# --- danger and marks stay --------------------------------------------------------------------


def test_what_sounded_like_danger_stays_grave_whatever_words_are_left() -> None:
    came = case(DANGER)
    made = came.settled(came.replaced("I had a very hard night"))
    assert made.post.route is Route.HOLD2
    assert set(came.post.marks) <= set(made.post.marks)
    assert check("Walks", made.text.typed or "").route is Route.NOTE


def test_words_put_in_that_sound_like_danger_are_read_by_two() -> None:
    came = case(MAIL)
    assert came.post.route is Route.REDACT
    made = came.settled(came.replaced("somebody. I am going to kill myself tonight"))
    assert made.post.route is Route.HOLD2
    assert (made.act, made.post.state) == (Act.OFFER, State.OFFERED), "and its author is asked"
    assert moved(made.post, Act.AGREE, TODAY).state is State.SECOND


def test_whoever_writes_more_than_a_few_words_in_asks_the_author() -> None:
    came = case(MAIL)
    made = came.settled(came.replaced("somebody who was kind to me at a time when few people were"))
    assert made.act is Act.OFFER


def test_the_same_words_put_in_again_change_nothing() -> None:
    came = case(MAIL)
    made = came.settled(came.replaced("me@example.org"))
    assert (made.act, made.changed) == (Act.APPROVE, False)


@pytest.mark.parametrize("words", ["07700 900123", "Priya Sharma in Dundee"])
def test_words_put_in_that_are_marked_anew_are_not_approved_undecided(words: str) -> None:
    came = case(MAIL)
    made = came.settled(came.replaced(words))
    assert any(stretch.needs_decision for stretch in stretches(made.text))
    assert made.act is Act.ASK_SECOND, "whoever reads next decides on them"


def test_a_suggestion_that_sounds_like_danger_is_read_by_two_once_it_is_agreed_to() -> None:
    came = case()
    made = offered(came.post, came.text, "Walks", DANGER, Approver("sam"), TODAY)
    assert made.post.route is Route.HOLD2
    assert moved(made.post, Act.AGREE, TODAY).state is State.SECOND
    with pytest.raises(NotAllowed):
        moved(made.post, Act.ACCEPT, TODAY)


def test_the_authors_own_words_are_no_suggestion() -> None:
    came = case()
    with pytest.raises(Unchanged):
        offered(came.post, came.text, "Walks", PLAIN, Approver("sam"), TODAY)


# --- what cannot be taken ---------------------------------------------------------------------


def test_too_little_left_is_refused_like_any_text() -> None:
    came = case("Write to me@example.org", "Walks")
    with pytest.raises(Refused) as caught:
        came.settled(came.replaced(""))
    assert set(caught.value.errors) == {"body"}


def test_a_title_is_changed_like_the_text() -> None:
    came = case(title="Write to me@example.org")
    made = came.settled(came.replaced("us"))
    assert (made.text.title, made.text.html) == ("Write to us", came.text.html)
    assert made.act is Act.APPROVE


def test_tags_put_in_are_cleaned_as_everybodys() -> None:
    came = case(MAIL)
    made = came.settled(came.replaced("<b>us</b><script>alert(1)</script> <em>here</em>"))
    assert "<script" not in made.text.html
    assert "<em>here</em>" in made.text.html


@pytest.mark.parametrize("fields", [Fields(), make_fields(topics=())])
def test_fields_can_be_emptied(fields: Fields) -> None:
    assert case().settled(fields=fields).post.fields == fields


# --- learners ---------------------------------------------------------------------------------


def test_a_learners_approval_waits_for_somebody_else() -> None:
    came = case()
    made = came.settled(who="newt", learning=True)
    assert (made.act, made.post.first_reader) == (Act.ASK_SECOND, "newt")
    assert replace(came, post=made.post).settled(who="sam").act is Act.APPROVE


def test_a_learners_suggestion_is_read_by_somebody_else_once_it_is_agreed_to() -> None:
    came = case(DOSE)
    made = came.settled(came.replaced("I was unwell"), who="newt", learning=True)
    assert made.act is Act.OFFER
    assert moved(made.post, Act.AGREE, TODAY).state is State.SECOND
