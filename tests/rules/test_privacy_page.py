"""Every sentence of the privacy page is shown by a test, or says why none can show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.claims import Row, faults, is_promise, read_rows, sentences
from tests.rules.house import ROOT

PAGE = (ROOT / "content/pages/your-privacy.md").read_text("utf-8")
ROWS = read_rows(Path(__file__).with_name("privacy_claims.toml").read_text("utf-8"))

SMALL = """Title: Your privacy
Summary: What we keep

We keep little. Nobody is asked.

## 1. What you can do

- **Close the window:** when
  you leave."""
TESTS = """import pytest

def test_little_is_kept():
    assert "skip"

def test_never_run():
    pytest.skip("one day")

@pytest.mark.xfail
def test_may_fail():
    assert not "kept"

@pytest.mark.parametrize("case", [pytest.param(1, marks=pytest.mark.skip)])
def test_half_run(case):
    assert case

class TestInside:
    def test_of_a_class(self):
        assert self
"""
SHOWN = ("tests/test_small.py::test_little_is_kept",)
GOOD = (
    Row("Your privacy", says="signpost", because="It is the name of the page."),
    Row("What we keep", SHOWN),
    Row("We keep little.", SHOWN),
    Row("Nobody is asked.", SHOWN),
    Row("What you can do", says="signpost", because="A heading, and nothing more."),
    Row("**Close the window:** when you leave.", says="advice", because="Only a reader can do it."),
)


def test_every_sentence_of_the_privacy_page_is_shown_or_says_why_it_cannot_be() -> None:
    assert faults(PAGE, ROWS, ROOT) == []


def test_more_sentences_are_shown_than_excused() -> None:
    shown = [row for row in ROWS if row.shown_by]
    assert len(shown) > len(ROWS) / 2
    assert sum(is_promise(row.sentence) for row in shown) > 35


# --- the checker itself -----------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A house with one file of tests."""
    for where in ("tests/test_small.py", "tests/long/test_small.py", "tests/small.py"):
        (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / where).write_text(TESTS, "utf-8")
    passed_over = 'import pytest\npytestmark = pytest.mark.skipif(True, reason="x")\n' + TESTS
    (tmp_path / "tests/test_passed_over.py").write_text(passed_over, "utf-8")
    return tmp_path


def test_a_page_and_its_table_that_agree_have_no_fault(small: Path) -> None:
    assert faults(SMALL, GOOD, small) == []


def test_a_page_is_split_at_headings_items_and_full_stops() -> None:
    assert list(sentences(SMALL)) == [row.sentence for row in GOOD]
    page = "Title: A\nSummary: B\n\nSee [it](/a.b/). [That](/c/) is it, e.g. 1.5 days! “So?” No."
    assert list(sentences(page))[2:] == [
        "See [it](/a.b/).", "[That](/c/) is it, e.g. 1.5 days!", "“So?” No.",
    ]  # fmt: skip


@pytest.mark.parametrize("added", ["We sell it.", "\n- we sell it", "\n## 2. We sell it", " Ever."])
def test_a_sentence_without_a_row_is_caught(small: Path, added: str) -> None:
    (fault,) = faults(f"{SMALL}\n\n{added}", GOOD, small)
    assert fault.startswith("no row: ")


@pytest.mark.parametrize("row", GOOD)
def test_a_row_without_its_sentence_is_caught(small: Path, row: Row) -> None:
    page = SMALL.replace("leave.", "leave. Nobody is asked.")
    assert faults(page, [*GOOD, GOOD[3]], small) == []
    assert faults(SMALL, [*GOOD, row], small) == [f"not on the page: {row.sentence}"]


def test_one_changed_word_is_caught_on_both_sides(small: Path) -> None:
    assert faults(SMALL.replace("little", "Little"), GOOD, small) == [
        "no row: We keep Little.",
        "not on the page: We keep little.",
    ]


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("tests/test_small.py::test_nothing_is_kept", "no such test"),
        ("tests/test_small.py::test_of_a_class", "no such test"),
        ("tests/test_small.py::TestInside", "no such test"),
        ("tests/test_small.py", "no such test"),
        ("tests/test_other.py::test_little_is_kept", "no such test"),
        ("tests/small.py::test_little_is_kept", "no such test"),
        ("tests/long/test_small.py::test_little_is_kept", "not run with the others"),
        ("tests/test_small.py::test_never_run", "may be skipped"),
        ("tests/test_small.py::test_may_fail", "may be skipped"),
        ("tests/test_small.py::test_half_run", "may be skipped"),
        ("tests/test_passed_over.py::test_little_is_kept", "may be skipped"),
    ],
)
def test_a_row_that_leans_on_no_real_test_is_caught(small: Path, test: str, fault: str) -> None:
    leaning = [*GOOD[:2], Row(GOOD[2].sentence, (*SHOWN, test)), *GOOD[3:]]
    (found,) = faults(SMALL, leaning, small)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Row("We keep little."), "neither shown by a test nor excused"),
        (Row("We keep little.", says="true", because="Because it is so, friend."), "neither shown"),
        (Row("We keep little.", says="advice"), "promises without a test or a reason"),
        (Row("We keep little.", says="limit", because="So it is."), "promises without a test"),
        (Row("We keep little.", SHOWN, says="limit"), "both shown and excused"),
        (Row("We keep little.", says="signpost", because="It leads to the list."), "a signpost"),
    ],
)
def test_a_promise_that_is_only_called_advice_is_caught(small: Path, row: Row, fault: str) -> None:
    found = faults(SMALL, [*GOOD[:2], row, *GOOD[3:]], small)
    assert any(one.startswith(fault) for one in found)


@pytest.mark.parametrize("says", ["advice", "limit", "signpost"])
def test_nothing_is_excused_without_a_reason(small: Path, says: str) -> None:
    excused = [Row("Your privacy", says=says), *GOOD[1:]]
    assert faults(SMALL, excused, small) == ["no reason: Your privacy"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We keep nothing.",
        "After a day we no longer store it.",
        "Our software logs no address.",
        "They set no cookies.",
        "We never ask for your name.",
        "Moderators don't see your receipt.",
        "**If you take it back:** we erase it.",
        "The pages load nothing.",
    ],
)
def test_a_promise_is_known_by_its_verb(sentence: str) -> None:
    assert is_promise(sentence)


@pytest.mark.parametrize("sentence", ["Close the window.", "Most of them listen.", "Be kind."])
def test_advice_is_no_promise(sentence: str) -> None:
    assert not is_promise(sentence)


def test_a_row_with_a_field_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(TypeError):
        read_rows('[[row]]\nsentence = "We keep little."\nshown = ["x"]\n')
