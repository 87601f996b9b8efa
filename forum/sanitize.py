"""Turns whatever a visitor typed into HTML that can do nothing but show their words.

Text goes through three walls: the guard (forum/markup.py; the grammar of every result is in
forum/tree.py), then bleach, then nh3, an independent sanitizer, as a second opinion.
What was typed is what is read: "&", "<3" and "&amp;" show just as they were typed.
"""

import html
import threading
from dataclasses import dataclass

import nh3
from bleach.sanitizer import Cleaner

from forum.characters import on_one_line, with_plain_line_ends, without_disguises
from forum.markup import well_formed
from forum.tree import ALLOWED, TooTangled

__all__ = ["Sanitized", "TooLong", "TooTangled", "agrees", "clean", "plain_line", "sanitize"]

MOST_CHARACTERS = 12_000
MOST_TAGS = 600
MOST_GROWTH = 5
"""A result is at most this many times as long as its text..."""
ROOM_FOR_SHORT_TEXTS = 1_000
"""...or has at most this many characters, so that a short text full of "&" is no trouble."""
MOST_REMOVED = 50

_MOST_HTML = MOST_CHARACTERS * MOST_GROWTH


class TooLong(ValueError):
    """The text has more characters than a post may have. The message is fit to show a writer."""

    def __init__(self, characters: int, most: int) -> None:
        """Say by how much, and what to do."""
        super().__init__(
            f"This has {characters:,} characters, and the most we can take is {most:,}. "
            "Please make it shorter, or share it in two parts."
        )


@dataclass(frozen=True)
class Sanitized:
    """A text made safe, what was taken out of it (for the moderators), the second opinion."""

    html: str
    removed: tuple[str, ...]
    agreed: bool
    """False where nh3 would change what bleach let through: hold the post, and mark it."""


def sanitize(typed: str) -> Sanitized:
    """Turn what was typed (at most 12,000 characters) into safe HTML.

    Raises TooLong or TooTangled, each with a message fit to show the writer.
    """
    text = with_plain_line_ends(typed)
    _refuse_if_longer(text, MOST_CHARACTERS)
    text, disguises = without_disguises(text)
    grown, tags = well_formed(text, read=str, most_tags=MOST_TAGS)
    _refuse_if_overgrown(grown, text)
    result = _bleached(grown)
    return Sanitized(result, _listed({**disguises, **tags}), agrees(result))


def clean(markup: str) -> str:
    """Put HTML (at most 60,000 characters) through guard and bleach once more.

    The laws: clean(clean(x)) == clean(x) and clean(sanitize(x).html) == sanitize(x).html.
    Entities are read as HTML reads them; line ends as a writer means them.
    Raises TooLong or TooTangled.
    """
    _refuse_if_longer(markup, _MOST_HTML)
    text = _plain(markup)
    grown, _ = well_formed(text, read=_without_entities, most_tags=_MOST_HTML)
    _refuse_if_overgrown(grown, text)
    _refuse_if_longer(grown, _MOST_HTML)
    return _bleached(grown)


def plain_line(typed: str) -> str:
    """Give a single-line field as plain text, not HTML, without disguising characters.

    Line ends of every kind come back as "\\n", for the caller to refuse; so does any length.
    """
    return without_disguises(on_one_line(typed))[0]


def agrees(result: str) -> bool:
    """Say whether nh3, with the same list of tags, would change nothing in this HTML."""
    opinion = nh3.clean(result, tags=set(ALLOWED), attributes={}, link_rel=None)
    return _same_spelling(opinion) == _same_spelling(result)


def _same_spelling(markup: str) -> str:
    """Undo the one harmless difference: nh3 spells a no-break space as an entity."""
    return markup.replace("&nbsp;", "\N{NO-BREAK SPACE}")


def _without_entities(text: str) -> str:
    """Read entities, and take out what they may have hidden."""
    return _plain(html.unescape(text)) if "&" in text else text


def _plain(text: str) -> str:
    return without_disguises(with_plain_line_ends(text))[0]


_of_this_thread = threading.local()


def _bleached(markup: str) -> str:
    """Run bleach. A Cleaner keeps its parser's state, so each thread has one of its own."""
    if not hasattr(_of_this_thread, "cleaner"):
        _of_this_thread.cleaner = Cleaner(
            tags=ALLOWED, attributes={}, protocols=frozenset(), strip=True, strip_comments=True
        )
    return str(_of_this_thread.cleaner.clean(markup))


def _refuse_if_longer(text: str, most: int) -> None:
    if len(text) > most:
        raise TooLong(len(text), most)


def _refuse_if_overgrown(grown: str, text: str) -> None:
    if len(grown) > max(ROOM_FOR_SHORT_TEXTS, MOST_GROWTH * len(text)):
        raise TooTangled


def _listed(taken: dict[str, int]) -> tuple[str, ...]:
    """Give a line for each kind of thing taken out, and no more lines than a page can bear."""
    lines = [f"{what} ({count} times)" if count > 1 else what for what, count in taken.items()]
    if len(lines) > MOST_REMOVED:
        rest = len(lines) - MOST_REMOVED + 1
        lines[MOST_REMOVED - 1 :] = [f"and {rest:,} more kinds"]
    return tuple(lines)
