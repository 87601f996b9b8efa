"""The example posts: records like any other that say what they are, and show what is welcome."""

import json
import re
from pathlib import Path

import pytest

from tests.pages.hand_written import CONTENT
from tests.pages.test_vocabulary import SLUGS

EXAMPLES = sorted((CONTENT / "examples").glob("*.json"))
FIELDS = {
    "format": int, "id": str, "kind": str, "title": str, "body": str, "pen_name": str,
    "topics": list, "helped": list, "about_me": list, "content_notes": list, "stage": str,
    "arc": str, "to": str, "findable": bool, "example": bool,
}  # fmt: skip
NOT_ALWAYS = {"help": list}
"""A field that stands in a record only where it holds something."""


def read_example(path: Path) -> dict[str, object]:
    fields: dict[str, object] = json.loads(path.read_text("utf-8"))
    return fields


def slugs_of(example: dict[str, object], name: str) -> list[str]:
    slugs = example[name]
    assert isinstance(slugs, list)
    return slugs


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_a_record_that_says_it_is_an_example(path: Path) -> None:
    example = read_example(path)
    held = FIELDS | {name: kind for name, kind in NOT_ALWAYS.items() if name in example}
    assert {name: type(value) for name, value in example.items()} == held
    assert (example["format"], example["kind"], example["to"]) == (1, "story", "")
    assert example["example"] is True
    assert re.fullmatch(r"[a-z2-7]{16}", str(example["id"]))
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", str(example["pen_name"]))
    assert re.fullmatch(r"Example: [^\n]{1,111}", str(example["title"]))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_filed_under_words_of_the_vocabulary(path: Path) -> None:
    example = read_example(path)
    for name in ("topics", "helped", "about_me", "content_notes"):
        filed = slugs_of(example, name)
        assert filed == sorted(set(filed) & set(SLUGS[name].split())), name
    assert example["stage"] in SLUGS["stages"].split()
    assert example["arc"] in SLUGS["arcs"].split()
    assert slugs_of(example, "topics")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_that_asks_for_help_blocks_names_those_there_are(path: Path) -> None:
    example = read_example(path)
    if "help" in example:
        assert slugs_of(example, "help") == sorted(slugs_of(example, "help"))
        assert set() < set(slugs_of(example, "help")) <= set(SLUGS["help"].split())


def test_some_examples_have_a_help_block_and_some_have_none() -> None:
    having = ["help" in read_example(path) for path in EXAMPLES]
    assert {True, False} == set(having)


def test_examples_about_substances_and_gambling_offer_help_with_them() -> None:
    about = {"alcohol", "opioids", "stimulants", "gambling"}
    for example in map(read_example, EXAMPLES):
        if about & set(slugs_of(example, "topics")):
            assert slugs_of(example, "help") == ["substance"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_keeps_to_the_few_tags_and_a_readable_length(path: Path) -> None:
    body = str(read_example(path)["body"])
    tags = re.findall(r"<[^>]*>", body)
    assert all(re.fullmatch(r"</?(p|br|em|strong|blockquote|ul|ol|li)>", tag) for tag in tags)
    assert not re.search(r"&(?!(amp|lt|gt);)", body)
    assert 150 <= len(re.sub(r"<[^>]*>", " ", body).split()) <= 350


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_no_figure_that_could_identify_or_harm(path: Path) -> None:
    example = read_example(path)
    assert not re.search(r"\d", f"{example['title']} {example['body']}")


def test_the_examples_cover_every_stage_arc_and_topic_and_are_not_all_triumphs() -> None:
    examples = [read_example(path) for path in EXAMPLES]
    assert {example["stage"] for example in examples} == set(SLUGS["stages"].split())
    arcs = [example["arc"] for example in examples]
    assert set(arcs) == set(SLUGS["arcs"].split())
    assert arcs.count("still-in-it") >= 2
    topics = {topic for example in examples for topic in slugs_of(example, "topics")}
    assert topics == set(SLUGS["topics"].split())


def test_no_two_examples_share_an_id_or_a_pen_name() -> None:
    examples = [read_example(path) for path in EXAMPLES]
    assert len(examples) == 8
    assert len({example["id"] for example in examples}) == 8
    assert len({example["pen_name"] for example in examples}) == 8
