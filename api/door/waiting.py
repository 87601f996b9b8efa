"""How long people are told that reading takes: as long as it took lately, in plain words."""

from __future__ import annotations

from dataclasses import replace

from doors.messages import WAIT, Template
from doors.wording import in_days


def told(template: Template, usual_wait: int | None) -> Template:
    """A text of a page with the days in it."""
    return replace(template, text=told_words(template.text, usual_wait))


def told_words(words: str, usual_wait: int | None) -> str:
    """The same for words of such a text."""
    return words.replace(WAIT, in_days(usual_wait))
