"""What changed between two texts: nothing invented, nothing lost, and no text makes it slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from markupsafe import escape

from doors import changes as compared
from doors.answers import HERE
from doors.changes import MOST_DIFFERENCES, ChangeKind, changes
from doors.own_words import own_words
from forum.sanitize import sanitize
from tests.builders import make_text

LONGEST = 12_000


def marked(before: str, after: str) -> str:
    """The changes on one line: [-out-] and {+in+}."""
    signs = {ChangeKind.SAME: "{}", ChangeKind.OUT: "[-{}-]", ChangeKind.IN: "{{+{}+}}"}
    return "".join(
        signs[c.kind].format(c.words.rstrip()) + " " for c in changes(before, after)
    ).strip()


EXAMPLES = [
    ("I stopped.", "I stopped.", "I stopped."),
    ("", "", ""),
    ("", "Some words.", "{+Some words.+}"),
    ("Some words.", "", "[-Some words.-]"),
    (
        "In Saltmarsh Lane it rains.",
        "In my town it rains.",
        "In [-Saltmarsh Lane-] {+my town+} it rains.",
    ),
    ("It helped.", "It helped. Slowly.", "It helped. {+Slowly.+}"),
    ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One. [-Two.-] Three."),
    ("One  two", " One two\n", "One two"),
    (
        "The man who sold it to me was kind.\nEnd",
        "A woman I met there laughed.\nEnd",
        "[-The man who sold it to me was kind.-] {+A woman I met there laughed.+} End",
    ),
    ("a b c", "x b y", "[-a-] {+x+} b [-c-] {+y+}"),
]


@pytest.mark.parametrize(("before", "after", "shown"), EXAMPLES)
def test_words_that_stayed_went_out_and_came_in_are_told_apart(
    before: str, after: str, shown: str
) -> None:
    assert marked(before, after) == shown


def test_paragraphs_keep_their_empty_lines_and_a_replaced_word_its_line() -> None:
    first, out, new, last = changes("One two.\n\nThree.", "One too.\n\nThree.")
    assert (first.words, out.words, new.words, last.words) == (
        "One ",
        "two. ",
        "too.\n\n",
        "Three. ",
    )


def test_a_sentence_that_goes_stands_on_the_line_that_it_stood_on() -> None:
    words = [one.words for one in changes("One. Two.\n\nThree.", "One.\n\nThree.")]
    assert words == ["One. ", "Two.\n\n", "Three. "]


A_TEXT = st.lists(st.sampled_from(["a", "b", "walks", "\n\n", "\n", "  "]), max_size=60).map(
    " ".join
)


@given(before=A_TEXT, after=A_TEXT)
def test_both_texts_can_be_read_from_the_changes_word_for_word(before: str, after: str) -> None:
    found = changes(before, after)
    was = "".join(one.words for one in found if one.kind is not ChangeKind.IN)
    now = "".join(one.words for one in found if one.kind is not ChangeKind.OUT)
    assert was.split() == before.split()
    assert now.split() == after.split()
    assert all(one.kind is not other.kind for one, other in pairwise(found))


def test_a_stretch_with_too_many_differences_is_replaced_whole_and_the_rest_is_not() -> None:
    was = " ".join(f"was{n}" for n in range(MOST_DIFFERENCES))
    now = " ".join(f"now{n}" for n in range(MOST_DIFFERENCES))
    kinds = [
        one.kind for one in changes(f"One.\n\n{was}\n\nTwo two.", f"One.\n\n{now}\n\nTwo too.")
    ]
    same, out, new = ChangeKind.SAME, ChangeKind.OUT, ChangeKind.IN
    assert kinds == [same, out, new, same, out, new]


class Counted(str):
    """A word that counts how often it was compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __ne__ = str.__ne__


def hostile() -> Iterator[tuple[str, str]]:
    """Pairs of long texts of few words that differ in very many places, or in just too many."""
    for word in ("a ", "a\n"):
        whole = word * (LONGEST // len(word))
        yield whole, word + "b" + word[-1] + whole
        yield whole, whole.replace(word * 2, word + "b" + word[-1])
        every = len(whole) // (MOST_DIFFERENCES - 10)
        yield (
            whole,
            "".join(whole[n : n + every] + "b" + word[-1] for n in range(0, LONGEST, every)),
        )


@pytest.mark.parametrize("pair", list(hostile()))
def test_no_pair_of_texts_takes_more_than_so_many_comparisons(pair: tuple[str, str]) -> None:
    """Counted in comparisons: the same on every machine."""
    old, new = ([Counted(word) for word in text.split()] for text in pair)
    Counted.compared = 0
    compared._matches(old, new)
    assert Counted.compared <= 2 * (MOST_DIFFERENCES + 2) * max(len(old), len(new))


def test_the_changes_on_a_page_are_words_and_say_so_without_colour() -> None:
    before, after = "<b>One</b> & two.", "<ins>Three</ins> & two."
    theme = FileSystemLoader(HERE / "theme" / "templates")
    template = Environment(loader=theme, autoescape=True).get_template("changes.html")
    source = str(template.module.shown_changes(changes(before, after)))  # type: ignore[attr-defined]
    assert re.sub(r"<span[^>]*>([^<]*)</span>", r"\1", source) == (
        '<div class="as-typed changes" dir="auto">'
        f"<del>[taken out: {escape('<b>One</b>')}]</del> "
        f"<ins>[put in: {escape('<ins>Three</ins>')}]</ins> &amp; two. </div>"
    )


# An author's own words.

TYPED = [
    "One line",
    'One & two, <3 and &amp; and "three"\n\nA second\nline',
    "<em>Slowly</em>, I <strong>said</strong>\n\n<blockquote>One\n\nTwo</blockquote>\nThree",
    "Before\n\n<ul><li>One<li>Two\nlines</ul>After<ol><li>Three</ol>",
]


@pytest.mark.parametrize("typed", TYPED)
def test_words_of_which_only_html_is_kept_can_be_typed_again_to_the_same(typed: str) -> None:
    html = sanitize(typed).html
    again = own_words(make_text(typed=None, html=html))
    assert sanitize(again).html == html
    assert "<p>" not in again


def test_words_that_are_kept_as_typed_are_given_as_typed() -> None:
    assert own_words(make_text(typed="One\n\n\n two  ")) == "One\n\n\n two  "
