"""The documents are true: their tables equal the code, their links lead somewhere."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from forum import erasures, retention
from forum.post import State
from moderation.commands import backup_files
from moderation.commands.doctor import CHECKS
from moderation.commands.table import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
GUIDE = sorted((DOCS / "moderators").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *GUIDE, *DECISIONS]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def the_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=the_name)


def rows_under(document: Path, heading: str) -> dict[str, str]:
    """First cell to second cell of the table under a heading, its header left out."""
    section = document.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip().strip("`") for cell in line.split("|")] for line in lines]
    assert len(cells) == len({row[1] for row in cells}), "a row stands twice"
    return {row[1]: row[2] for row in cells}


def anchors_of(document: Path) -> set[str]:
    """The names by which headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def links_in(document: Path) -> Iterator[tuple[Path, str]]:
    without_code = re.sub(r"```.*?```|`[^`\n]+`", "", document.read_text("utf-8"), flags=re.DOTALL)
    for target in LINK.findall(without_code):
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            yield (document.parent / path if path else document), anchor


def test_the_retention_table_equals_the_clocks():
    clocks = {
        state.value: str(retention.CLOCKS[state]) if state in retention.CLOCKS else "no clock"
        for state in State
    }
    assert rows_under(DOCS / "retention.md", "Posts") == {
        **clocks,
        "what was typed, of an approved post": str(retention.TYPED_DAYS),
        "a reader's report": str(retention.REPORT_DAYS),
        "a used form": str(retention.SPENT_DAYS),
    }


def test_the_table_of_what_moderators_leave_behind_equals_the_code():
    assert rows_under(DOCS / "retention.md", "Moderators") == {
        "a claim on a post": in_words(retention.CLAIMED_FOR),
        "an undo": in_words(retention.UNDO_WITHIN),
        "a session": in_words(retention.SIGNED_IN_FOR),
        "a session without a click": in_words(retention.IDLE_FOR),
        "a passkey challenge": in_words(retention.CHALLENGED_FOR),
        "an invitation": in_words(retention.INVITED_FOR),
    }


def test_the_table_of_what_the_figures_are_made_of_equals_the_code():
    assert list(rows_under(DOCS / "retention.md", "Figures").values()) == [
        f"{retention.WAIT_DAYS} days",
        f"{retention.VERDICT_MONTHS} months",
    ]


def test_the_table_of_copies_equals_the_code():
    heading = "Copies, and what is noted so that they bring nothing back"
    assert list(rows_under(DOCS / "retention.md", heading).values()) == [
        f"{backup_files.BACKUP_DAYS} days",
        f"{erasures.KEPT_DAYS} days",
    ]


def in_words(lasts: timedelta) -> str:
    minutes = int(lasts.total_seconds() // 60)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


@every_document
def test_every_link_leads_somewhere(document):
    for target, anchor in links_in(document):
        assert target.exists(), f"{the_name(document)} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors_of(target), f"{the_name(target)} has no heading #{anchor}"


@every_document
def test_every_make_command_in_a_document_exists(document):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`| {4})(?:[A-Z_]+=\S+ )*make ([a-z-]+)", document.read_text()))
    assert named <= targets


def test_the_readme_names_the_commands_people_need():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "    make run " in readme
    assert "    make test " in readme


@every_document
def test_every_moderation_command_in_a_document_exists(document):
    named = set(re.findall(r"python -m moderation ([a-z-]+)", document.read_text("utf-8")))
    assert named <= COMMANDS.keys()


def test_the_operators_guide_tells_every_command():
    rows = rows_under(DOCS / "operators-guide.md", "Commands")
    told = {re.match(r"[a-z-]+", one.strip(" `"))[0] for cell in rows for one in cell.split(",")}
    assert told == set(COMMANDS)


def test_the_operators_guide_tells_every_check_of_the_doctor():
    assert set(rows_under(DOCS / "operators-guide.md", "What `doctor` checks")) == set(CHECKS)


def test_every_sentence_of_the_start_is_one_that_the_code_says():
    places = [*(ROOT / "infra" / "local").glob("*.*"), *(ROOT / "forum").glob("*.py")]
    said = " ".join(place.read_text("utf-8") for place in places)
    for sentence in rows_under(DOCS / "operators-guide.md", "When something fails"):
        assert sentence in said, sentence


@pytest.mark.parametrize("page", GUIDE, ids=the_name)
def test_every_button_in_the_moderators_guide_is_on_a_page_of_the_desk(page):
    pages = " ".join(p.read_text("utf-8") for p in (ROOT / "site/theme/templates/desk").glob("*"))
    bold = (" ".join(words.split()) for words in BOLD.findall(page.read_text("utf-8")))
    missing = {button for button in bold if button[-1] not in "?.:," and button not in pages}
    assert not missing


def test_the_guide_tells_the_clocks_as_they_are():
    """Those that are settings stand in docs/settings.md as well."""
    said = {page.stem: " ".join(page.read_text("utf-8").split()) for page in GUIDE}
    assert f"You hold it for {in_words(retention.CLAIMED_FOR)}." in said["the-queue"]
    told = {
        ("the-queue", "for one minute"): in_words(retention.UNDO_WITHIN) == "1 minute",
        ("enrol-and-sign-in", "for one day"): in_words(retention.INVITED_FOR) == "24 hours",
        ("enrol-and-sign-in", "half an hour without a click"): (
            in_words(retention.IDLE_FOR) == "30 minutes"
        ),
        ("enrol-and-sign-in", "after two hours"): in_words(retention.SIGNED_IN_FOR) == "2 hours",
        ("suggest-changes", "After 14 days"): retention.CLOCKS[State.OFFERED] == 14,
        ("return", "After 30 days"): retention.CLOCKS[State.RETURNED] == 30,
        ("decline", "After 30 days"): retention.CLOCKS[State.DECLINED] == 30,
    }
    assert all(told.values()), told
    assert not [(page, words) for page, words in told if words not in said[page]]


@pytest.mark.parametrize("decision", DECISIONS, ids=the_name)
def test_every_decision_gives_its_context_choice_and_consequences(decision):
    headings = re.findall(r"^## (.+)$", decision.read_text("utf-8"), re.MULTILINE)
    told = [heading for heading in headings if heading in ("Context", "Choice", "Consequences")]
    assert told == ["Context", "Choice", "Consequences"]


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for number, decision in zip(numbers, DECISIONS, strict=True):
        assert decision.read_text("utf-8").startswith(f"# {number}. ")


HOW_IT_WAS_WRITTEN = re.compile(
    r"issue #?\d|pull request|language model|artificial intelligence|chatbot|prompt|co-authored"
    r"|\b(?:was|were) (?:generated|written) by\b|(?<![\w.])/(?:work|tmp)/|\b(?:TODO|FIXME|XXX)\b",
    re.IGNORECASE,
)


@every_document
def test_documents_speak_of_the_forum_and_not_of_how_they_came_to_be(document):
    found = HOW_IT_WAS_WRITTEN.search(document.read_text("utf-8"))
    assert found is None, found
