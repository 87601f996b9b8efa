"""Help blocks: what moderators chose stands under a story, with the few lines that may show."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from help_strip import BLOCK_LENGTH, _give_help, lines_by_topic

from doors.helplines import EMERGENCY
from tests.doors.help_rows import (
    Row,
    checked,
    lines_of,
    make_directory,
    make_own,
    make_row,
    write_rows,
)
from tests.pages.pelican_runs import ROOT, Built, build
from tests.pages.posts_folder import Up, id_of, lay_out, make_post

VOCABULARY = json.loads((ROOT / "content" / "vocabulary.json").read_text("utf-8"))
BLOCKS = {word["slug"]: word for word in VOCABULARY["help"]}
NOT_CHECKED = "have not yet been checked by us"
BLOCK = re.compile(r'<section class="help-blocks".*?</section>', re.DOTALL)


def make_line(id: str, country: str = "GB", **given: str) -> Row:
    """A row of its own name, for substances, that never closes."""
    named = {"id": id, "name": f"Line {id}", "country": country, "country_name": f"Land {country}"}
    return make_row(**named, **{"topics": "substance", **given})


def ids(folder: Path, *rows: Row, topic: str = "substance") -> list[str]:
    """The lines that a topic's block has, in its order."""
    return [line.id for line in lines_by_topic(lines_of(folder, *rows))[topic]]


# --- Which lines a block has ------------------------------------------------------------------


def test_a_block_has_only_lines_of_its_topic(tmp_path: Path) -> None:
    rows = (make_line("a"), make_line("b", topics="eating"), make_line("c", topics="eating;youth"))
    assert ids(tmp_path, *rows) == ["a"]
    assert ids(tmp_path, *rows, topic="eating") == ["b", "c"]
    assert set(lines_by_topic(lines_of(tmp_path, *rows))) == {"substance", "eating", "youth"}


def test_a_block_has_lines_that_never_close_first(tmp_path: Path) -> None:
    rows = (make_line("day", "AU", always_open="no", strip="1"), make_line("a"), make_line("b"))
    assert ids(tmp_path, *rows) == ["a", "b", "day"]


def test_a_block_has_a_line_of_each_country_before_a_second_of_any(tmp_path: Path) -> None:
    rows = (make_line("us-1", "US"), make_line("us-2", "US"), make_line("gb-1"), make_line("gb-2"))
    assert ids(tmp_path, *rows) == ["us-1", "gb-1", "us-2", "gb-2"]


def test_a_second_line_that_never_closes_comes_before_another_countrys_day_line(
    tmp_path: Path,
) -> None:
    rows = (make_line("day", "AU", always_open="no"), make_line("gb-1"), make_line("gb-2"))
    assert ids(tmp_path, *rows) == ["gb-1", "gb-2", "day"]


def test_the_strips_own_order_goes_before_the_files(tmp_path: Path) -> None:
    rows = (make_line("a", "US"), make_line("b", strip="2"), make_line("c", "AU", strip="1"))
    assert ids(tmp_path, *rows) == ["c", "b", "a"]


def test_a_block_never_has_more_than_a_few(tmp_path: Path) -> None:
    rows = [make_line(f"line-{number}") for number in range(BLOCK_LENGTH + 3)]
    assert ids(tmp_path, *rows) == [f"line-{number}" for number in range(BLOCK_LENGTH)]


def test_the_file_is_read_once_however_many_pages_ask(tmp_path: Path) -> None:
    path = write_rows(tmp_path, make_directory(), checked(make_line("a")))
    settings = {"HELPLINES": str(path), "PRODUCTION": True}
    generator = SimpleNamespace(context={}, settings=settings)
    _give_help(generator)
    path.unlink()
    _give_help(generator)
    assert [line.id for line in generator.context["help_by_topic"]["substance"]] == ["a"]


# --- What a page shows of it ------------------------------------------------------------------

ROWS = (
    make_directory(),
    make_own(topics="youth", confidence="C"),
    checked(make_line("checked")),
    make_line("well-sourced", "US", phone="1800 250 015", tel="1800250015"),
    make_line("doubtful", "AU", confidence="C"),
    make_line("doubtful-too", "AU", confidence="C", topics="eating"),
)
STORIES = {
    "none": make_post(0),
    "substance": make_post(1, help=["substance"]),
    "two": make_post(2, help=["distress", "substance", "suicide"]),
    "eating": make_post(3, help=["eating"], content_notes=["self-harm"]),
    "retired": make_post(4, help=["old-word"]),
    "youth": make_post(5, help=["youth"]),
}


def built_with(folder: Path, rows: tuple[Row, ...], **env: str) -> Built:
    """A build of those stories over these rows."""
    posts = lay_out(folder / "posts", [Up(r, n) for n, r in enumerate(STORIES.values())])
    return build(posts, folder / "site", HELPLINES=write_rows(folder, *rows), **env)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One build in development, for every test that only looks."""
    made = built_with(tmp_path_factory.mktemp("blocks"), ROWS)
    assert made.report["set_aside"] == []
    return made


def page_of(built: Built, name: str) -> str:
    """The page of one of the stories."""
    return built.read(f"/stories/{STORIES[name]['id']}/")


def blocks_of(built: Built, name: str) -> str:
    """The help blocks of one of the stories; there must be one stretch of them."""
    (found,) = BLOCK.findall(page_of(built, name))
    return str(found)


def headings(page: str) -> list[str]:
    """The words of second-level headings, in order."""
    return re.findall(r"<h2[^>]*>(.*?)</h2>", page)


def test_a_story_without_help_blocks_has_nothing_of_them(built: Built) -> None:
    assert not BLOCK.search(page_of(built, "none"))


def test_a_block_says_whom_it_is_for_and_whom_to_call_and_leads_to_all_numbers(
    built: Built,
) -> None:
    block = blocks_of(built, "substance")
    word = BLOCKS["substance"]
    assert headings(block) == [word["label"]]
    assert f"<p>{word['sentence']}</p>" in block
    assert 'href="tel:116123"' in block
    assert "<b>Land GB:</b> Line checked · 24 hours a day" in block
    assert 'href="tel:1800250015"' in block
    assert '<a href="/help/">' in block
    assert EMERGENCY not in block


def test_blocks_stand_after_the_story_and_before_the_ways_on(built: Built) -> None:
    page = page_of(built, "substance")
    at = page.index('<section class="help-blocks"')
    assert page.index("</article>") < at < page.index('id="ways-on"') < page.index("</main>")
    label = BLOCKS["substance"]["label"]
    assert headings(page) == [label, "Stories like this one", "Where to go from here"]


def test_several_blocks_come_in_the_vocabularys_order(built: Built) -> None:
    labels = [BLOCKS[slug]["label"] for slug in ("suicide", "distress", "substance")]
    assert headings(blocks_of(built, "two")) == labels


def test_a_line_that_nobody_has_checked_is_shown_with_a_sentence_that_says_so(
    built: Built,
) -> None:
    block = blocks_of(built, "substance")
    assert block.count(NOT_CHECKED) == 1
    assert "Line doubtful" not in block


def test_a_block_without_a_line_has_the_emergency_sentence_and_the_way_to_all_numbers(
    built: Built,
) -> None:
    block = blocks_of(built, "eating")
    assert headings(block) == [BLOCKS["eating"]["label"]]
    assert EMERGENCY in block
    assert '<a href="/help/">' in block
    assert "tel:" not in block
    assert NOT_CHECKED not in block


def test_a_hard_story_keeps_the_strip_after_it_beside_its_blocks(built: Built) -> None:
    page = page_of(built, "eating")
    assert page.count('<aside class="help"') == 2
    assert page.rindex('<aside class="help"') < page.index('<section class="help-blocks"')


def test_a_block_that_the_vocabulary_has_dropped_does_not_lose_the_story_its_page(
    built: Built,
) -> None:
    block = blocks_of(built, "retired")
    assert headings(block) == ["Old word"]
    assert EMERGENCY in block
    assert "<p></p>" not in block


def test_the_operators_own_line_stands_with_who_answers_and_when(built: Built) -> None:
    block = blocks_of(built, "youth")
    assert "Our own line · answered by trained peers, every day, 6 pm to 10 pm" in block
    assert 'href="tel:8335550100"' in block


def test_in_production_a_block_has_only_lines_that_a_person_has_checked(tmp_path: Path) -> None:
    built = built_with(tmp_path, ROWS, HANDRAIL_ENV="production")
    block = blocks_of(built, "substance")
    assert "Line checked" in block
    assert "Line well-sourced" not in block
    assert NOT_CHECKED not in block
    assert EMERGENCY in blocks_of(built, "youth")


def test_in_production_every_block_stands_although_nothing_is_checked(tmp_path: Path) -> None:
    rows = (make_directory(), make_line("a"), make_line("b", topics="suicide;distress"))
    built = built_with(tmp_path, rows, HANDRAIL_ENV="production")
    block = blocks_of(built, "two")
    assert len(headings(block)) == block.count(EMERGENCY) == block.count('href="/help/"') == 3
    assert "tel:" not in block


def test_a_block_changes_no_list_and_no_feed(built: Built, tmp_path: Path) -> None:
    bare = [{**record} for record in STORIES.values()]
    for record in bare:
        record.pop("help", None)
    posts = lay_out(tmp_path / "posts", [Up(record, n) for n, record in enumerate(bare)])
    without = build(posts, tmp_path / "site", HELPLINES=write_rows(tmp_path, *ROWS))
    made_of_stories = {a for a in built.addresses() if a.endswith(("/", ".xml"))}
    changed = {a for a in made_of_stories if built.read(a) != without.read(a)}
    assert changed == {f"/stories/{id_of(number)}/" for number in range(1, len(STORIES))}
