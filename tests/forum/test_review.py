"""Marked words are decided on one by one, and nothing else changes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.post import Highlight, Text
from forum.review import (
    LONGEST_REPLACEMENT,
    BadReplacement,
    Choice,
    Edited,
    Undecided,
    all_kept,
    edited,
    stretches,
)
from forum.route import Route
from forum.rows import Verdict
from forum.screening import RULES
from tests.builders import make_text

WORDS = "I rang Priya in Dundee, and Priya came."
PRIYA, DUNDEE, AGAIN = (7, 12), (16, 22), (28, 33)


def marked(typed: str, *marks: tuple[str, tuple[int, int]], title: str = "Walks") -> Text:
    """A text in which these rules mark these characters."""
    highlights = tuple(Highlight(rule, *place) for rule, place in marks)
    return make_text(title=title, typed=typed, highlights=highlights)


def put(words: str) -> Choice:
    return Choice(Verdict.REPLACE, words)


OUT, KEPT, WRONG = put(""), Choice(Verdict.KEEP), Choice(Verdict.FALSE_ALARM)


def body(typed: str, places: list[tuple[int, int]], *choices: Choice) -> str:
    """The typed text once each of these places was decided on."""
    text = marked(typed, *(("PII-7", place) for place in places))
    return edited(text, dict(enumerate(choices))).body


# --- what is marked ---------------------------------------------------------------------------


def test_the_title_is_counted_before_the_text() -> None:
    text = marked(WORDS, ("PII-9", DUNDEE), ("PII-7", PRIYA), title="With Priya, me@example.org")
    found = stretches(text)
    assert [stretch.number for stretch in found] == list(range(len(found)))
    assert [(stretch.field, stretch.words) for stretch in found] == [
        ("title", "Priya"),
        ("title", "me@example.org"),
        ("body", "Priya"),
        ("body", "Dundee"),
    ]
    assert found == stretches(text), "the same text gives the same numbers"


def test_marks_that_share_a_character_are_one_stretch_of_all_their_rules() -> None:
    text = marked(WORDS, ("PII-7", (7, 12)), ("PII-10", (2, 9)), ("SUI-3", (8, 10)))
    (stretch,) = stretches(text)
    assert (stretch.start, stretch.end, stretch.words) == (2, 12, "rang Priya")
    assert set(stretch.rules) == {"PII-7", "PII-10", "SUI-3"}
    assert stretch.route is Route.HOLD
    assert not stretch.identifies, "a rule about something else marks it too"


def test_marks_side_by_side_are_decided_on_apart() -> None:
    text = marked(WORDS, ("PII-7", (2, 6)), ("PII-7", (6, 12)))
    assert [stretch.words for stretch in stretches(text)] == ["rang", " Priya"]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_stretch_is_as_grave_as_its_rule(rule: str) -> None:
    (stretch,) = stretches(marked(WORDS, (rule, PRIYA)))
    assert stretch.route is RULES[rule].route
    assert stretch.needs_decision is (RULES[rule].route is not Route.NOTE)
    assert stretch.identifies is rule.startswith("PII-")


def test_a_mark_of_a_rule_that_is_no_more_is_decided_on_and_identifies_nobody() -> None:
    (stretch,) = stretches(marked(WORDS, ("OLD-3", PRIYA)))
    assert (stretch.route, stretch.suggest) == (Route.HOLD, "")
    assert stretch.needs_decision
    assert not stretch.identifies


def test_what_is_no_longer_kept_as_typed_has_no_marks_but_its_titles() -> None:
    text = make_text(title="With Priya", typed=None)
    assert [stretch.field for stretch in stretches(text)] == ["title"]
    assert stretches(make_text(typed=None)) == ()


# --- every mark needs a decision --------------------------------------------------------------


def test_what_is_not_decided_is_named_and_a_note_need_not_be() -> None:
    marks = (("PII-7", PRIYA), ("SUI-3", DUNDEE), ("SH-1", AGAIN))
    text = marked(WORDS, *marks, title="With Priya")
    for choices, left in (({}, (0, 1, 3)), ({1: KEPT}, (0, 3)), ({3: OUT, 2: KEPT, 0: OUT}, (1,))):
        with pytest.raises(Undecided) as caught:
            edited(text, choices)
        assert caught.value.numbers == left
    assert not edited(text, {0: KEPT, 1: WRONG, 3: KEPT}).changed


def test_keeping_all_changes_nothing_and_leaves_nothing_open() -> None:
    text = marked(WORDS, ("PII-7", PRIYA), ("SUI-3", DUNDEE), title="With Priya")
    made = edited(text, all_kept(text))
    assert (made.title, made.body, made.changed) == (text.title, WORDS, False)
    assert {verdict for _, verdict in made.verdicts} == {Verdict.KEEP}


def test_what_was_made_of_each_rule_is_told_for_every_stretch_that_was_decided() -> None:
    text = marked(WORDS, ("PII-7", PRIYA), ("PII-10", PRIYA), ("SUI-3", DUNDEE), ("PII-7", AGAIN))
    made = edited(text, {0: put("my sister"), 2: WRONG})
    assert sorted(made.verdicts, key=str) == [
        ("PII-10", Verdict.REPLACE),
        ("PII-7", Verdict.FALSE_ALARM),
        ("PII-7", Verdict.REPLACE),
    ]


def test_numbers_that_mark_nothing_are_passed_over() -> None:
    made = edited(marked(WORDS), {4: put("x"), -1: OUT})
    assert (made.body, made.verdicts, made.changed) == (WORDS, (), False)


# --- what is put there ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "reads"),
    [
        ([put("my sister"), put("town"), put("she")], "I rang my sister in town, and she came."),
        ([OUT, OUT, OUT], "I rang in, and came."),
        ([KEPT, OUT, WRONG], "I rang Priya in, and Priya came."),
        ([put("Priya’s own very long name, said in full"), KEPT, KEPT],
         "I rang Priya’s own very long name, said in full in Dundee, and Priya came."),
    ],
)  # fmt: skip
def test_each_stretch_is_replaced_kept_or_taken_out(choices: list[Choice], reads: str) -> None:
    assert body(WORDS, [PRIYA, DUNDEE, AGAIN], *choices) == reads


@pytest.mark.parametrize(
    ("typed", "places", "choices", "reads"),
    [
        ("Priya came.", [(0, 5)], [OUT], " came."),
        ("Priya", [(0, 5)], [OUT], ""),
        ("so  Priya came", [(4, 9)], [OUT], "so  came"),
        ("a\nPriya came", [(2, 7)], [OUT], "a\n came"),
        ("Priya Sharma, a friend", [(0, 6), (6, 12)], [put("X"), OUT], "X, a friend"),
        ("Priya Sharma, a friend", [(0, 6), (6, 12)], [OUT, OUT], ", a friend"),
        ("so Priya Sharma", [(3, 8), (9, 15)], [OUT, OUT], "so"),
        ("سافرت مع أحمد إلى حلب", [(9, 13), (18, 21)], [OUT, put("مدينة")], "سافرت مع إلى مدينة"),
        ("👩‍👩‍👧 with Zoë 🌱 and Zoe\u0308.", [(11, 14), (21, 25)], [put("Z"), OUT],
         "👩‍👩‍👧 with Z 🌱 and."),
    ],
)  # fmt: skip
def test_what_is_taken_out_leaves_with_the_space_before_it_and_no_more(
    typed: str, places: list[tuple[int, int]], choices: list[Choice], reads: str
) -> None:
    assert body(typed, places, *choices) == reads


def test_title_and_text_change_apart() -> None:
    text = marked(WORDS, ("PII-7", PRIYA), title="With Priya, and back")
    assert edited(text, {0: put("my sister"), 1: KEPT}).body == WORDS
    made = edited(text, {0: put("my sister"), 1: OUT})
    assert made.title == "With my sister, and back"
    assert made.body == "I rang in Dundee, and Priya came."


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("words", ["{}", "a{}b", "{}b", "a{}"])
def test_what_is_put_there_is_one_line(line_break: str, words: str) -> None:
    with pytest.raises(BadReplacement) as caught:
        body(WORDS, [PRIYA, DUNDEE], KEPT, put(words.format(line_break)))
    assert caught.value.numbers == (1,)


def test_what_is_put_there_is_short() -> None:
    longest = "x" * LONGEST_REPLACEMENT
    assert longest in body(WORDS, [PRIYA], put(longest))
    with pytest.raises(BadReplacement) as caught:
        body(WORDS, [PRIYA, DUNDEE], put(longest + "x"), put("y" * 10_000))
    assert caught.value.numbers == (0, 1)


# --- what the edit means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "only_identifying", "close"),
    [
        (("PII-1", "PII-2"), True, False),
        (("PII-1", "PII-7"), True, True),
        (("PII-10",), True, True),
        (("PII-6", "SUB-1"), False, False),
        (("SUI-2",), False, False),
    ],
)
def test_an_edit_says_whether_its_author_must_agree_and_somebody_else_must_look(
    rules: tuple[str, ...], only_identifying: bool, close: bool
) -> None:
    places = (PRIYA, DUNDEE, AGAIN)
    text = marked(WORDS, *zip(rules, places, strict=False))
    made = edited(text, dict.fromkeys(range(3), OUT))
    assert (made.only_identifying, made.touches_close_detail) == (only_identifying, close)
    kept = edited(text, dict.fromkeys(range(3), KEPT))
    assert (kept.only_identifying, kept.touches_close_detail) == (True, False)


# --- in general -------------------------------------------------------------------------------


@st.composite
def choices_in_a_text(draw: st.DrawFn) -> tuple[Text, dict[int, Choice]]:
    """A text of any characters, marks anywhere in it, and something made of every stretch."""
    typed = draw(st.text(alphabet=st.sampled_from("ab  .\né🌱م\u0308"), max_size=40))
    places = st.tuples(*[st.integers(0, len(typed))] * 2).map(sorted).filter(lambda p: p[0] < p[1])
    rules = st.sampled_from(["PII-1", "PII-7", "SUI-3", "SUB-1"])
    marks = draw(st.lists(st.tuples(rules, places), max_size=6 if typed else 0))
    text = marked(typed, *((rule, (start, end)) for rule, (start, end) in marks))
    choice = st.one_of(st.sampled_from([OUT, KEPT, WRONG]), st.text("xy ", max_size=9).map(put))
    return text, {stretch.number: draw(choice) for stretch in stretches(text)}


def by_hand(text: Text, choices: dict[int, Choice]) -> str:
    """The text put together again from what lies between the stretches and what becomes of them."""
    typed = text.typed or ""
    ends = [0, *(place for s in stretches(text) for place in (s.start, s.end)), len(typed)]
    pieces = [typed[start:end] for start, end in pairwise(ends)]
    for number, choice in choices.items():
        if choice.verdict is Verdict.REPLACE:
            pieces[2 * number + 1] = choice.words
            before = 2 * number if pieces[2 * number] or number == 0 else 2 * number - 1
            kept = before % 2 == 0 or choices[number - 1].verdict is not Verdict.REPLACE
            if kept and not choice.words:
                pieces[before] = pieces[before].removesuffix(" ")
    return "".join(pieces)


@settings(max_examples=400, deadline=None)
@given(choices_in_a_text())
def test_nothing_outside_the_replaced_stretches_changes(
    made: tuple[Text, dict[int, Choice]],
) -> None:
    text, choices = made
    after = edited(text, choices)
    assert after.body == by_hand(text, choices)
    assert after.title == text.title
    assert after.changed is any(c.verdict is Verdict.REPLACE for c in choices.values())


@settings(max_examples=200, deadline=None)
@given(choices_in_a_text())
def test_stretches_lie_apart_in_order_and_cover_every_mark(
    made: tuple[Text, dict[int, Choice]],
) -> None:
    text, _ = made
    found = stretches(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    for mark in text.highlights:
        (at,) = [s for s in found if s.start <= mark.start and mark.end <= s.end]
        assert mark.rule in at.rules
        assert at.words == (text.typed or "")[at.start : at.end]


def test_an_edit_that_decides_nothing_is_no_edit() -> None:
    assert edited(marked(WORDS), {}) == Edited("Walks", WORDS, (), False, 0, ())
