"""Every field a visitor can send: what it takes, what it refuses, and all of it at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.post import Fields, Kind
from forum.sanitize import MOST_CHARACTERS
from forum.submission import (
    LISTS,
    LONGEST_TITLE,
    MOST_ABOUT_ME,
    SHORTEST_BODY,
    SINGLE,
    Refused,
    check,
    digest,
    errors_in,
)
from forum.vocabulary import VOCABULARY
from tests.builders import STORY, make_given, make_keyring

RING = make_keyring(purpose="forms")


def refused(**given: object) -> dict[str, str]:
    """What the form with these fields is refused for."""
    return errors_in(make_given(**given))  # type: ignore[arg-type]


def test_a_form_that_is_right_becomes_a_submission() -> None:
    submission = check(make_given())
    assert submission.kind is Kind.STORY
    assert submission.text.title == "Counting walks"
    assert submission.text.typed == STORY
    assert "<p>" in submission.text.html
    assert submission.marks == ()
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
    assert submission.text.title == ""


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


# --- the title --------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_title_of_two_lines_is_named(end: str) -> None:
    assert "one line" in refused(title=f"One{end}two")["title"]


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_end_that_no_keyboard_types_becomes_a_space_in_a_title(end: str) -> None:
    assert check(make_given(title=f"One{end}two")).text.title == "One two"
    assert check(make_given(title=f"{end}One{end}")).text.title == "One"


@pytest.mark.parametrize("space", ["\n", "\r\n", " ", "\t", "\n\n  "])
def test_space_around_a_title_does_not_count(space: str) -> None:
    assert check(make_given(title=f"{space}Counting{space}")).text.title == "Counting"


@pytest.mark.parametrize("length", [1, LONGEST_TITLE])
def test_a_title_may_be_as_long_as_a_line(length: int) -> None:
    assert check(make_given(title="é" * length)).text.title == "é" * length


def test_a_title_that_is_too_long_says_by_how_much() -> None:
    words = refused(title="é" * (LONGEST_TITLE + 1))["title"]
    assert "121" in words
    assert "120" in words


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\x1b", "\u202e", "\ufeff", "\u200b", "\ud800"])
def test_what_cannot_be_seen_is_taken_out_of_a_title(hidden: str) -> None:
    assert check(make_given(title=f"Count{hidden}ing")).text.title == "Counting"


@pytest.mark.parametrize("mark", ["<b>Bold</b>", "{{ 7*7 }}", "{filename}x", "&amp;", "<3"])
def test_a_title_is_plain_text_to_the_letter(mark: str) -> None:
    assert check(make_given(title=mark)).text.title == mark


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=140))
def test_a_title_is_one_line_that_can_be_stored_or_it_is_named(title: str) -> None:
    given_form = make_given(title=title)
    if "title" in errors_in(given_form):
        return
    kept = check(given_form).text.title
    assert len(kept) <= LONGEST_TITLE
    assert kept == kept.strip()
    assert len(kept.splitlines()) <= 1
    kept.encode("utf-8")


# --- the body ---------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", " ", "\n\r\n\t", "\u2003 "])
def test_an_empty_story_is_named(body: str) -> None:
    assert "Please write your story" in refused(body=body)["body"]


@pytest.mark.parametrize("body", ["x", "x" * (SHORTEST_BODY - 1), "  x\n" + "\n" * 50])
def test_a_story_of_a_few_letters_is_asked_for_more(body: str) -> None:
    assert "a little more" in refused(body=body)["body"]


@pytest.mark.parametrize("body", ["\u200b" * 30, "\0" * 30, "<!-- " + "x" * 40 + " -->"])
def test_a_story_in_which_nothing_can_be_seen_is_asked_for_more_or_shown_as_typed(
    body: str,
) -> None:
    errors = refused(body=body)
    assert errors.keys() == {"body"} or check(make_given(body=body)).text.html


def test_a_story_may_be_as_long_as_the_cap_and_no_longer() -> None:
    longest = "word " * (MOST_CHARACTERS // 5)
    assert refused(body=longest) == {}
    words = refused(body=longest + "x")["body"]
    assert f"{MOST_CHARACTERS:,}" in words
    assert f"{MOST_CHARACTERS + 1:,}" in words


def test_a_megabyte_is_refused_without_being_read_through() -> None:
    assert refused(body="<b>" * 350_000).keys() == {"body"}


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\u202e", "\ud800", "\ufdd0", "\U0010ffff"])
def test_what_the_store_or_a_reader_could_not_bear_leaves_the_text(hidden: str) -> None:
    text = check(make_given(body=f"{STORY}{hidden} and on")).text
    assert hidden not in text.html
    assert text.typed is not None
    text.typed.encode("utf-8")
    assert "\0" not in text.typed


def test_line_ends_of_every_system_are_one() -> None:
    ends = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
    bodies = [STORY.replace("\n", end) for end in ends]
    texts = {check(make_given(body=body)).text for body in bodies}
    assert len(texts) == 1


def test_what_was_taken_out_is_listed_for_the_moderators() -> None:
    text = check(make_given(body=STORY + "<script>alert(1)</script>\u202e")).text
    assert text.removed
    assert "<script" not in text.html


@settings(max_examples=60, deadline=None)
@given(body=st.text(max_size=300))
def test_whatever_is_typed_becomes_a_text_that_can_be_stored_or_is_named(body: str) -> None:
    errors = errors_in(make_given(body=body))
    assert errors.keys() <= {"body"}
    if not errors:
        text = check(make_given(body=body)).text
        f"{text.title}{text.html}{text.typed}".encode()


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
