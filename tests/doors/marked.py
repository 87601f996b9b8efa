"""Stories for the desk's tests, by what screening marks in them, and forms that decide on it."""

from __future__ import annotations

from forum.post import Text
from forum.review import stretches

NAMED = (
    "My name is Tom Baker and I live in Ludlow near the clinic.\n\n"
    "I stopped drinking two years ago and I started to walk each morning."
)
"""A name and a place: somebody else must look at an edit of these."""
MAIL = "The form came from sam.low@example.com and I kept it. I went for walks each day."
"""A way to get in touch: who takes it out can approve alone."""
DOSE = "I took 40 mg of diazepam each night for a year. Then I stopped and went for walks."
"""Detail that could harm: whatever stands there instead, its author is asked."""
DRINK = "I used to drink a bottle of vodka a day, and I counted walks. It took a while."
"""Normal in a story of recovery: nothing about it has to be decided."""
DANGER = "I am going to end my life tonight, goodbye everyone. I have written the letters."
"""Somebody may be in danger: two people read it."""
QUIET = "I was lonely for years and then I joined a choir. It was small and warm, and I stayed."
"""Nothing is marked."""


def marked(text: Text | None) -> list[str]:
    """The marked words of a text, in order."""
    assert text
    return [stretch.words for stretch in stretches(text)]


def verdicts(text: Text | None, verdict: str, words: str | None = None) -> dict[str, str]:
    """The part of a form that decides on every stretch alike; with the same words for each."""
    numbers = range(len(marked(text)))
    chosen = {f"verdict-{number}": verdict for number in numbers}
    return chosen | {f"words-{number}": words for number in numbers if words is not None}
