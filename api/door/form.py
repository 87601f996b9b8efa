"""The form for a story: shown fresh, brought back with everything typed, or to change a story."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from api.door.care import for_people
from doors.answers import Errors, Headers, page
from forum.given import Given, first
from forum.vocabulary import VOCABULARY

LABELS = {
    "body": "Your story",
    "title": "Title",
    "stage": "Where you are on the way",
    "topic": "What it is about",
    "arc": "How your story moves",
    "helped": "What helped",
    "content_note": "What it mentions",
    "about_me": "About you",
    "findable": "Search engines",
    "receipt": "Your receipt",
    "consent": "Before you send",
}
SENT_ON = (
    *("kind", "title", "body", "topic", "stage", "arc", "helped", "content_note", "about_me"),
    *("findable", "consent", "token", "pow"),
)
"""Fields that a page between the form and the sending carries on."""
RETYPE = "Please type your six words once more. We never put them back on a page."


@dataclass(frozen=True)
class Typed:
    """What the person had typed, for the form to show again."""

    given: Given

    def one(self, name: str) -> str:
        """The field's value."""
        return first(self.given, name)

    def all(self, name: str) -> Sequence[str]:
        """The field's values."""
        return self.given.get(name, ())


def share_form(
    token: str,
    given: Given,
    errors: Mapping[str, str],
    status: int = 200,
    headers: Headers | None = None,
    marks: Collection[str] = (),
    wait: str = "",
) -> Response:
    """The form to share, with what was typed and what was wrong with it; never with a receipt.

    Help comes first where rules that mean danger marked words that could not be taken. `wait` is
    how long reading takes, in words; a form that comes back does not ask.
    """
    if first(given, "receipt").strip() or first(given, "put_away"):
        errors = {"receipt": RETYPE, **errors}
    return page(
        "api/share.html",
        status,
        headers,
        token=token,
        values=Typed(given),
        **said(errors),
        **for_people(marks),
        labels=LABELS,
        words=VOCABULARY,
        wait=wait,
    )


def said(errors: Mapping[str, str]) -> dict[str, Any]:
    """For a template: what is said of the whole form, and the sentences about its fields."""
    about_fields = {name: words for name, words in errors.items() if name}
    return {"said": errors.get("", ""), "errors": Errors(about_fields)}


def sent_on(given: Given) -> list[tuple[str, str]]:
    """Every value that the next page carries in hidden fields."""
    return [(name, value) for name in SENT_ON for value in given.get(name, ())]
