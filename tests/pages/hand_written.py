"""The pages that are written by hand, as their readers meet them, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CONTENT = Path(__file__).parents[2] / "content"
HIGHEST_GRADE = 8
"""Years of school that a reader of our own pages needs at most."""


@dataclass(frozen=True)
class HandWritten:
    """One file of Markdown: what its head says, and its body."""

    path: Path
    head: dict[str, str]
    body: str

    @property
    def slug(self) -> str:
        """Its address, without the slashes."""
        return self.head["Slug"]

    @property
    def text(self) -> str:
        """All that a reader may meet of it."""
        return "\n\n".join((self.head["Title"], self.head["Summary"], self.body))

    @property
    def links(self) -> list[str]:
        """Where its links lead, in order."""
        return re.findall(r"\]\(([^)]*)\)", self.body)

    def listed(self, name: str) -> list[str]:
        """The slugs under one name of its head."""
        return [slug.strip() for slug in self.head.get(name, "").split(",") if slug.strip()]


def read_page(path: Path) -> HandWritten:
    """A page of these folders."""
    head, body = page_parts(path)
    return HandWritten(path, head, body)


def page_parts(path: Path) -> tuple[dict[str, str], str]:
    """A page's metadata and its Markdown."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    return {name: value for name, _, value in pairs}, body


PAGES = [read_page(path) for path in sorted((CONTENT / "pages").glob("*.md"))]
RESOURCES = [read_page(path) for path in sorted((CONTENT / "resources").glob("*.md"))]
HAND_WRITTEN = [*PAGES, *RESOURCES]
BY_SLUG = {page.slug: page for page in HAND_WRITTEN}


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
