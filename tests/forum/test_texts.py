"""What may be written: one way for every text, and marks that only say where to look."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.post import NOT_SCREENED, SECOND_OPINION, Text
from forum.sanitize import MOST_CHARACTERS
from forum.texts import (
    LONGEST_TITLE,
    SHORTEST_BODY,
    Checked,
    Refused,
    check,
    plain_text,
    read,
    screened,
)
from tests.builders import STORY, make_text

TELLING = "My sister Priya drove me to Dundee. I want to die tonight."


def refused(title: str = "Counting walks", body: str = STORY) -> dict[str, str]:
    """What the text is refused for, field by field."""
    errors: dict[str, str] = {}
    read(title, body, errors)
    if errors:
        with pytest.raises(Refused) as caught:
            check(title, body)
        assert caught.value.errors == errors
        assert not caught.value.needs_new_form
    return errors


def text(title: str = "Counting walks", body: str = STORY) -> Text:
    return check(title, body).text


# --- the title --------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_title_of_two_lines_is_named(end: str) -> None:
    assert "one line" in refused(title=f"One{end}two")["title"]


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_end_that_no_keyboard_types_becomes_a_space_in_a_title(end: str) -> None:
    assert text(title=f"One{end}two").title == "One two"
    assert text(title=f"{end}One{end}").title == "One"


@pytest.mark.parametrize("space", ["\n", "\r\n", " ", "\t", "\n\n  "])
def test_space_around_a_title_does_not_count(space: str) -> None:
    assert text(title=f"{space}Counting{space}").title == "Counting"


@pytest.mark.parametrize("length", [1, LONGEST_TITLE])
def test_a_title_may_be_as_long_as_a_line(length: int) -> None:
    assert text(title="é" * length).title == "é" * length


def test_a_title_that_is_too_long_says_by_how_much() -> None:
    words = refused(title="é" * (LONGEST_TITLE + 1))["title"]
    assert "121" in words
    assert "120" in words


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\x1b", "\u202e", "\ufeff", "\u200b", "\ud800"])
def test_what_cannot_be_seen_is_taken_out_of_a_title(hidden: str) -> None:
    assert text(title=f"Count{hidden}ing").title == "Counting"


@pytest.mark.parametrize("mark", ["<b>Bold</b>", "{{ 7*7 }}", "{filename}x", "&amp;", "<3"])
def test_a_title_is_plain_text_to_the_letter(mark: str) -> None:
    assert text(title=mark).title == mark


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=140))
def test_a_title_is_one_line_that_can_be_stored_or_it_is_named(title: str) -> None:
    if refused(title=title):
        return
    kept = text(title=title).title
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
    assert errors.keys() == {"body"} or text(body=body).html


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
    kept = text(body=f"{STORY}{hidden} and on")
    assert hidden not in kept.html
    assert kept.typed is not None
    kept.typed.encode("utf-8")
    assert "\0" not in kept.typed


def test_line_ends_of_every_system_are_one() -> None:
    ends = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
    bodies = [STORY.replace("\n", end) for end in ends]
    assert len({text(body=body) for body in bodies}) == 1


def test_what_was_taken_out_is_listed_for_the_moderators() -> None:
    kept = text(body=STORY + "<script>alert(1)</script>\u202e")
    assert kept.removed
    assert "<script" not in kept.html


@settings(max_examples=60, deadline=None)
@given(body=st.text(max_size=300))
def test_whatever_is_typed_becomes_a_text_that_can_be_stored_or_is_named(body: str) -> None:
    errors = refused(body=body)
    assert errors.keys() <= {"body"}
    if not errors:
        kept = text(body=body)
        f"{kept.title}{kept.html}{kept.typed}".encode()


def test_everything_that_is_wrong_is_told_at_once_beside_what_was_known_before() -> None:
    errors = {"stage": "Please choose from the list.", "title": "This came more than once."}
    read("One\ntwo", "", errors)
    assert errors.keys() == {"stage", "title", "body"}
    assert errors["title"] == "This came more than once."
    assert refused(title="One\ntwo", body="").keys() == {"title", "body"}


def test_a_refusal_names_its_fields_and_repeats_no_word_of_them() -> None:
    with pytest.raises(Refused) as caught:
        check("canary\ncanary", "canary")
    assert str(caught.value) == "body, title"
    assert "canary" not in str(caught.value.errors)


# --- the marks --------------------------------------------------------------------------------


def test_what_is_read_is_not_screened_yet() -> None:
    errors: dict[str, str] = {}
    checked = read("", TELLING, errors)
    assert errors == {}
    assert checked.marks == checked.text.highlights == ()
    assert screened(checked) == check("", TELLING)


def test_marks_name_every_rule_once_and_highlights_say_where() -> None:
    checked = check("", f"{TELLING}\n\nPriya, my sister Priya, is kind.")
    assert list(checked.marks) == sorted(set(checked.marks))
    assert {"PII-7", "SUI-2"} <= set(checked.marks)
    typed = checked.text.typed or ""
    shown = {(mark.rule, typed[mark.start : mark.end]) for mark in checked.text.highlights}
    assert {("PII-7", "Priya"), ("PII-9", "Dundee")} <= shown
    assert {mark.rule for mark in checked.text.highlights} == set(checked.marks)


@pytest.mark.parametrize("disguise", ["\u200b", "\ufeff", "\u202e", "\r\n", "\ud800", "\U0001f3f4"])
def test_highlights_fit_the_words_as_they_are_kept(disguise: str) -> None:
    kept = text(body=f"{disguise} It is {disguise}\n{TELLING}")
    places = [(mark.start, mark.end) for mark in kept.highlights if mark.rule == "PII-7"]
    assert [(kept.typed or "")[start:end] for start, end in places] == ["Priya"]


def test_what_a_title_tells_is_marked_and_highlights_speak_of_the_body_alone() -> None:
    checked = check("My sister Priya", STORY)
    assert checked.marks == ("PII-7",)
    assert checked.text.highlights == ()


def test_a_text_that_could_not_be_read_through_says_so_before_its_rules() -> None:
    words = "Ich gehe jeden Abend mit dem Hund und rufe an: jana.frost@example.de, immer wieder."
    assert check("", words).marks[:2] == (NOT_SCREENED, "PII-1")
    assert NOT_SCREENED not in check("", STORY).marks


def test_a_mark_from_before_screening_stays_and_comes_first() -> None:
    checked = screened(Checked(make_text(typed=TELLING), (SECOND_OPINION,)))
    assert checked.marks[0] == SECOND_OPINION
    assert "SUI-2" in checked.marks[1:]


def test_a_text_of_which_only_the_record_is_kept_has_nothing_to_screen() -> None:
    kept = make_text(typed=None)
    assert screened(Checked(kept)).text == kept


@pytest.mark.parametrize("body", [TELLING, "Ring me on 07911 123456. " * 20, "I am 15. " * 60])
def test_no_mark_declines_shortens_or_rewrites(body: str) -> None:
    errors: dict[str, str] = {}
    before, after = read("Walks", body, errors).text, check("Walks", body).text
    assert after.highlights
    assert (after.title, after.html, after.typed) == (before.title, before.html, before.typed)
    assert after.typed == body


# --- the words as they are kept ---------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(typed=st.text(max_size=200))
def test_plain_text_can_be_stored_and_is_the_same_when_read_again(typed: str) -> None:
    kept = plain_text(typed)
    kept.encode("utf-8")
    assert "\0" not in kept
    assert "\r" not in kept
    assert plain_text(kept) == kept


def test_plain_text_keeps_every_word_that_can_be_kept() -> None:
    typed = "<b>caf\u00e9</b> \u200b\ufb01ne \U0001f600\t{{ x }}"
    assert plain_text(typed) == typed
    assert plain_text("a\r\nb\rc\u2028d\0e\ud800") == "a\nb\nc\nde?"
