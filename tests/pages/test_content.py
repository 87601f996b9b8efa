"""The site's own words: plain, kind, and in the shape that the rest of the house expects."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

CONTENT = Path(__file__).parents[2] / "content"
PAGES = sorted((CONTENT / "pages").glob("*.md"))
EXAMPLES = sorted((CONTENT / "examples").glob("*.json"))
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
FIELDS = {
    "format": int, "id": str, "kind": str, "title": str, "body": str, "pen_name": str,
    "topics": list, "helped": list, "about_me": list, "content_notes": list, "stage": str,
    "arc": str, "to": str, "findable": bool, "example": bool,
}  # fmt: skip
NOT_ALWAYS = {"help": list}
"""A field that stands in a record only where it holds something."""
HIGHEST_GRADE = 8
QUOTED = re.compile(r'"[^"]*"|“[^”]*”')


# --- Reading: a page as its readers meet it ---------------------------------------------


def page_parts(path: Path) -> tuple[dict[str, str], str]:
    """A page's metadata and its Markdown."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    return {name: value for name, _, value in pairs}, body


def prose(markdown: str) -> str:
    """The sentences of a page: headings, tables, links' addresses and marks left out."""
    lines = (line.strip() for line in markdown.splitlines())
    kept = [line for line in lines if not line.startswith(("#", "|"))]
    ended = [line if not line or line[-1] in ".?!" else f"{line}." for line in joined(kept)]
    text = re.sub(r"\]\([^)]*\)", "]", "\n".join(ended))
    return re.sub(r"^([-*]|\d+\.) |[][*_]", "", text, flags=re.MULTILINE)


def joined(lines: Iterable[str]) -> Iterator[str]:
    """Wrapped lines of one paragraph as one; a list item starts its own."""
    block = ""
    for line in [*lines, ""]:
        if line and block and not re.match(r"[-*] |\d+\. ", line):
            block = f"{block} {line}"
        else:
            yield block
            block = line


def syllables(word: str) -> int:
    """An estimate, as in Flesch's own rules of thumb: groups of vowels, silent e left out."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1
    word = re.sub(r"(?<=[^aeiouylscgzxh])es$|(?<=[^aeiouydt])ed$|(?<=[^aeiouyl])e$", "", word)
    return max(1, len(re.findall(r"i(?=[ao])|[aeiouy]+", word)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text (Kincaid and others, 1975): US school years."""
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", text)
    sentences = [part for part in re.split(r"[.?!]+(?:\s|$|\")", text) if re.search(r"\w", part)]
    sounds = sum(syllables(part) for word in words for part in word.split("-"))
    return 0.39 * len(words) / len(sentences) + 11.8 * sounds / len(words) - 15.59


# --- Words that hurt ---------------------------------------------------------------------


def read_words() -> dict[str, tuple[str, str]]:
    """Each term to avoid, with what to prefer and why."""
    with (CONTENT / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return {row["avoid"]: (row["prefer"], row["why"]) for row in rows}


WORDS = read_words()
AVOIDED = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r")s?\b",
    re.IGNORECASE,
)


def hurtful(text: str) -> list[str]:
    """The avoided terms in a text. Quoted passages are someone's own words, and are left be."""
    return [found[1].lower() for found in AVOIDED.finditer(QUOTED.sub(" ", text))]


def own_copy() -> Iterator[tuple[str, str]]:
    """Everything the site says in its own voice: where, and what."""
    for path in PAGES:
        yield path.name, path.read_text("utf-8")
    for name, words in VOCABULARY.items():
        for word in words:
            yield f"{name}/{word['slug']}", f"{word['label']}. {word['sentence']}"


@pytest.mark.parametrize(("where", "text"), list(own_copy()), ids=lambda value: value[:40])
def test_the_site_itself_uses_no_word_that_hurts(where: str, text: str) -> None:
    assert not hurtful(text), where


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He was an addict then.", ["addict"]),
        ("Recovering addicts are welcome.", ["recovering addict"]),
        ("Drug abuse and a clean life", ["drug abuse", "clean"]),
        ("She committed suicide.", ["committed suicide"]),
        ("cleaners and userland", []),
        ('Some say "clean", and some say “addict”.', []),
        ("Abuse of a child is never the child's fault.", []),
    ],
)
def test_the_lint_finds_a_planted_word_and_leaves_quoted_ones(text: str, found: list[str]) -> None:
    assert hurtful(text) == found


def test_every_word_to_avoid_comes_with_a_better_one_and_a_reason() -> None:
    assert all(prefer and why for prefer, why in WORDS.values())
    assert not [prefer for prefer, _ in WORDS.values() if hurtful(prefer)]


# --- Pages -------------------------------------------------------------------------------


def test_the_five_first_pages_are_there() -> None:
    slugs = {page_parts(path)[0]["Slug"] for path in PAGES}
    assert slugs >= {
        "help",
        "how-we-moderate",
        "your-privacy",
        "how-to-share",
        "why-peer-support-helps",
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_names_itself_and_lives_at_its_file_name(path: Path) -> None:
    head, _ = page_parts(path)
    assert head["Slug"] == path.stem
    assert head["Title"]
    assert head["Summary"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_reads_at_grade_eight_or_below(path: Path) -> None:
    measured = grade(prose(page_parts(path)[1]))
    print(f"{path.stem}: grade {measured:.1f}")
    assert measured <= HIGHEST_GRADE


def test_the_grade_tells_a_hard_sentence_from_an_easy_one() -> None:
    hard = "Confidentiality considerations necessitate anonymisation of contributions."
    assert grade("The cat sat on the mat. It was warm there.") < 2
    assert grade(hard) > 14


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_links_only_within_the_site_and_holds_no_html(path: Path) -> None:
    _, body = page_parts(path)
    assert all(address.startswith("/") for address in re.findall(r"\]\(([^)]*)\)", body))
    assert not re.search(r"<[a-z/!]", body)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_never_promises_too_much(path: Path) -> None:
    said = path.read_text("utf-8").lower()
    assert not re.search(r"100 ?%|completely anonymous|fully anonymous|guarantee|secure\b", said)
    assert "no one will ever know" not in said


def test_the_help_page_leaves_numbers_to_the_list_of_helplines() -> None:
    head, body = page_parts(CONTENT / "pages" / "help.md")
    assert head["Template"] == "help_page"
    assert not re.search(r"\d", body)


def test_the_privacy_page_makes_its_ten_points_in_order() -> None:
    _, body = page_parts(CONTENT / "pages" / "your-privacy.md")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", body, re.MULTILINE)]
    assert numbers == list(range(1, 11))
    assert "we can't send help" in body
    assert "Last change: November 2026" in body


def test_the_evidence_page_claims_hope_for_some_and_no_treatment() -> None:
    _, body = page_parts(CONTENT / "pages" / "why-peer-support-helps.md")
    claim = "Reading others' stories helps some people feel more hopeful. It isn't treatment."
    assert body.startswith(claim)


# --- Vocabulary --------------------------------------------------------------------------


def test_the_vocabulary_holds_exactly_the_agreed_slugs_in_order() -> None:
    assert list(VOCABULARY) == list(SLUGS)
    for name, slugs in SLUGS.items():
        assert [word["slug"] for word in VOCABULARY[name]] == slugs.split()


def test_every_list_says_whom_it_is_for_in_one_plain_sentence() -> None:
    for name, words in VOCABULARY.items():
        opening = "Mentions " if name == "content_notes" else "For "
        for word in words:
            assert set(word) == {"slug", "label", "sentence"}
            assert re.fullmatch(rf"{opening}[^.?!]+\.", word["sentence"]), word["slug"]
        assert len({word["label"] for word in words}) == len(words)


def test_the_vocabulary_reads_at_grade_eight_or_below() -> None:
    sentences = [word["sentence"] for words in VOCABULARY.values() for word in words]
    assert grade("\n".join(sentences)) <= HIGHEST_GRADE


def test_every_help_block_has_lines_of_help_to_draw_on() -> None:
    with (CONTENT / "helplines.csv").open(encoding="utf-8", newline="") as file:
        carried = {topic for row in csv.DictReader(file) for topic in row["topics"].split(";")}
    assert {word["slug"] for word in VOCABULARY["help"]} <= carried


# --- Example posts -----------------------------------------------------------------------


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
