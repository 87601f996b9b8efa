"""A text becomes the words by which it can be found; a browser must find the same in what is typed.

Marks and case go (NFKD), apostrophes too; all that is no letter or digit parts words, in any
script. The most common words are left out: they stand in every story and tell nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from story_pages.stories import Story, plain_text
from story_pages.words import Word

STOP = tuple(Path(__file__).with_name("search_stop.txt").read_text("ascii").split())
"""Words nobody finds anything by. Browsers get this list with the index."""
CLASSES = 4
"""How much a word says of a story: it stands in it, often, very often, or over it."""

Terms = tuple[str, ...]
"""The words of one text, parted by spaces, for each class from the lightest on."""
NONE: Terms = ("",) * CLASSES

_WORD = re.compile(r"[^\W_]{2,24}")
_STOP = frozenset(STOP)
_PLAIN = str.maketrans({"’": None, "ʼ": None, "'": None, "“": " ", "”": " ", "‘": " ", "—": " "})
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_USUAL_LENGTH = 150
"""Words, the common ones apart, of a story of middling length. In a longer one each has to come
more often to weigh as much (after BM25; Robertson and Zaragoza, 2009)."""


def words_in(text: str) -> list[str]:
    """Every word by which a text can be found, as often as it stands there."""
    text = text.translate(_PLAIN) if not text.isascii() else text.replace("'", "")
    text = text.lower() if text.isascii() else _without_marks(text)
    return [word for word in _WORD.findall(text) if word not in _STOP]


def terms_of(story: Story) -> Terms:
    """What a story can be found by. Its title, its pen name and its lists weigh most."""
    lists = (*story.topics, *story.helped, *_some(story.stage), *_some(story.arc))
    over = [story.title, story.pen_name, *(word.label for word in lists)]
    return weighed(over, plain_text(story.body))


def weighed(over: Iterable[str], text: str) -> Terms:
    """The words of a text, and of what stands over it."""
    most = set(words_in(" ".join(over)))
    spoken = words_in(text)
    usual = 0.3 + 0.7 * len(spoken) / _USUAL_LENGTH
    often, very_often = usual * 2 / 3, usual * 2
    found: tuple[list[str], ...] = ([], [], [])
    for word, number in Counter(spoken).items():
        if word not in most:
            found[(number > often) + (number > very_often)].append(word)
    return (*map(" ".join, found), " ".join(most))


def _without_marks(text: str) -> str:
    return _BEYOND.sub(_letters, unicodedata.normalize("NFKD", text).lower())


def _letters(found: re.Match[str]) -> str:
    return "".join(one for one in found.group() if unicodedata.category(one)[0] != "M")


def _some(word: Word | None) -> Iterable[Word]:
    return (word,) if word else ()
