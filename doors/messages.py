"""The messages to authors: all their words can be changed in one file, and none goes out broken.

The file is content/messages.toml; its head tells an operator how it is written. A door reads it
when it starts, and does not start if it is wrong: the page that hands out a receipt is made after
the words are stored.

A message is known by its key, which is the reason code in the record of decisions.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forum.post import Act, State
from forum.retention import CLOCKS

FILE = Path(__file__).with_name("messages.toml")
"""The one file: in a checkout a link to content/messages.toml, in a bundle a copy of it."""

LONGEST = 2_000
"""Characters of a message as it is sent, the moderator's own words among them."""
LONGEST_TEXT = 1_500
"""Characters of a template: what is left is the moderator's."""
LONGEST_LABEL = 80
LONGEST_KEY = 40

FIELDS = ("id", "for", "label", "text")
PAGE = "page"
DECISIONS = {
    Act.APPROVE: State.APPROVED,
    Act.OFFER: State.OFFERED,
    Act.RETURN: State.RETURNED,
    Act.DECLINE: State.DECLINED,
    Act.ESCALATE: State.ESCALATED,
    Act.TAKE_DOWN: State.TAKEN_DOWN,
}
"""Decisions that authors get a message about, and where each leads. All need a template."""

PAGES = frozenset(
    {
        *("received", "received-again", "waiting", "waiting-second", "held-back"),
        *("second-look", "withdrawn", "withdrawn-from-site", "erased"),
    }
)
"""Keys that the visitors' pages show by themselves."""
WAITING = frozenset({"received", "received-again", "waiting"})
"""Those of them that say how long reading takes."""
WAIT = "{wait}"
"""Stands in these for the days in which a post is usually read; a page puts them in."""
NEEDED: Mapping[str, Act] = {
    "published": Act.APPROVE,
    "edited-told": Act.APPROVE,
    "edited-kept": Act.APPROVE,
    "appeal-published": Act.APPROVE,
    "changes-offered": Act.OFFER,
    "flood": Act.DECLINE,
    "appeal-kept": Act.DECLINE,
    "worried": Act.ESCALATE,
}
"""Keys that the desk chooses by itself, and the decision each goes with."""


class MessagesError(ValueError):
    """The file cannot be used; the message names the key and the field."""


class TooLong(ValueError):
    """The moderator's own words make the message longer than one may be."""

    def __init__(self, over: int) -> None:
        super().__init__(f"{over} characters too many")
        self.over = over


class OwnWordsNeeded(ValueError):
    """This template says too little without a sentence of the moderator's own."""


@dataclass(frozen=True)
class Template:
    """One message, its text in paragraphs with an empty line between them."""

    key: str
    id: str
    """M1 to M10, or "" if it is none of these."""
    act: Act | None
    """The decision it can go with; None for a text that a page shows by itself."""
    label: str
    """What a moderator sees in the list; of a page's text, its heading."""
    text: str
    needs_own: bool = False

    @property
    def paragraphs(self) -> list[str]:
        """The text as a page shows it."""
        return paragraphs(self.text)


@dataclass(frozen=True)
class Messages:
    """Every template by its key, in the file's order."""

    templates: Mapping[str, Template]

    def __getitem__(self, key: str) -> Template:
        return self.templates[key]

    @property
    def keys(self) -> tuple[str, ...]:
        """The reason codes: the keys of all that can go with a decision."""
        return tuple(key for key, template in self.templates.items() if template.act)

    def for_act(self, act: Act) -> tuple[Template, ...]:
        """What a moderator can choose from for a decision; none for acts without a message."""
        return tuple(template for template in self.templates.values() if template.act is act)

    def label(self, key: str) -> str:
        """A reason code in words; the code itself once its message has left the file."""
        return self.templates[key].label if key in self.templates else key


@cache
def messages() -> Messages:
    """The messages of this installation, read once."""
    return load(FILE)


def compose(template: Template, own_sentence: str = "") -> str:
    """What the author gets: the template, then the moderator's own words as their own paragraph.

    Raises `OwnWordsNeeded`, and `TooLong` over 2,000 characters.
    """
    own = own_sentence.strip()
    if template.needs_own and not own:
        raise OwnWordsNeeded
    words = f"{template.text}\n\n{own}" if own else template.text
    if len(words) > LONGEST:
        raise TooLong(len(words) - LONGEST)
    return words


def paragraphs(words: str) -> list[str]:
    """A message as pages show it: one paragraph a line, empty lines left out."""
    return [line for line in words.splitlines() if line.strip()]


def load(path: Path) -> Messages:
    """Read the file and check all of it; raise `MessagesError` if anything in it is wrong."""
    templates = {
        key: _template(key, fields, f"{path.name}, [{key}]") for key, fields in _read(path).items()
    }
    found = Messages(templates)
    for key, act in {**dict.fromkeys(sorted(PAGES)), **NEEDED}.items():
        if key not in templates:
            raise MessagesError(f"{path.name}, [{key}]: is missing, and must be there")
        if templates[key].act is not act:
            wanted = act.value if act else PAGE
            raise MessagesError(f"{path.name}, [{key}], field 'for': should be {wanted!r} here")
    for act in DECISIONS:
        if not found.for_act(act):
            raise MessagesError(f"{path.name}: no message is for {act.value!r}")
    return found


def _read(path: Path) -> dict[str, Any]:
    """The file's tables by key, not looked at yet."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MessagesError(f"{path.name} cannot be read as UTF-8: {error}") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        named = Counter(re.findall(r"^\[([\w-]+)\]", text, re.MULTILINE))
        for key, number in named.items():
            if number > 1:
                raise MessagesError(f"{path.name}, [{key}]: stands there twice") from error
        raise MessagesError(f"{path.name} is not written as TOML: {error}") from error


def _template(key: str, fields: object, where: str) -> Template:
    if not isinstance(fields, dict):
        raise MessagesError(f"{where}: stands in no message; a line [NAME] must come before it")
    if len(key) > LONGEST_KEY or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        name = f"small letters and digits, joined by hyphens, up to {LONGEST_KEY} characters"
        raise MessagesError(f"{where}: a name is {name}")
    _check_fields(fields, where)
    act = _act(key, fields["for"], where)
    return Template(
        key=key,
        id=_id(fields.get("id", ""), where),
        act=act,
        label=_label(fields["label"], where),
        text=_filled(key, _text(fields["text"], where), act, where),
        needs_own=_needs_own(fields, act, where),
    )


def _check_fields(fields: Mapping[str, object], where: str) -> None:
    """Every field is known and of its kind, and what every message needs is there."""
    kinds: Mapping[str, type] = {**dict.fromkeys(FIELDS, str), "needs_own_words": bool}
    for name, value in fields.items():
        if name not in kinds:
            raise MessagesError(f"{where}, field {name!r}: no message has a field of this name")
        if type(value) is not kinds[name]:
            kind = "true or false" if kinds[name] is bool else "words in quotes"
            raise MessagesError(f"{where}, field {name!r}: should be {kind}")
    for name in ("for", "label", "text"):
        if not str(fields.get(name, "")).strip():
            raise MessagesError(f"{where}, field {name!r}: is missing or empty")


def _id(given: str, where: str) -> str:
    if given and not re.fullmatch(r"M([1-9]|10)", given):
        raise MessagesError(f"{where}, field 'id': {given!r} should be M1 to M10, or left out")
    return given


def _act(key: str, given: str, where: str) -> Act | None:
    """The decision; None for a text of a page."""
    where = f"{where}, field 'for'"
    if given == PAGE:
        if key not in PAGES:
            raise MessagesError(f"{where}: no page shows a text of this name")
        return None
    for act in DECISIONS:
        if given == act.value:
            return act
    known = ", ".join(act.value for act in DECISIONS)
    raise MessagesError(f"{where}: {given!r} should be one of {known}, or {PAGE}")


def _label(given: str, where: str) -> str:
    label = given.strip()
    if len(label) > LONGEST_LABEL or not label.isprintable():
        wanted = f"one line of up to {LONGEST_LABEL} characters"
        raise MessagesError(f"{where}, field 'label': should be {wanted}")
    return label


def _text(given: str, where: str) -> str:
    """The words without the file's own line ends."""
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", given.strip())]
    text = "\n\n".join(blocks)
    if len(text) > LONGEST_TEXT:
        over = f"{len(text)} characters, and the longest is {LONGEST_TEXT}"
        raise MessagesError(f"{where}, field 'text': has {over}")
    if not "".join(blocks).isprintable():
        raise MessagesError(f"{where}, field 'text': holds a character that cannot be seen")
    return text


def _filled(key: str, text: str, act: Act | None, where: str) -> str:
    """The text with {days} filled, which is known where a clock runs; {wait} changes by the day."""
    where = f"{where}, field 'text'"
    days = CLOCKS.get(DECISIONS[act]) if act else None
    if "{days}" in text and days is None:
        raise MessagesError(f"{where}: {{days}} has no number here, for nothing is erased")
    filled = text if days is None else text.replace("{days}", str(days))
    stray = re.search(r"\{[^{}]*\}?|\}", filled.replace(WAIT, "") if key in WAITING else filled)
    if stray:
        known = WAIT if key in WAITING else "{days}"
        raise MessagesError(f"{where}: {stray[0]} is no placeholder; the only one is {known}")
    return filled


def _needs_own(fields: Mapping[str, Any], act: Act | None, where: str) -> bool:
    needed: bool = fields.get("needs_own_words", False)
    if needed and act is None:
        raise MessagesError(f"{where}, field 'needs_own_words': a page has no moderator to add any")
    return needed
