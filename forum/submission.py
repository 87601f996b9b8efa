"""What a visitor may send: every field allow-listed, counted, single where it must be single."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from forum import canary, texts
from forum.admission import trapped
from forum.given import Given
from forum.keys import Keyring
from forum.post import TAKEN_KINDS, Fields, Kind
from forum.texts import Checked, Refused
from forum.vocabulary import slugs

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

OUTSIDE = ("token", "pow")
"""Fields that are about the form and no part of what was sent."""

NO_ERRORS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Submission:
    """A submission whose every field may be stored."""

    kind: Kind
    checked: Checked
    fields: Fields

    def screened(self) -> Submission:
        """The same with what the rules mark. Nobody need wait for that before all else is right."""
        return replace(self, checked=texts.screened(self.checked))


def check(given: Given, known: Mapping[str, str] = NO_ERRORS) -> Submission:
    """The sanitized submission in a form, not yet screened.

    Raises `Refused` with every error at once, the known among them.
    """
    submission, errors = _read(given, known)
    if errors:
        raise Refused(errors)
    return submission


def check_change(given: Given, kind: Kind) -> Submission:
    """New words and fields for a post of this kind, whose author has agreed to all else before."""
    agreed = {**given, "kind": [kind.value], "consent": ["yes"], "receipt": [], "to": []}
    return check(agreed)


def errors_in(given: Given, known: Mapping[str, str] = NO_ERRORS) -> dict[str, str]:
    """Every error of a form, so that nobody has to find them one by one."""
    return _read(given, known)[1]


def _read(given: Given, known: Mapping[str, str]) -> tuple[Submission, dict[str, str]]:
    """The form sanitized and not yet screened, and all that is wrong with it."""
    errors = dict(known)
    single = {name: _single(given, name, errors) for name in SINGLE}
    chosen = {field: _chosen(given, field, errors) for field in LISTS}
    kind = _kind(single["kind"], errors)
    checked = texts.read(single["title"], single["body"], errors)
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
    if kind is Kind.CANARY and not (_are_a_canarys(single) and fields == Fields()):
        errors.setdefault("kind", canary.REFUSED)
    return Submission(kind, checked, fields), errors


def digest(keyring: Keyring, given: Given) -> bytes:
    """A keyed hash of everything that was sent but its token: 32 bytes that reveal none of it."""
    kept = {name: list(values) for name, values in given.items() if name not in OUTSIDE}
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
    kind = next((kind for kind in TAKEN_KINDS if kind.value == value), None)
    if kind is None:
        errors.setdefault("kind", "This form can take a story. Other kinds are not open yet.")
    return kind or Kind.STORY


def _are_a_canarys(single: Mapping[str, str]) -> bool:
    return canary.is_canary(single["title"], single["body"])


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
    errors |= trapped(given)
