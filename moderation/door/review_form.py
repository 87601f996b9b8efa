"""The form in which a moderator decides on every marked word and on what stands around the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from doors.forms import Given, number
from forum.curation import LISTS, SINGLE, NotOnTheList, curated, proposal
from forum.given import first
from forum.post import Act, Post, State, Text
from forum.review import BadReplacement, Choice, Stretch, Undecided, stretches
from forum.rows import Verdict
from forum.screening import RULES
from forum.settling import Review
from forum.vocabulary import VOCABULARY, Word, slugs
from moderation.door.guide import grey_area

STILL_OPEN = "Please choose what becomes of these words."
CANNOT_STAND = "Please write one line of up to 200 characters, or nothing, to take the words out."
UNKNOWN_WORD = "Please choose from the list."
FIELD_NAMES = {
    "topics": "Topics",
    "stage": "Stage",
    "arc": "Arc",
    "content_notes": "Content notes",
    "help": "Help under the story",
}
CURATED = "curated"
"""Hidden field: the form shows the fields around the text, so that none ticked means none."""


def read_review(given: Given, post: Post) -> Review:
    """The review in a form; raise `NotOnTheList`."""
    choices = {}
    for name in given:
        which = number(name.removeprefix("verdict-")) if name.startswith("verdict-") else None
        verdict = next((v for v in Verdict if v.value == first(given, name)), None)
        if which is not None and verdict:
            choices[which] = Choice(verdict, first(given, f"words-{which}").strip())
    if not first(given, CURATED):
        return Review(choices)
    chosen = {name: given.get(name, ()) for name in (*LISTS, *SINGLE)}
    return Review(choices, curated(post.fields, chosen))


def errors_of(error: Exception) -> dict[str, str]:
    """What a review that cannot be taken says, by field."""
    match error:
        case Undecided():
            return {f"verdict-{number}": STILL_OPEN for number in error.numbers}
        case BadReplacement():
            return {f"words-{number}": CANNOT_STAND for number in error.numbers}
        case NotOnTheList():
            return {str(error): UNKNOWN_WORD}
    raise error


def shown_stretches(text: Text, given: Given) -> list[dict[str, Any]]:
    """Every marked stretch with its rules, and with what was chosen for it so far."""
    return [_shown(stretch, given) for stretch in stretches(text)]


def shown_fields(post: Post, given: Given) -> list[dict[str, Any]]:
    """The fields around the text: what can be chosen, what is, and what was proposed."""
    proposed: Mapping[str, Sequence[str]] = vars(proposal(post)) if _first_look(post) else {}
    typed = bool(first(given, CURATED))
    shown = []
    for name, label in FIELD_NAMES.items():
        held = getattr(post.fields, name)
        held = (held,) if isinstance(held, str) else held
        suggested = proposed.get(name, ())
        shown.append(
            {
                "name": name,
                "label": label,
                "several": name in LISTS,
                "options": _options(SINGLE.get(name, name), held),
                "chosen": list(given.get(name, ())) if typed else [*held, *suggested],
                "suggested": suggested,
            }
        )
    return shown


def labels(shown: Sequence[Mapping[str, Any]], form: str, folded: bool) -> dict[str, str]:
    """What the fields of the form that came back are called, for the list of what is wrong."""
    named = dict(FIELD_NAMES)
    for stretch in shown:
        words = f"Marked words, number {stretch['number'] + 1}" if folded else stretch["words"]
        named |= {f"{what}-{stretch['number']}": words for what in ("verdict", "words")}
    if form == Act.OFFER.value:
        named |= {"title": "Title", "body": "Text"}
    return named | {"words": "Your own sentence", "template": "The message"}


def _first_look(post: Post) -> bool:
    """Whether nobody decided on its fields yet: what one reader unticked is not ticked again."""
    return post.state in (State.RECEIVED, State.APPEALED) and not post.editors


def _options(vocabulary: str, held: Sequence[str]) -> list[Word]:
    """What can be chosen: the list, and what stands there of words that were retired since."""
    retired = [Word(slug, slug, "") for slug in held if slug and slug not in slugs(vocabulary)]
    return [*VOCABULARY[vocabulary], *retired]


def _shown(stretch: Stretch, given: Given) -> dict[str, Any]:
    verdict, words = f"verdict-{stretch.number}", f"words-{stretch.number}"
    return {
        "number": stretch.number,
        "in_title": stretch.field == "title",
        "words": stretch.words,
        "needs_decision": stretch.needs_decision,
        "rules": [_rule(rule) for rule in stretch.rules],
        "suggest": stretch.suggest,
        "verdict": first(given, verdict),
        "replacement": first(given, words) if {verdict, words} & {*given} else stretch.suggest,
    }


def _rule(rule: str) -> dict[str, str]:
    known = RULES.get(rule)
    name, reason = (known.name, known.reason) if known else (rule, "")
    return {"name": name, "reason": reason, "address": grey_area(rule) if known else ""}
