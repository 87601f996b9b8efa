"""Everything that the site says in its own voice, wherever it stands: where, and what."""

from __future__ import annotations

import ast
import csv
import json
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.pages.hand_written import CONTENT, HAND_WRITTEN

ROOT = CONTENT.parent
THEME = ROOT / "site" / "theme"
TEMPLATES = sorted((THEME / "templates").rglob("*.html"))
SCRIPTS = sorted((THEME / "static" / "js").rglob("*.js"))
GUIDE = sorted((ROOT / "docs" / "moderators").glob("*.md"))
SPEAKING = ("doors", "api/door", "moderation/door", "moderation/commands", "forum", "site/plugins")
"""Folders whose modules hold sentences for people."""
OF_OTHERS = ("forum/screening/",)
"""What screening looks for are the words of others, not ours."""
LISTS = {
    "helplines.csv": ("answered_by", "hours"),
    "groups.csv": ("about",),
}
"""Tables of content/, and those of their columns in which we speak; names are others' own."""
SAID_ALOUD = ("aria-label", "alt", "title", "placeholder", "content")
"""Attributes that reach a reader."""

Said = Iterator[tuple[str, str]]


def own_copy() -> Said:
    """Everything; the words page alone is left out, for it speaks of those words."""
    yield from _pages()
    yield from _vocabulary()
    yield from _tables()
    yield from _messages()
    yield from ((_where(path), template_text(path.read_text("utf-8"))) for path in TEMPLATES)
    yield from ((_where(path), script_text(path.read_text("utf-8"))) for path in SCRIPTS)
    yield from ((_where(path), path.read_text("utf-8")) for path in GUIDE)
    yield from _modules()


def _where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _pages() -> Said:
    return ((_where(page.path), page.text) for page in HAND_WRITTEN if page.slug != "words")


def _vocabulary() -> Said:
    for name, words in json.loads((CONTENT / "vocabulary.json").read_text("utf-8")).items():
        for word in words:
            yield f"vocabulary.json/{name}/{word['slug']}", f"{word['label']}. {word['sentence']}"


def _tables() -> Said:
    for name, columns in LISTS.items():
        with (CONTENT / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield f"{name}/{row['id']}", ". ".join(row[column] for column in columns)


def _messages() -> Said:
    messages = tomllib.loads((CONTENT / "messages.toml").read_text("utf-8"))
    for key, message in messages.items():
        if isinstance(message, dict):
            yield f"messages.toml/{key}", f"{message['label']}. {message['text']}"


def _modules() -> Said:
    for folder in SPEAKING:
        for path in sorted((ROOT / folder).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            if not where.startswith(OF_OTHERS):
                yield where, module_text(path.read_text("utf-8"))


# --- What of a source a reader meets ------------------------------------------------------

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_SCRIPTS_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


def template_text(source: str) -> str:
    """What a template says: its text, its spoken attributes, and strings given to its macros."""
    source = _COMMENT.sub(" ", source)
    given = (string for code in _JINJA.findall(source) for string in _strings(code))
    page = _Shown()
    page.feed(_JINJA.sub(" ", source))
    return "\n".join((*page.said, *given))


def script_text(source: str) -> str:
    """What a script says: its strings that are more than a name."""
    return "\n".join(_strings(_SCRIPTS_COMMENT.sub("", source)))


def module_text(source: str) -> str:
    """What a module says: its strings that are more than a name, its docstrings left out."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
    )
    return "\n".join(string for string in strings if _is_said(string))


def _strings(code: str) -> Iterator[str]:
    found = ("".join(parts) for parts in _STRING.findall(code))
    return (string for string in found if _is_said(string))


def _is_said(string: str) -> bool:
    """Whether it can be more than a name of the code: two words, or one with a capital."""
    return bool(re.search(r"[A-Za-z] [A-Za-z]|^[A-Z][a-z]", string))


class _Shown(HTMLParser):
    """The text of a page and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in SAID_ALOUD]
