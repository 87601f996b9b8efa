"""What a visitor may send: every field allow-listed, counted, single where it must be single."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from forum.admission import TRAP
from forum.characters import with_plain_line_ends
from forum.keys import Keyring
from forum.post import NOT_SCREENED, OPEN_KINDS, SECOND_OPINION, Fields, Highlight, Kind, Text
from forum.sanitize import TooLong, TooTangled, plain_line, sanitize
from forum.screening import screen
from forum.vocabulary import slugs

Given = Mapping[str, Sequence[str]]
"""A form as it came: each field's values, in order."""

LONGEST_TITLE = 120
SHORTEST_BODY = 20
"""Characters: a line or two is enough; a moderator can ask for more."""
MOST_ABOUT_ME = 2
"""More than two self-descriptions together begin to point at one person."""

SINGLE = ("kind", "title", "body", "stage", "arc", "to", "findable", "receipt", "consent", "token")
LISTS = {
    "topic": "topics",
    "helped": "helped",
    "about_me": "about_me",
    "content_note": "content_notes",
}
"""Form field to the vocabulary list its values come from."""

NO_ERRORS: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """Fields that cannot be taken as they are: field name to a sentence for the person."""

    def __init__(self, errors: Mapping[str, str], needs_new_form: bool = False) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = dict(errors)
        self.needs_new_form = needs_new_form


@dataclass(frozen=True)
class Submission:
    """A checked submission, sanitized and ready to be stored."""

    kind: Kind
    text: Text
    fields: Fields
    marks: tuple[str, ...]


def check(given: Given, known: Mapping[str, str] = NO_ERRORS) -> Submission:
    """The submission in a form; raise `Refused` with every error at once, the known among them."""
    submission, errors = _read(given, known)
    if errors:
        raise Refused(errors)
    return _screened(submission)


def errors_in(given: Given, known: Mapping[str, str] = NO_ERRORS) -> dict[str, str]:
    """Every error of a form, so that nobody has to find them one by one."""
    return _read(given, known)[1]


def _read(given: Given, known: Mapping[str, str]) -> tuple[Submission, dict[str, str]]:
    """The form sanitized and not yet screened, and all that is wrong with it."""
    errors = dict(known)
    single = {name: _single(given, name, errors) for name in SINGLE}
    chosen = {field: _chosen(given, field, errors) for field in LISTS}
    kind = _kind(single["kind"], errors)
    title = _title(single["title"], errors)
    text, marks = _body(single["body"], title, errors)
    fields = Fields(
        topics=chosen["topic"],
        stage=_slug(single["stage"], "stages", "stage", errors),
        arc=_slug(single["arc"], "arcs", "arc", errors),
        helped=chosen["helped"],
        about_me=chosen["about_me"],
        content_notes=chosen["content_note"],
        findable=_yes(single["findable"], "findable", errors),
    )
    _rest(given, single, chosen, errors)
    return Submission(kind, text, fields, marks), errors


def digest(keyring: Keyring, given: Given) -> bytes:
    """A keyed hash of everything that was sent but its token: 32 bytes that reveal none of it."""
    kept = {name: list(values) for name, values in given.items() if name not in ("token", "pow")}
    body = json.dumps(kept, sort_keys=True).encode("utf-8", "surrogatepass")
    return hmac.new(keyring.current.secret, b"handrail body\0" + body, hashlib.sha256).digest()


def _single(given: Given, name: str, errors: dict[str, str]) -> str:
    values = given.get(name, ())
    if len(values) > 1:
        errors[name] = "This came more than once. Please send it once."
    return values[0] if values else ""


def _chosen(given: Given, field: str, errors: dict[str, str]) -> tuple[str, ...]:
    values = {value for value in given.get(field, ()) if value}
    if not values <= slugs(LISTS[field]):
        errors[field] = "Please choose from the list."
    return tuple(sorted(values))


def _slug(value: str, vocabulary: str, field: str, errors: dict[str, str]) -> str:
    if value and value not in slugs(vocabulary):
        errors[field] = "Please choose from the list."
    return value


def _yes(value: str, field: str, errors: dict[str, str]) -> bool:
    if value not in ("", "no", "yes"):
        errors[field] = "Please answer yes or no."
    return value == "yes"


def _kind(value: str, errors: dict[str, str]) -> Kind:
    kind = next((kind for kind in OPEN_KINDS if kind.value == value), None)
    if kind is None:
        errors.setdefault("kind", "This form can take a story. Other kinds are not open yet.")
    return kind or Kind.STORY


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


def _body(typed: str, title: str, errors: dict[str, str]) -> tuple[Text, tuple[str, ...]]:
    nothing = Text(title, "", typed)
    if not typed.strip():
        errors.setdefault("body", "Please write your story here. A few lines are enough.")
        return nothing, ()
    try:
        clean = sanitize(typed)
    except (TooLong, TooTangled) as error:
        errors.setdefault("body", str(error))
        return nothing, ()
    if len(typed.strip()) < SHORTEST_BODY or not clean.html:
        errors.setdefault("body", "Please write a little more. A few lines are enough.")
    marks = () if clean.agreed else (SECOND_OPINION,)
    return Text(title, clean.html, plain_text(typed), clean.removed), marks


def _screened(submission: Submission) -> Submission:
    """The same with what the rules mark: places in the typed text, and the ids of all rules.

    Marks only tell a person where to look. Nothing here declines, shortens or rewrites.
    """
    text = submission.text
    body, title = screen(text.typed or ""), screen(text.title)
    highlights = tuple(Highlight(mark.rule, mark.start, mark.end) for mark in body.found)
    rules = sorted({mark.rule for mark in (*body.found, *title.found)})
    found = rules if body.screened else [NOT_SCREENED, *rules]
    marks = (*submission.marks, *found)
    return replace(submission, text=replace(text, highlights=highlights), marks=marks)


def plain_text(typed: str) -> str:
    """What was typed with its line ends alike and nothing that the store could not hold."""
    lines = with_plain_line_ends(typed)
    return lines.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _rest(
    given: Given,
    single: Mapping[str, str],
    chosen: Mapping[str, Sequence[str]],
    errors: dict[str, str],
) -> None:
    """The rules that no list or length expresses."""
    if single["consent"] != "yes":
        errors.setdefault(
            "consent", "Please tick this if you agree. Without it we cannot read what you wrote."
        )
    if len(chosen["about_me"]) > MOST_ABOUT_ME:
        errors.setdefault(
            "about_me",
            f"Please choose at most {MOST_ABOUT_ME}. More than that could point to you.",
        )
    if single["to"]:
        errors.setdefault("to", "A story does not answer another post.")
    if any(given.get(TRAP, ())):
        errors.setdefault(TRAP, "Please leave this field empty, then send it again.")
