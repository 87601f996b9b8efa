"""Before you share: spots lie apart, suggestions are taken one by one, all else is untouched."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import care
from forum.preview import TELLS_WHO, Preview, Spot, preview, reworded
from forum.screening import FAMILIES, RULES, Route, screen
from forum.texts import plain_text
from tests.builders import STORY

TELLING = (
    "My sister Priya drove me to hospital in Dundee on 14 March 2019. Ring me on 07911 123456, or "
    "write to robin@example.org. I am @tombaker99. I was 42 kilos. It got better in time."
)
DANGER = "I want to die tonight and I have the pills here with me."


def numbers(shown: Preview) -> set[int]:
    return {spot.number for spot in shown.spots}


def found(shown: Preview, field: str = "body") -> set[tuple[str, str]]:
    return {(spot.words, spot.rule) for spot in shown.in_field(field)}


# --- the spots ----------------------------------------------------------------------------------


def test_what_could_identify_somebody_is_marked_with_the_reason_why() -> None:
    shown = preview("My sister Priya", TELLING)
    assert {("Priya", "PII-7"), ("Dundee", "PII-9"), ("14 March 2019", "PII-6")} <= found(shown)
    assert found(shown, "title") == {("Priya", "PII-7")}
    for spot in shown.spots:
        assert spot.reason == RULES[spot.rule].reason


def test_spots_count_through_both_fields_in_order() -> None:
    shown = preview("Priya and Tom, my sister Priya", TELLING)
    assert [spot.number for spot in shown.spots] == list(range(1, len(shown.spots) + 1))
    assert shown.spots == shown.in_field("title") + shown.in_field("body")
    assert shown.in_field("title")
    assert [spot.field for spot in shown.in_field("title")] == ["title"] * len(
        shown.in_field("title")
    )


pieces = st.lists(
    st.sampled_from(
        [
            "My sister Priya ",
            "drove me to Dundee ",
            "DM me on insta @tombaker99. ",
            "07911 123456",
            "robin@example.org",
            "https://x.example/a",
            "I was 42 kilos. ",
            "14 March 2019",
            "😀",
            "👩‍👩‍👧 ",
            "\u200b",
            "ﬁ",
            "ß",
            "①",
            "e\u0301",
            "\r\n",
            "\r",
            "\u2028",
            "\0",
            "\ud800",
            "İ",
            " ",
            ". ",
        ]
    )
    | st.text(max_size=12),
    max_size=14,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(title=pieces, body=pieces)
def test_spots_lie_apart_in_order_and_are_numbered_the_same_each_time(
    title: str, body: str
) -> None:
    shown = preview(title, body)
    assert preview(title, body) == shown
    assert preview(shown.title, shown.body) == shown, "also when the page sends back what it showed"
    texts = {"title": shown.title, "body": shown.body}
    for field, text in texts.items():
        spots = shown.in_field(field)
        assert all(before.end <= after.start for before, after in pairwise(spots))
        for spot in spots:
            assert 0 <= spot.start < spot.end <= len(text)
            assert text[spot.start : spot.end] == spot.words


@settings(max_examples=150, deadline=None)
@given(title=pieces, body=pieces, data=st.data())
def test_only_the_accepted_spots_are_reworded_and_all_else_is_untouched(
    title: str, body: str, data: st.DataObject
) -> None:
    shown = preview(title, body)
    accepted = data.draw(st.sets(st.sampled_from([*sorted(numbers(shown)), 0, 999])))
    after = dict(zip(("title", "body"), reworded(shown, accepted), strict=True))
    for field, text in (("title", shown.title), ("body", shown.body)):
        at, expected = 0, ""
        for spot in shown.in_field(field):
            left_out = spot.number in accepted and not spot.suggest
            expected += text[at : spot.start].removesuffix(" " if left_out else "")
            expected += spot.suggest if spot.number in accepted else spot.words
            at = spot.end
        assert after[field] == expected + text[at:]


@settings(max_examples=100, deadline=None)
@given(title=pieces, body=pieces)
def test_accepting_nothing_changes_nothing(title: str, body: str) -> None:
    shown = preview(title, body)
    assert reworded(shown, ()) == (shown.title, shown.body)
    assert (shown.title, shown.body) == (plain_text(title), plain_text(body))


DISGUISES = ["😀 ", "a\r\n", "\u200b\u200b", "㎏ ", "ﬁne ", "ß", "e\u0301 ", "\ufeff"]


@pytest.mark.parametrize("before", DISGUISES)
def test_places_are_right_behind_whatever_is_longer_or_shorter_than_it_looks(before: str) -> None:
    shown = preview("", f"{before * 3}\n\nMy sister Priya drove me there.")
    (spot,) = shown.in_field("body")
    assert spot.words == "Priya"
    _, body = reworded(shown, {spot.number})
    said = f"My sister {spot.suggest}".rstrip()
    assert body == plain_text(f"{before * 3}\n\n{said} drove me there.")


def test_of_two_marks_that_touch_what_identifies_is_shown_and_then_the_longer_one() -> None:
    words = "DM me on insta @tombaker99 tonight if you need to talk."
    lengths = {mark.rule: mark.end - mark.start for mark in screen(words).found}
    assert lengths["CON-1"] > lengths["PII-3"]
    assert found(preview("", words)) == {("@tombaker99", "PII-3")}
    words = "I was 42 kilos, a BMI of 14, and ate 300 calories a day."
    spots = preview("", words).spots
    for mark in screen(words).found:
        touching = [one for one in spots if one.start < mark.end and mark.start < one.end]
        assert max(one.end - one.start for one in touching) >= mark.end - mark.start


def test_what_identifies_is_shown_and_what_only_a_moderator_weighs_is_not() -> None:
    """Other marks would tell somebody in trouble that their words are wrong."""
    shown = preview("", f"{DANGER} I am 15. I tried to end my life in spring.")
    assert shown.spots == ()
    assert {"SUI-2", "MIN-1"} <= shown.marks


def test_every_mark_is_known_also_those_that_no_spot_shows() -> None:
    shown = preview("I am 15", f"{TELLING} {DANGER}")
    texts = ("I am 15", f"{TELLING} {DANGER}")
    rules = {mark.rule for text in texts for mark in screen(text).found}
    assert shown.marks == rules
    assert {spot.rule for spot in shown.spots} < rules


@pytest.mark.parametrize(
    ("title", "body", "worrying", "young"),
    [
        ("", STORY, False, False),
        ("", TELLING, False, False),
        ("", DANGER, True, False),
        (DANGER, STORY, True, False),
        ("", "I am 15 and at school.", False, True),
        ("I am 15", STORY, False, True),
    ],
)
def test_help_comes_first_in_a_preview_too(
    title: str, body: str, worrying: bool, young: bool
) -> None:
    shown = preview(title, body)
    assert (care.worrying(shown.marks), care.young(shown.marks)) == (worrying, young)


# --- the rules behind the spots -----------------------------------------------------------------


def test_the_families_that_tell_who_are_families_of_the_rules() -> None:
    assert TELLS_WHO <= FAMILIES
    identifying = {rule.family for rule in RULES.values() if rule.id.startswith("PII")}
    assert identifying <= TELLS_WHO


SHOWN = [
    rule.id
    for rule in RULES.values()
    if rule.route is Route.REDACT or rule.family in {"pii", "contact"}
]
EXAMPLES = json.loads(Path(__file__).with_name("screening_rules.json").read_text())["rules"]


def example_of(rule: str) -> Spot:
    """A spot that this rule makes."""
    texts = next(one["positive"] for one in EXAMPLES if one["id"] == rule)
    spots = (spot for text in texts for spot in preview("", text).spots)
    return next(spot for spot in spots if spot.rule == rule)


@pytest.mark.parametrize("rule", SHOWN)
def test_a_suggestion_can_stand_where_the_words_stood(rule: str) -> None:
    """One wording, or none where the words are best left out; neither a choice nor advice."""
    suggest = example_of(rule).suggest
    assert ";" not in suggest
    assert not suggest.lower().startswith(("leave ", "say ", "keep "))


def test_all_suggestions_taken_leave_nothing_that_identifies() -> None:
    shown = preview("", "Message me: robin@example.org, I will answer you. My sister is Priya.")
    _, body = reworded(shown, numbers(shown))
    for left in ("robin", "example", ".org", "Priya"):
        assert left not in body
