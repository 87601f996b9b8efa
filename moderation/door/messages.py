"""The message to an author: a text that the charity worded, and the moderator's own sentence."""

from __future__ import annotations

from collections.abc import Sequence

from doors.forms import Given
from doors.messages import LONGEST, OwnWordsNeeded, Template, TooLong, compose, messages
from forum.deciding import WORDS_NEEDED, Words
from forum.given import first
from forum.post import Act
from forum.texts import plain_text

OWN_WORDS = "own-words"
"""The reason code of a message without a template."""
NEEDED = (
    "Please choose a message, or write the author a few words of your own. "
    "They read them with their receipt."
)
TOO_LONG = "Please make this shorter, by {} characters. The longest message is 2,000 characters."
OWN_NEEDED = "This message says too little by itself. Please add a sentence of your own."


class Unsaid(Exception):
    """The message cannot be sent like this: one sentence for the moderator, by field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.errors = {field: sentence}


def choices(act: Act) -> Sequence[Template]:
    """The messages that can go with a decision, in the charity's order."""
    return messages().for_act(act)


def said(act: Act, given: Given, usual: str = "") -> Words:
    """What the form says to the author; `usual` is the template where none was chosen.

    Raises `Unsaid`.
    """
    key = first(given, "template") if "template" in given else usual
    own = plain_text(first(given, "words")).strip()
    known = {template.key: template for template in choices(act)}
    if not key and (own or act not in WORDS_NEEDED):
        return _own(own)
    if key not in known:
        raise Unsaid("template", NEEDED)
    try:
        return Words(compose(known[key], own), key)
    except OwnWordsNeeded:
        raise Unsaid("words", OWN_NEEDED) from None
    except TooLong as error:
        raise Unsaid("words", TOO_LONG.format(error.over)) from None


def _own(own: str) -> Words:
    """A message without a template; none if nothing was written."""
    if len(own) > LONGEST:
        raise Unsaid("words", TOO_LONG.format(len(own) - LONGEST))
    return Words(own, OWN_WORDS if own else "")
