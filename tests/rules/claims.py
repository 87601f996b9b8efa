"""The privacy page sentence by sentence, and what shows that each of them is true."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAYS = {"advice", "limit", "signpost"}
"""What a sentence may be that no test shows: what the reader can do, what we cannot do or cannot
test, or a line that only leads to the next ones."""

UNRUN = ("tests/long/", "tests/benchmarks/")
"""Folders that an ordinary run of the tests passes over."""

NEVER_RUN = {"skip", "skipif", "skipIf", "skipUnless", "SkipTest", "xfail", "importorskip"}
"""What can keep a test from running, or let it fail in silence."""

PROMISE = re.compile(
    r"\b(we|our software|our machine|this site|(?:the|a) (?:cookie|receipt|list|note|mark)|"
    r"moderators|the people who|it|the pages|the page|the text|the story|your words|they)\b"
    r"[^.:]*?\b(keeps?|kept|stores?|logs?|asks?|erased?|sees?|shows?|sets?|loads?|reads?|hands?|"
    r"pass|sends?|traces?|calls?|knows?|looks?|works?|comes?|stays?|decided?)\b",
    re.IGNORECASE,
)
"""Somebody or something of ours, and a verb for what is done with what people leave here."""

FEWEST_WORDS = 5
"""Words that a reason has, at the least."""


@dataclass(frozen=True)
class Row:
    """A sentence of the page with the tests that show it, or with the reason why none does."""

    sentence: str
    shown_by: tuple[str, ...] = ()
    says: str = ""
    because: str = ""


def read_rows(text: str) -> list[Row]:
    """The rows of the table; a field that nobody knows is an error."""
    rows: list[dict[str, Any]] = tomllib.loads(text)["row"]
    return [Row(**{**row, "shown_by": tuple(row.get("shown_by", ()))}) for row in rows]


def sentences(page: str) -> Iterator[str]:
    """Every sentence of a page, its Markdown left as it is: the title, the summary, headings, list
    items and paragraphs, each split where a full stop is followed by a new beginning.
    """
    head, _, body = page.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    for block in (fields["Title"], fields["Summary"], *blocks(body)):
        yield from re.split(r"(?<=[.!?])\s+(?=[A-Z*\[“\"])", block)


def blocks(body: str) -> Iterator[str]:
    """Wrapped lines of one paragraph or item as one; headings and items without mark or number."""
    block: list[str] = []
    for line in [*(line.strip() for line in body.splitlines()), ""]:
        starts = re.match(r"#+ |[-*] |\d+\. ", line)
        if block and (starts or not line):
            yield " ".join(block)
            block = []
        if line.startswith("#"):
            yield re.sub(r"^#+ (\d+\. )?", "", line)
        elif line:
            block.append(line[starts.end() :] if starts else line)


def faults(page: str, rows: Sequence[Row], root: Path) -> list[str]:
    """Everything that is wrong between a page and its table."""
    on_page, in_table = Counter(sentences(page)), Counter(row.sentence for row in rows)
    found = [f"no row: {one}" for one in (on_page - in_table).elements()]
    found += [f"not on the page: {one}" for one in (in_table - on_page).elements()]
    for row in rows:
        found += [f"{fault}: {row.sentence}" for fault in faults_of(row, root)]
    return found


def faults_of(row: Row, root: Path) -> Iterator[str]:
    """What is wrong with one row."""
    if row.shown_by:
        if row.says or row.because:
            yield "both shown and excused"
        yield from (fault for test in row.shown_by for fault in faults_of_test(test, root))
        return
    if row.says not in SAYS:
        yield "neither shown by a test nor excused"
    if len(row.because.split()) < FEWEST_WORDS:
        yield "promises without a test or a reason" if is_promise(row.sentence) else "no reason"
    if row.says == "signpost" and (not leads_on(row.sentence) or is_promise(row.sentence)):
        yield "a signpost that says something"


def is_promise(sentence: str) -> bool:
    """Whether it says what we do, or do not do, with what people leave here."""
    return bool(PROMISE.search(sentence))


def leads_on(sentence: str) -> bool:
    """Whether it is a heading or a title, or ends in a colon."""
    return not sentence.endswith((".", "!", "?"))


def faults_of_test(test: str, root: Path) -> Iterator[str]:
    """What is wrong with a test as `file::function`: it is not there, or is not always run."""
    where, _, name = test.partition("::")
    path = root / where
    if not (path.is_file() and path.name.startswith("test_") and name.startswith("test_")):
        yield f"no such test ({test})"
        return
    if where.startswith(UNRUN):
        yield f"not run with the others ({test})"
    tree = ast.parse(path.read_text("utf-8"))
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if len(named) != 1:
        yield f"no such test ({test})"
    elif any(may_not_run(node) for node in (*named, *marks_for_all(tree))):
        yield f"may be skipped or may fail ({test})"


def marks_for_all(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements of a module that could keep every test in it from running."""
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            yield node


def may_not_run(statement: ast.stmt) -> bool:
    """Whether it holds a call or a mark that skips a test or lets it fail."""
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(statement)
        if isinstance(node, (ast.Attribute, ast.Name))
    }
    return not names.isdisjoint(NEVER_RUN)
