"""Every field a visitor can send: what it takes, what it refuses, and all of it at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forum import texts
from forum.post import Fields, Kind
from forum.sanitize import MOST_CHARACTERS
from forum.submission import (
    LISTS,
    MOST_ABOUT_ME,
    SINGLE,
    check,
    check_change,
    digest,
    errors_in,
)
from forum.texts import LONGEST_TITLE, SHORTEST_BODY, Refused
from forum.vocabulary import VOCABULARY
from tests.builders import STORY, make_given, make_keyring

RING = make_keyring(purpose="forms")
STORY_KIND = Kind.STORY


def refused(**given: object) -> dict[str, str]:
    """What the form with these fields is refused for."""
    return errors_in(make_given(**given))  # type: ignore[arg-type]


def test_a_form_that_is_right_becomes_a_submission() -> None:
    submission = check(make_given())
    assert submission.kind is Kind.STORY
    assert submission.checked.text.title == "Counting walks"
    assert submission.checked.text.typed == STORY
    assert "<p>" in submission.checked.text.html
    assert submission.checked.marks == ()
    assert submission.fields == Fields(
        topics=("alcohol", "anxiety"),
        stage="first-year",
        arc="up-and-down",
        helped=("nature",),
        about_me=("parent",),
        content_notes=("alcohol",),
    )


OPTIONAL = ["title", "topic", "stage", "arc", "helped", "about_me", "content_note"]
OPTIONAL += ["findable", "receipt", "website", "to", "token", "pow"]


@pytest.mark.parametrize("field", OPTIONAL)
@pytest.mark.parametrize("value", [None, "", [], [""]])
def test_what_an_author_leaves_open_stays_open(field: str, value: object) -> None:
    assert refused(**{field: value}) == {}


def test_kind_body_and_consent_are_all_that_is_needed() -> None:
    submission = check({"kind": ["story"], "body": [STORY], "consent": ["yes"]})
    assert submission.fields == Fields()
    assert submission.checked.text.title == ""


@pytest.mark.parametrize("field", ["kind", "body", "consent"])
@pytest.mark.parametrize("value", [None, "", [], [""], " "])
def test_what_is_needed_and_missing_is_named(field: str, value: object) -> None:
    assert refused(**{field: value}).keys() == {field}


@pytest.mark.parametrize("field", SINGLE)
def test_a_field_that_came_twice_is_named(field: str) -> None:
    right = make_given().get(field, [""])[0]
    assert "more than once" in refused(**{field: [right, right]})[field]


@pytest.mark.parametrize("field", ["topic", "helped", "content_note", "about_me", "stage", "arc"])
@pytest.mark.parametrize(
    "value",
    [
        "no-such-word",
        "Alcohol",
        " alcohol",
        "alcohol ",
        "alcohol\n",
        "alcohol\0",
        "../alcohol",
        "{{ alcohol }}",
        "alcohol,grief",
        "\ud800",
        "a" * 100_000,
    ],
)
def test_a_word_that_is_not_in_the_list_is_named(field: str, value: str) -> None:
    assert refused(**{field: value}) == {field: "Please choose from the list."}


@pytest.mark.parametrize("field", sorted(LISTS))
def test_one_word_out_of_the_list_spoils_its_field_and_no_other(field: str) -> None:
    right = VOCABULARY[LISTS[field]][0].slug
    assert refused(**{field: [right, "no-such-word"]}).keys() == {field}


@pytest.mark.parametrize(("field", "name"), sorted(LISTS.items()))
def test_every_word_of_a_list_can_be_chosen(field: str, name: str) -> None:
    for word in VOCABULARY[name]:
        submission = check(make_given(**{field: [word.slug, word.slug]}))
        assert getattr(submission.fields, name) == (word.slug,)


@pytest.mark.parametrize(("field", "name"), [("stage", "stages"), ("arc", "arcs")])
def test_every_stage_and_arc_can_be_chosen(field: str, name: str) -> None:
    for word in VOCABULARY[name]:
        assert getattr(check(make_given(**{field: word.slug})).fields, field) == word.slug


def test_words_are_kept_once_and_in_order() -> None:
    chosen = ["trauma", "alcohol", "", "trauma", "grief"]
    assert check(make_given(topic=chosen)).fields.topics == ("alcohol", "grief", "trauma")


def test_no_more_can_be_said_about_oneself_than_two_things() -> None:
    words = [word.slug for word in VOCABULARY["about_me"]]
    assert refused(about_me=words[:MOST_ABOUT_ME]) == {}
    assert "at most 2" in refused(about_me=words[: MOST_ABOUT_ME + 1])["about_me"]
    assert refused(about_me=[words[0]] * 5) == {}


@pytest.mark.parametrize("kind", ["reply", "letter", "check-in", "coping", "STORY", "story ", "x"])
def test_only_a_story_can_be_sent_today(kind: str) -> None:
    assert refused(kind=kind).keys() == {"kind"}


@pytest.mark.parametrize(("value", "findable"), [("yes", True), ("no", False), ("", False)])
def test_an_author_chooses_whether_a_story_can_be_found(value: str, findable: bool) -> None:
    assert check(make_given(findable=value)).fields.findable is findable


@pytest.mark.parametrize("value", ["YES", "true", "1", "on", " yes", "yes\0"])
def test_findable_and_consent_are_plain_yes(value: str) -> None:
    assert refused(findable=value).keys() == {"findable"}
    assert refused(consent=value).keys() == {"consent"}


def test_no_is_no_consent() -> None:
    assert refused(consent="no").keys() == {"consent"}


def test_a_story_answers_no_other_post() -> None:
    assert refused(to="abcdefghijklmnop").keys() == {"to"}


@pytest.mark.parametrize("value", ["https://spam.example", " ", ["", "x"]])
def test_what_only_programs_fill_in_is_refused(value: object) -> None:
    assert refused(website=value).keys() == {"website"}


def test_a_field_that_nobody_asked_for_is_dropped() -> None:
    asked = check(make_given())
    names = ("name", "email", "approved_hash", "state", "id", "pen_name", "__proto__", "\ud800")
    assert check({**make_given(), **{name: ["x" * 10_000] for name in names}}) == asked


# --- the words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "One\ntwo"),
        ("title", "é" * (LONGEST_TITLE + 1)),
        ("body", " "),
        ("body", "x" * (SHORTEST_BODY - 1)),
        ("body", "word " * (MOST_CHARACTERS // 5) + "x"),
        ("body", "<b>" * 350_000),
    ],
)
def test_words_that_cannot_be_taken_are_named_by_their_field(field: str, value: str) -> None:
    assert refused(**{field: value}).keys() == {field}


def test_a_forms_words_go_the_way_that_all_words_go() -> None:
    words = {"title": " My sister\u200b Priya ", "body": f"{STORY}\r\n<b>Ring 07911 123456.</b>"}
    submission = check(make_given(**words))
    assert submission.checked.marks == submission.checked.text.highlights == ()
    assert submission.screened().checked == texts.check(**words)
    assert submission.screened().checked.marks
    assert replace(submission.screened(), checked=submission.checked) == submission


# --- a change -----------------------------------------------------------------------------------


def test_a_change_needs_nothing_that_its_author_agreed_to_before() -> None:
    submission = check_change(
        {"title": ["Walks"], "body": [STORY], "stage": ["years-on"]}, STORY_KIND
    )
    assert submission.kind is STORY_KIND
    assert submission.checked.text.typed == STORY
    assert submission.fields == Fields(stage="years-on")


@pytest.mark.parametrize("field", ["kind", "consent", "receipt", "to"])
@pytest.mark.parametrize("value", [["letter"], ["no"], ["a", "b"], []])
def test_what_a_change_cannot_change_is_not_read(field: str, value: list[str]) -> None:
    assert check_change({**make_given(), field: value}, STORY_KIND) == check(make_given())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "One\ntwo"),
        ("title", ["a", "b"]),
        ("body", ""),
        ("topic", "no-such-word"),
        ("stage", "x"),
        ("arc", "x"),
        ("helped", "x"),
        ("about_me", ["parent", "carer", "student"]),
        ("content_note", "x"),
        ("findable", "maybe"),
        ("website", "x"),
        ("token", ["a", "b"]),
    ],
)
def test_a_change_is_refused_for_what_a_first_submission_is(field: str, value: object) -> None:
    form = make_given(**{field: value})  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        check_change(form, STORY_KIND)
    assert caught.value.errors == errors_in(form)
    assert caught.value.errors.keys() == {field}
    assert not caught.value.needs_new_form


# --- all of them at once ----------------------------------------------------------------------


def test_every_error_is_told_at_once() -> None:
    wrong = make_given(
        kind="poem",
        title="x" * 200,
        body="",
        topic="x",
        stage="x",
        arc="x",
        helped="x",
        about_me=["parent", "carer", "student"],
        content_note="x",
        to="abc",
        findable="maybe",
        website="x",
        consent="",
        token=["a", "b"],
        receipt=["a", "b"],
    )
    assert set(errors_in(wrong)) == set(wrong)
    with pytest.raises(Refused) as caught:
        check(wrong)
    assert caught.value.errors == errors_in(wrong)
    assert not caught.value.needs_new_form
    for words in caught.value.errors.values():
        assert words[0].isupper()
        assert words.endswith(".")


def test_errors_that_were_known_before_are_told_with_the_others() -> None:
    known = {"receipt": "We found nothing."}
    assert errors_in(make_given(body=""), known).keys() == {"receipt", "body"}
    with pytest.raises(Refused) as caught:
        check(make_given(), known)
    assert caught.value.errors == known
    assert known == {"receipt": "We found nothing."}, "it is not added to"


def test_an_error_never_repeats_what_was_typed() -> None:
    wrong = make_given(
        kind="canary", stage="canary", topic="canary", to="canary", title="canary\nx"
    )
    with pytest.raises(Refused) as caught:
        check(wrong)
    assert "canary" not in f"{caught.value} {caught.value.errors}"


def test_an_empty_form_is_told_all_that_it_needs() -> None:
    assert errors_in({}).keys() == {"kind", "body", "consent"}


# --- the digest -------------------------------------------------------------------------------


def test_the_digest_does_not_change_with_the_token_or_the_proof_of_work() -> None:
    one = digest(RING, make_given(token="a", pow="b"))
    assert one == digest(RING, make_given(token=["c", "d"], pow=None))
    assert one == digest(RING, dict(reversed(make_given().items())))
    assert len(one) == 32


@pytest.mark.parametrize("field", sorted(set(make_given()) - {"token"}))
def test_the_digest_changes_with_every_other_field(field: str) -> None:
    one = digest(RING, make_given())
    assert digest(RING, make_given(**{field: "changed"})) != one
    assert digest(RING, make_given(**{field: [*make_given()[field], "x"]})) != one


def test_values_that_run_together_are_told_apart() -> None:
    forms = [
        make_given(topic=["a", "b"]),
        make_given(topic=["ab"]),
        make_given(topic=["b", "a"]),
        make_given(topic=['a", "b']),
    ]
    assert len({digest(RING, form) for form in forms}) == len(forms)


def test_nobody_without_the_key_can_make_the_digest() -> None:
    assert digest(RING, make_given()) != digest(make_keyring(purpose="other"), make_given())


def test_a_digest_is_made_of_anything_at_all() -> None:
    assert len(digest(RING, {"body": ["\ud800\0"], "\udfff": []})) == 32
