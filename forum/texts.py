"""What may be written: a title and a body, checked, sanitized and screened the same for everyone.

An author's words, their revision and a moderator's suggestion all take this one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forum.characters import with_plain_line_ends
from forum.post import NOT_SCREENED, SECOND_OPINION, Highlight, Text
from forum.route import Route, gravest
from forum.sanitize import TooLong, TooTangled, plain_line, sanitize
from forum.screening import screen

LONGEST_TITLE = 120
SHORTEST_BODY = 20
"""Characters: a line or two is enough; a moderator can ask for more."""


class Refused(Exception):
    """Fields that cannot be taken as they are: field name to a sentence for the person."""

    def __init__(self, errors: Mapping[str, str], needs_new_form: bool = False) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = dict(errors)
        self.needs_new_form = needs_new_form


@dataclass(frozen=True)
class Checked:
    """A text that can be stored, and why it needs a closer look: rule ids and marks."""

    text: Text
    marks: tuple[str, ...] = ()
    route: Route = Route.NOTE
    """The gravest of what was marked; held for a closer look where a check failed."""
    language: str = ""


def read(title: str, body: str, errors: dict[str, str]) -> Checked:
    """The text sanitized and not yet screened; what is wrong with it goes into `errors`."""
    return _body(body, _title(title, errors), errors)


def screened(checked: Checked) -> Checked:
    """The same with what the rules mark: places in the typed text, and the ids of all rules.

    Marks only tell a person where to look. Nothing here declines, shortens or rewrites.
    """
    text = checked.text
    body, title = screen(text.typed or ""), screen(text.title)
    highlights = tuple(Highlight(mark.rule, mark.start, mark.end) for mark in body.found)
    rules = sorted({mark.rule for mark in (*body.found, *title.found)})
    found = rules if body.screened else [NOT_SCREENED, *rules]
    marks = (*checked.marks, *found)
    routes = [mark.route for mark in (*body.found, *title.found)]
    held = [Route.HOLD] if {NOT_SCREENED, SECOND_OPINION} & set(marks) else []
    marked = replace(text, highlights=highlights)
    return Checked(marked, marks, gravest([*routes, *held]), body.language)


def title_alone(value: str) -> str:
    """A title without its body, checked; raise `Refused`."""
    errors: dict[str, str] = {}
    title = _title(value, errors)
    if errors:
        raise Refused(errors)
    return title


def check(title: str, body: str) -> Checked:
    """The text sanitized and screened; raise `Refused` with everything that is wrong with it."""
    errors: dict[str, str] = {}
    checked = read(title, body, errors)
    if errors:
        raise Refused(errors)
    return screened(checked)


def plain_text(typed: str) -> str:
    """What was typed with its line ends alike and nothing that the store could not hold."""
    lines = with_plain_line_ends(typed)
    return lines.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _title(value: str, errors: dict[str, str]) -> str:
    title = plain_line(value).strip()
    if "\n" in title:
        errors.setdefault("title", "A title is one line. Please take out the line breaks.")
    if len(title) > LONGEST_TITLE:
        errors.setdefault(
            "title",
            f"This title is {len(title)} characters long. The longest is {LONGEST_TITLE}.",
        )
    return title


def _body(typed: str, title: str, errors: dict[str, str]) -> Checked:
    nothing = Checked(Text(title, "", typed))
    if not typed.strip():
        errors.setdefault("body", "Please write your story here. A few lines are enough.")
        return nothing
    try:
        clean = sanitize(typed)
    except (TooLong, TooTangled) as error:
        errors.setdefault("body", str(error))
        return nothing
    if len(typed.strip()) < SHORTEST_BODY or not clean.html:
        errors.setdefault("body", "Please write a little more. A few lines are enough.")
    text = Text(title, clean.html, plain_text(typed), clean.removed)
    return Checked(text, () if clean.agreed else (SECOND_OPINION,))
