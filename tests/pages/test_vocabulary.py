"""The vocabulary: the agreed slugs, and a plain sentence for each that says whom it is for."""

import csv
import json
import re

from forum.vocabulary import VOCABULARY as FORUM
from tests.pages.hand_written import CONTENT, HIGHEST_GRADE, grade
from tests.pages.kind_words import not_to_be_found_by

VOCABULARY = json.loads((CONTENT / "vocabulary.json").read_text("utf-8"))

SLUGS = {
    "topics": "alcohol opioids stimulants cannabis gambling depression anxiety psychosis eating "
    "self-harm trauma grief",
    "stages": "first-days first-year years-on after-a-setback supporting-someone",
    "arcs": "upward up-and-down turning-point still-in-it",
    "helped": "peer-group one-person helpline medication therapy faith nature work family "
    "harm-reduction online",
    "about_me": "parent carer lgbtq ethnic-minority veteran student older disabled rural",
    "content_notes": "suicide self-harm eating alcohol drugs overdose violence sexual-violence "
    "childhood-abuse death detention pregnancy-loss",
    "help": "suicide distress substance eating youth",
}


def test_the_vocabulary_holds_exactly_the_agreed_slugs_in_order() -> None:
    assert list(VOCABULARY) == list(SLUGS)
    for name, slugs in SLUGS.items():
        assert [word["slug"] for word in VOCABULARY[name]] == slugs.split()


def test_every_list_says_whom_it_is_for_in_one_plain_sentence() -> None:
    for name, words in VOCABULARY.items():
        opening = "Mentions " if name == "content_notes" else "For "
        for word in words:
            assert set(word) - {"found"} == {"slug", "label", "sentence"}
            assert re.fullmatch(rf"{opening}[^.?!]+\.", word["sentence"]), word["slug"]
        assert len({word["label"] for word in words}) == len(words)


def test_every_topic_is_found_by_the_words_that_people_have_for_it() -> None:
    assert all(word["found"] for word in VOCABULARY["topics"])


def test_words_that_find_a_list_stand_only_where_there_is_a_page_to_find() -> None:
    with_found = {name for name, words in VOCABULARY.items() if any("found" in w for w in words)}
    assert with_found <= {"topics", "stages", "arcs", "helped"}


def test_words_that_find_a_list_are_plain_and_no_insult() -> None:
    for words in VOCABULARY.values():
        for word in words:
            assert not_to_be_found_by(word.get("found", [])) == [], word["slug"]


def test_the_forum_reads_a_word_that_says_what_finds_it() -> None:
    """It takes what it needs of the same file."""
    alcohol = FORUM["topics"][0]
    assert "found" in VOCABULARY["topics"][0]
    assert (alcohol.slug, alcohol.label) == ("alcohol", "Alcohol")


def test_the_vocabulary_reads_at_grade_eight_or_below() -> None:
    sentences = [word["sentence"] for words in VOCABULARY.values() for word in words]
    assert grade("\n".join(sentences)) <= HIGHEST_GRADE


def test_every_help_block_has_lines_of_help_to_draw_on() -> None:
    with (CONTENT / "helplines.csv").open(encoding="utf-8", newline="") as file:
        carried = {topic for row in csv.DictReader(file) for topic in row["topics"].split(";")}
    assert {word["slug"] for word in VOCABULARY["help"]} <= carried
